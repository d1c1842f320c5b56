//! From what was read to the messages of the service.

use super::pb;
use crate::model::LabelledSpan;
use crate::schema::{
    Certainty, DateKind, DealType, Event, EventDate, Evidence, Extraction, MentionKind, Money, PartialDate,
    Participant, Period, Role, Salience, Stage, Term,
};

/// The deals of a document, read by a model. The document's id stands in the response beside them.
pub(super) fn extraction(extraction: Extraction, model: &str) -> pb::Extraction {
    pb::Extraction {
        lang: extraction.lang.to_string(),
        events: extraction.events.into_iter().map(event).collect(),
        model: model.to_owned(),
    }
}

/// A labelled stretch of a text.
pub(super) fn entity(span: LabelledSpan) -> pb::Entity {
    pb::Entity {
        start: offset(span.start),
        end: offset(span.end),
        text: span.text,
        label: span.label,
        confidence: span.score,
    }
}

fn event(event: Event) -> pb::DealEvent {
    pb::DealEvent {
        r#type: deal_type(event.deal_type).into(),
        stage: stage(event.stage).into(),
        certainty: certainty(event.certainty).into(),
        salience: salience(event.salience).into(),
        confidence: event.confidence,
        participants: event.participants.into_iter().map(participant).collect(),
        value: event.value.map(money_term),
        valuation: event.valuation.map(money_term),
        stake: event.stake_percent.map(|term| pb::StakeTerm {
            percent: term.value.to_string(),
            confidence: term.confidence,
            evidence: Some(span(term.evidence)),
        }),
        duration: event.duration.map(|term| pb::PeriodTerm {
            period: Some(period(term.value)),
            confidence: term.confidence,
            evidence: Some(span(term.evidence)),
        }),
        dates: event.dates.into_iter().map(date_term).collect(),
        evidence: event.evidence.into_iter().map(span).collect(),
    }
}

fn participant(participant: Participant) -> pb::Participant {
    pb::Participant {
        role: role(participant.role).into(),
        name: participant.name,
        confidence: participant.confidence,
        mentions: participant.mentions.into_iter().map(span).collect(),
    }
}

fn span(evidence: Evidence) -> pb::Span {
    pb::Span {
        start: offset(evidence.start),
        end: offset(evidence.end),
        text: evidence.text,
        kind: evidence.kind.map_or(pb::MentionKind::Unspecified, mention_kind).into(),
    }
}

/// Texts are bounded far below 2³² characters by the size of a message.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn money_term(term: Term<Money>) -> pb::MoneyTerm {
    let Money { min, max, currency, approx } = term.value;
    let money = pb::Money {
        min: min.map(|amount| amount.to_string()),
        max: max.map(|amount| amount.to_string()),
        currency: currency.to_string(),
        approx,
    };
    pb::MoneyTerm { money: Some(money), confidence: term.confidence, evidence: Some(span(term.evidence)) }
}

fn date_term(event_date: EventDate) -> pb::DateTerm {
    let EventDate { kind, date: term } = event_date;
    pb::DateTerm {
        kind: date_kind(kind).into(),
        date: Some(date(term.value)),
        confidence: term.confidence,
        evidence: Some(span(term.evidence)),
    }
}

fn date(date: PartialDate) -> pb::Date {
    pb::Date {
        year: date.year().into(),
        month: date.month().unwrap_or_default().into(),
        day: date.day().unwrap_or_default().into(),
    }
}

fn period(period: Period) -> pb::Period {
    let Period { years, months, weeks, days } = period;
    pb::Period { iso8601: period.to_string(), years, months, weeks, days }
}

/// A vocabulary of the schema as an enum of the protocol; a word that one side lacks does not compile.
macro_rules! vocabulary {
    ($name:ident, $from:ident => $to:ident: $($word:ident),+ $(,)?) => {
        fn $name(value: $from) -> pb::$to {
            match value { $($from::$word => pb::$to::$word),+ }
        }
    };
}

vocabulary! { deal_type, DealType => DealType:
    Acquisition, Merger, EquityInvestment, JointVenture, SupplyContract, Partnership, Licensing, Financing,
    PublicOffering, Other,
}
vocabulary! { stage, Stage => Stage: Negotiation, Announced, Signed, Completed, Amended, Terminated }
vocabulary! { certainty, Certainty => Certainty: Confirmed, Reported }
vocabulary! { salience, Salience => Salience: Main, Background }
vocabulary! { role, Role => Role:
    Acquirer, Target, Seller, Party, Result, Investor, Investee, Partner, Venture, Customer, Supplier, Licensor,
    Licensee, Lender, Borrower, Issuer, Advisor,
}
vocabulary! { mention_kind, MentionKind => MentionKind: Org, Per, Loc, Money, Percent, Duration, Date, Nominal }
vocabulary! { date_kind, DateKind => DateKind: Announced, Signed, Effective, Expected, Completed, Expires }

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
