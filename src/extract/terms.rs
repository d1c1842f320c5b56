//! Terms of a deal: which mention states it, and its normalised value.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::mentions::Mention;
use super::probability::rounded;
use super::reading::Reading;
use crate::normalize::Span;
use crate::normalize::date::{Direction, date};
use crate::normalize::duration::duration;
use crate::normalize::money::money;
use crate::normalize::percent::percent;
use crate::schema::{Currency, DateKind, EventDate, Lang, MentionKind, Money, Period, Term, TermKind};

/// Characters on either side of a mention that a normaliser may look at.
const CONTEXT: usize = 48;

/// A mention that the model holds for a term, with its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Index of the mention.
    pub mention: usize,
    /// Which term.
    pub term: TermKind,
    /// How sure the model is.
    pub probability: f32,
}

/// The normalised terms of a deal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// The price or worth.
    pub value: Option<Term<Money>>,
    /// The worth of a whole company.
    pub valuation: Option<Term<Money>>,
    /// The share that changes hands.
    pub stake_percent: Option<Term<Decimal>>,
    /// How long.
    pub duration: Option<Term<Period>>,
    /// When.
    pub dates: Vec<EventDate>,
}

impl Terms {
    /// How well the stated terms fit a type that states a value, a duration, a stake of more than half and a smaller one at
    /// these rates: the log-probability of what is stated. What is not stated says little: it may have been missed.
    #[must_use]
    pub fn fit(&self, rates: &[f32; 4]) -> f32 {
        let stake = self.stake_percent.as_ref().map(|t| t.value > Decimal::from(50));
        [self.value.is_some(), self.duration.is_some(), stake == Some(true), stake == Some(false)]
            .iter()
            .zip(rates)
            .filter(|(stated, _)| **stated)
            .map(|(_, rate)| rate.clamp(1e-3, 1.0).ln())
            .sum()
    }
}

/// Normalise a document's term mentions.
pub struct Normalizer<'a> {
    reading: &'a Reading,
    mentions: &'a [Mention],
    currency: Option<Currency>,
}

impl<'a> Normalizer<'a> {
    /// Looks through the document for the currency that sums without one are in.
    #[must_use]
    pub fn new(reading: &'a Reading, mentions: &'a [Mention]) -> Self {
        let mut counts: HashMap<Currency, (usize, usize)> = HashMap::new();
        for (at, m) in mentions.iter().enumerate().filter(|(_, m)| m.kind == MentionKind::Money) {
            if let Some(sum) = money(around(reading, m), reading.lang, None) {
                let entry = counts.entry(sum.currency).or_insert((0, at));
                entry.0 += 1;
            }
        }
        // English pages always name the currency; the others write for readers who count in euros.
        let usual = (reading.lang != Lang::En).then_some(Currency::EUR);
        let named = counts
            .into_iter()
            .max_by_key(|(c, (count, first))| (*count, Some(*c) == usual, std::cmp::Reverse(*first)))
            .map(|(c, _)| c);
        Self { reading, mentions, currency: named.or(usual) }
    }

    /// For each term the most probable candidate that can be normalised; for each kind of date one date.
    #[must_use]
    pub fn terms(&self, mut candidates: Vec<Candidate>) -> Terms {
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.mention.cmp(&b.mention)));
        let lang = self.reading.lang;
        let money_term = |s: Span<'_>| money(s, lang, self.currency);
        let mut terms = Terms {
            value: self.first(&candidates, TermKind::Value, money_term),
            valuation: self.first(&candidates, TermKind::Valuation, money_term),
            stake_percent: self.first(&candidates, TermKind::Stake, |s| percent(s, lang)),
            duration: self.first(&candidates, TermKind::Duration, |s| duration(s, lang)),
            dates: Vec::new(),
        };
        for (term, kind, direction) in [
            (TermKind::Announced, DateKind::Announced, Direction::Past),
            (TermKind::Signed, DateKind::Signed, Direction::Past),
            (TermKind::Effective, DateKind::Effective, Direction::Either),
            (TermKind::Expected, DateKind::Expected, Direction::Future),
            (TermKind::Completed, DateKind::Completed, Direction::Past),
            (TermKind::Expires, DateKind::Expires, Direction::Future),
        ] {
            let published = self.reading.published;
            let read = |s: Span<'_>| date(s, lang, published, direction);
            if let Some(best) = self.first(&candidates, term, read) {
                // The same date may be told coarsely in the title and finely in the text.
                let coarse = best.value.to_string();
                let finer =
                    |s: Span<'_>| read(s).filter(|d| d.to_string().starts_with(&format!("{coarse}-")));
                let date = self.first(&candidates, term, finer).unwrap_or(best);
                terms.dates.push(EventDate { kind, date });
            }
        }
        terms
    }

    fn first<T>(
        &self,
        candidates: &[Candidate],
        term: TermKind,
        normalise: impl Fn(Span<'_>) -> Option<T>,
    ) -> Option<Term<T>> {
        candidates.iter().filter(|c| c.term == term).find_map(|c| {
            let mention = &self.mentions[c.mention];
            let value = normalise(around(self.reading, mention))?;
            Some(Term { value, confidence: rounded(c.probability), evidence: mention.evidence(self.reading) })
        })
    }
}

/// A mention with the text around it, up to the line's ends.
fn around<'a>(reading: &'a Reading, mention: &Mention) -> Span<'a> {
    let left = reading.text.slice(mention.start.saturating_sub(CONTEXT)..mention.start);
    let right = reading.text.slice(mention.end..mention.end + CONTEXT);
    Span {
        text: reading.text.slice(mention.start..mention.end),
        left: left.rsplit('\n').next().unwrap_or_default(),
        right: right.split('\n').next().unwrap_or_default(),
    }
}
