//! Everything that an event can hold comes through.

use rust_decimal::Decimal;

use super::*;
use crate::schema::{Currency, Lang};

fn evidence(text: &str, kind: Option<MentionKind>) -> Evidence {
    Evidence { start: 3, end: 3 + text.chars().count(), text: text.to_owned(), kind }
}

fn term<T>(value: T, text: &str, kind: MentionKind) -> Term<T> {
    Term { value, confidence: 0.75, evidence: evidence(text, Some(kind)) }
}

fn full() -> Event {
    let date = |text: &str| text.parse::<PartialDate>().expect("a date");
    Event {
        deal_type: DealType::EquityInvestment,
        stage: Stage::Signed,
        certainty: Certainty::Reported,
        salience: Salience::Background,
        confidence: 0.5,
        participants: vec![Participant {
            role: Role::Investee,
            name: "Brunello Idraulica".to_owned(),
            confidence: 0.25,
            mentions: vec![
                evidence("Brunello Idraulica", Some(MentionKind::Org)),
                evidence("società", Some(MentionKind::Nominal)),
            ],
        }],
        value: Some(term(
            Money::between(Some(Decimal::from(10_000_000_000_u64)), None, Currency::EUR, false),
            "oltre 10 miliardi di euro",
            MentionKind::Money,
        )),
        valuation: Some(term(
            Money::of(Decimal::new(135, 1), Currency::USD, true),
            "circa 13,5 dollari",
            MentionKind::Money,
        )),
        stake_percent: Some(term(Decimal::new(981, 2), "9,81%", MentionKind::Percent)),
        duration: Some(term(
            "P5Y6M".parse::<Period>().expect("a period"),
            "cinque anni e mezzo",
            MentionKind::Duration,
        )),
        dates: ["2026", "2026-03", "2026-03-31"]
            .map(|text| EventDate {
                kind: DateKind::Expected,
                date: term(date(text), text, MentionKind::Date),
            })
            .to_vec(),
        evidence: vec![evidence("Una frase.", None)],
    }
}

#[test]
fn a_full_event_comes_through() {
    let got = extraction(Extraction { id: "a".to_owned(), lang: Lang::It, events: vec![full()] }, "m");
    assert_eq!((got.lang.as_str(), got.model.as_str(), got.events.len()), ("it", "m", 1));
    let event = &got.events[0];
    assert_eq!(event.r#type(), pb::DealType::EquityInvestment);
    assert_eq!(event.stage(), pb::Stage::Signed);
    assert_eq!(event.certainty(), pb::Certainty::Reported);
    assert_eq!(event.salience(), pb::Salience::Background);
    let party = &event.participants[0];
    assert_eq!(
        (party.role(), party.name.as_str(), party.confidence),
        (pb::Role::Investee, "Brunello Idraulica", 0.25)
    );
    assert_eq!(party.mentions[1].kind(), pb::MentionKind::Nominal);
    let value = event.value.as_ref().and_then(|t| t.money.as_ref()).expect("a value");
    assert_eq!((value.min.as_deref(), value.max.as_deref()), (Some("10000000000"), None));
    assert_eq!((value.currency.as_str(), value.approx), ("EUR", false));
    let valuation = event.valuation.as_ref().and_then(|t| t.money.as_ref()).expect("a valuation");
    assert_eq!(
        (valuation.min.as_deref(), valuation.max.as_deref(), valuation.approx),
        (Some("13.5"), Some("13.5"), true)
    );
    let stake = event.stake.as_ref().expect("a stake");
    assert_eq!((stake.percent.as_str(), stake.confidence), ("9.81", 0.75));
    assert_eq!(stake.evidence.as_ref().map(|s| (s.start, s.end, s.text.as_str())), Some((3, 8, "9,81%")));
    let period = event.duration.as_ref().and_then(|t| t.period.as_ref()).expect("a duration");
    assert_eq!((period.iso8601.as_str(), period.years, period.months, period.weeks), ("P5Y6M", 5, 6, 0));
    let dates: Vec<_> = event.dates.iter().filter_map(|d| d.date).map(|d| (d.year, d.month, d.day)).collect();
    assert_eq!(dates, [(2026, 0, 0), (2026, 3, 0), (2026, 3, 31)]);
    assert!(event.dates.iter().all(|d| d.kind() == pb::DateKind::Expected));
    assert_eq!(event.evidence[0].kind(), pb::MentionKind::Unspecified);
}

/// The protocol's words are the contract's, behind the enum's name.
#[test]
fn words_agree() {
    fn check<T: Copy, P>(
        all: &[T],
        prefix: &str,
        word: impl Fn(T) -> &'static str,
        to: impl Fn(T) -> P,
        name: impl Fn(&P) -> &'static str,
    ) {
        for value in all {
            assert_eq!(name(&to(*value)), format!("{prefix}_{}", word(*value).to_uppercase()));
        }
    }
    check(DealType::ALL, "DEAL_TYPE", DealType::as_str, deal_type, pb::DealType::as_str_name);
    check(Stage::ALL, "STAGE", Stage::as_str, stage, pb::Stage::as_str_name);
    check(Certainty::ALL, "CERTAINTY", Certainty::as_str, certainty, pb::Certainty::as_str_name);
    check(Salience::ALL, "SALIENCE", Salience::as_str, salience, pb::Salience::as_str_name);
    check(Role::ALL, "ROLE", Role::as_str, role, pb::Role::as_str_name);
    check(MentionKind::ALL, "MENTION_KIND", MentionKind::as_str, mention_kind, pb::MentionKind::as_str_name);
    let kinds = [
        DateKind::Announced,
        DateKind::Signed,
        DateKind::Effective,
        DateKind::Expected,
        DateKind::Completed,
        DateKind::Expires,
    ];
    check(&kinds, "DATE_KIND", DateKind::as_str, date_kind, pb::DateKind::as_str_name);
}

#[test]
fn absent_terms_stay_absent() {
    let mut bare = full();
    (bare.value, bare.valuation, bare.stake_percent, bare.duration) = (None, None, None, None);
    bare.dates.clear();
    let event = event(bare);
    assert!(event.value.is_none() && event.valuation.is_none() && event.stake.is_none());
    assert!(event.duration.is_none() && event.dates.is_empty());
}
