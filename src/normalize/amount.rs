//! Finds the amount in an expression: its numbers, its range, its currency.

use std::ops::Range;

use rust_decimal::Decimal;

use super::bounds::{bound_of, matches};
use super::currency::{Named, currency_at, currency_before};
use super::lexicon::units::shared_scale;
use super::lexicon::{Bound, Lexicon, find};
use super::number::{Connector, Quantity, quantity_at};
use super::token::{Kind, Token};
use crate::schema::Currency;

/// One amount, or the two of a range, with the signs directly before and the words after.
pub(super) struct Amount {
    /// The index of its first token, a currency before it counted.
    pub(super) start: usize,
    /// The index after its last token, the currency counted.
    pub(super) end: usize,
    pub(super) low: Quantity,
    pub(super) high: Option<Quantity>,
    currency: Option<Currency>,
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token<'a>],
    pub(super) inside: Range<usize>,
    pub(super) lexicon: &'a Lexicon,
    pub(super) fallback: Option<Currency>,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", Token::word)
    }

    /// The first amount in the expression: the first with a scale or a currency, else the first
    /// number. A number that lies just before it is taken in ("3 | miliardi").
    pub(super) fn amount(&self) -> Option<Amount> {
        let mut plain = None;
        if let Some(range) = self.range_cut_off() {
            return Some(range);
        }
        let mut at = self.inside.start;
        while at < self.inside.end {
            let Some(amount) = self.amount_at(at) else {
                at += 1;
                continue;
            };
            let marked = amount.currency.is_some()
                || amount.low.scale.is_some()
                || amount.high.is_some_and(|q| q.scale.is_some());
            if marked {
                return Some(amount);
            }
            at = amount.low.end;
            if !amount.low.article {
                plain = plain.or(Some(amount));
            }
        }
        let before = self.inside.start.saturating_sub(4)..self.inside.start;
        plain.map(|amount| self.elliptical(amount)).or_else(|| {
            before
                .filter_map(|at| self.amount_at(at))
                .find(|amount| amount.low.end > self.inside.start && amount.low.scale.is_some())
        })
    }

    /// "Offriva 155 milioni, ora | 162": a bare number shares the scale of the amount before it.
    fn elliptical(&self, mut amount: Amount) -> Amount {
        let last = (0..self.inside.start)
            .rev()
            .filter_map(|at| quantity_at(self.tokens, at, self.lexicon, Connector::Joins))
            .find(|q| q.end <= self.inside.start && q.scale.is_some());
        let shared = last.and_then(|q| q.scale);
        if let Some(scale) = shared
            && let Some(value) = amount.low.value.checked_mul(scale)
            && amount.high.is_none()
            && amount.low.value < Decimal::ONE_THOUSAND
        {
            amount.low.value = value;
            amount.low.scale = shared;
        }
        amount
    }

    /// "tra 3 e | 4 miliardi", "3-| 4 miliardi": a range whose first number lies just before the
    /// expression. "Da 3 a | 4" is left alone: it is as often a rise as a range.
    fn range_cut_off(&self) -> Option<Amount> {
        let first = self.inside.start;
        (first.saturating_sub(8)..first).find_map(|at| {
            let before = self.prefix(at).map_or(at, |(_, start)| start);
            let between = self.is_after(before, self.lexicon.range_between);
            let dashed = first.checked_sub(1).and_then(|i| self.tokens.get(i)).is_some_and(Token::is_dash);
            let amount = (between || dashed).then(|| self.amount_at(at)).flatten()?;
            let high = amount.high?;
            (amount.low.end <= first && high.end > first && high.end <= self.inside.end).then_some(amount)
        })
    }

    /// The amount whose number starts at token `at`.
    fn amount_at(&self, at: usize) -> Option<Amount> {
        if self.is_part_of_a_name(at) {
            return None;
        }
        let (prefix, start) = match self.prefix(at) {
            Some((currency, start)) => (Some(currency), start),
            None => (None, at),
        };
        let opened = self.is_opened(start);
        if opened
            && let Some(low) = quantity_at(self.tokens, at, self.lexicon, Connector::Separates)
            && let Some(amount) = self.range(low, start, prefix, true)
        {
            return Some(amount);
        }
        let mut low = quantity_at(self.tokens, at, self.lexicon, Connector::Joins)?;
        if self.tokens.get(low.end).is_some_and(|t| t.is_symbol('%')) {
            return None;
        }
        if let Some(amount) = self.range(low, start, prefix, false) {
            return Some(amount);
        }
        if low.scale.is_none()
            && let Some(factor) = self.prefix_scale(start, at)
        {
            low.value = low.value.checked_mul(factor)?;
            low.scale = Some(factor);
        }
        let filled = self.lexicon.fillers.contains(&self.word(low.end));
        if low.article && filled && self.is_noun(low.end + 1) {
            low.end += 1;
        }
        if let Some(amount) = self.cents(low, start) {
            return Some(amount);
        }
        let suffix = self.suffix(low.end);
        // "un euro" is an amount; the "A" of "A$80" is none, nor "a" before anything else.
        if low.article && low.scale.is_none() && !self.is_noun(low.end) {
            return None;
        }
        Some(Amount {
            start,
            end: suffix.map_or(low.end, |(_, end)| end),
            low,
            high: None,
            currency: prefix.or(suffix.map(|(currency, _)| currency)),
        })
    }

    /// "57 centesimi", "212p": hundredths of the main unit.
    fn cents(&self, mut low: Quantity, start: usize) -> Option<Amount> {
        let family = find(self.lexicon.cents, self.word(low.end))?;
        low.value = low.value.checked_div(Decimal::ONE_HUNDRED)?;
        low.end += 1;
        low.scale = Some(Decimal::new(1, 2));
        let suffix = self.suffix(low.end).filter(|_| family.is_none());
        Some(Amount {
            start,
            end: suffix.map_or(low.end, |(_, end)| end),
            low,
            high: None,
            currency: family.or(suffix.map(|(currency, _)| currency)),
        })
    }

    /// "G20", "Covid-19": a number glued to letters that are no currency.
    fn is_part_of_a_name(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        self.tokens.get(at).is_some_and(|t| t.glued && matches!(t.kind, Kind::Number(_)))
            && !self.word(before).is_empty()
            && self.prefix(at).is_none()
            // "l'11" and "d'1": the apostrophe leaves no token.
            && self.word(before).len() > 2
    }

    /// The range from `low` to the number after a connector.
    fn range(
        &self,
        mut low: Quantity,
        start: usize,
        prefix: Option<Currency>,
        opened: bool,
    ) -> Option<Amount> {
        let suffix = self.suffix(low.end);
        let at = suffix.map_or(low.end, |(_, end)| end);
        let mut next = self.connector(at, opened)?;
        // After the expression only what completes it counts: "tra 3 | e 4 miliardi", but not
        // "15 milioni | a 24 mesi".
        if at >= self.inside.end && (low.scale.is_some() || prefix.or(suffix.map(|s| s.0)).is_some()) {
            return None;
        }
        while self.lexicon.articles.contains(&self.word(next)) {
            next += 1;
        }
        let (high_at, mut high) = (next..next + 4).rev().find_map(|i| {
            let fits = i == next || self.prefix(i).is_some_and(|(_, from)| from == next);
            let high = quantity_at(self.tokens, i, self.lexicon, Connector::Joins);
            high.filter(|_| fits).map(|q| (i, q))
        })?;
        if high.article && high.scale.is_none() || self.tokens.get(high.end).is_some_and(|t| t.is_symbol('%'))
        {
            return None;
        }
        let between = self.tokens.get(at).is_some_and(Token::is_dash)
            || self.is_after(start, self.lexicon.range_between);
        if at >= self.inside.end && !between {
            // "da 18 | a 22 milioni": not a range, but the first number shares the scale.
            let factor = high.scale.filter(|_| opened)?;
            low.value = low.value.checked_mul(factor)?;
            low.scale = Some(factor);
            let currency = self.suffix(high.end).map(|(currency, _)| currency);
            return Some(Amount { start, end: low.end, low, high: None, currency });
        }
        distribute(&mut low, &mut high)?;
        let after = self.suffix(high.end);
        Some(Amount {
            start,
            end: after.map_or(high.end, |(_, end)| end),
            low,
            high: Some(high),
            currency: prefix
                .or(suffix.map(|(currency, _)| currency))
                .or_else(|| self.prefix(high_at).map(|(currency, _)| currency))
                .or(after.map(|(currency, _)| currency)),
        })
    }

    /// The index after a range connector at token `at`.
    fn connector(&self, at: usize, opened: bool) -> Option<usize> {
        let token = self.tokens.get(at)?;
        if token.is_dash() || token.is_symbol('/') && token.glued {
            return Some(at + 1);
        }
        let paired: &[&str] = if opened { self.lexicon.range_paired } else { &[] };
        self.lexicon
            .range_free
            .iter()
            .chain(paired)
            .filter(|phrase| matches(self.tokens, at, phrase))
            .map(|phrase| at + phrase.split(' ').count())
            .max()
    }

    /// Whether "tra", "between", "da" comes before token `start`.
    fn is_opened(&self, start: usize) -> bool {
        self.is_after(start, self.lexicon.range_between) || self.is_after(start, self.lexicon.range_from)
    }

    /// Whether one of the phrases comes before token `start`, articles skipped.
    fn is_after(&self, start: usize, phrases: &[&str]) -> bool {
        let mut at = start;
        loop {
            let opens = phrases.iter().any(|phrase| {
                at.checked_sub(phrase.split(' ').count())
                    .is_some_and(|first| matches(self.tokens, first, phrase))
            });
            if opens {
                return true;
            }
            match at.checked_sub(1) {
                Some(before) if self.lexicon.articles.contains(&self.word(before)) => at = before,
                _ => return false,
            }
        }
    }

    /// "100 miliardi iniziali, fino a 500": a ceiling later in the expression.
    pub(super) fn ceiling_after(&self, amount: &Amount) -> Option<Decimal> {
        (amount.end + 1..self.inside.end).find_map(|at| {
            let mut high = quantity_at(self.tokens, at, self.lexicon, Connector::Joins)?;
            let start = self.prefix(at).map_or(at, |(_, start)| start);
            let tail = start..self.inside.end;
            let first = start.saturating_sub(5).max(amount.end);
            (first < start).then_some(())?;
            let here = bound_of(
                self.tokens.get(first..)?,
                start - first,
                high.end - first,
                &(0..tail.len()),
                self.lexicon,
            );
            let mut low = amount.low;
            (here == Some(Bound::AtMost)).then_some(())?;
            distribute(&mut low, &mut high)?;
            (low.value == amount.low.value).then_some(high.value)
        })
    }

    /// The currency just before token `at`, and where its words start. Outside the expression
    /// only signs and codes count: a noun there belongs to an earlier amount.
    fn prefix(&self, at: usize) -> Option<(Currency, usize)> {
        let (named, start) = currency_before(self.tokens, at, self.lexicon, self.fallback)?;
        (!named.noun || start >= self.inside.start).then_some((named.currency, start))
    }

    /// Whether the noun of a currency stands at token `at`.
    fn is_noun(&self, at: usize) -> bool {
        currency_at(self.tokens, at, self.lexicon, self.fallback).is_some_and(|named| named.noun)
    }

    /// "MM$ 34.800": a scale written with the currency before the number.
    fn prefix_scale(&self, start: usize, at: usize) -> Option<Decimal> {
        (start < at).then_some(())?;
        let glued_before = start.checked_sub(1).filter(|_| self.tokens.get(start).is_some_and(|t| t.glued));
        [Some(start), glued_before]
            .into_iter()
            .flatten()
            .find_map(|i| shared_scale(self.word(i)))
            .and_then(|scale| 10_u64.checked_pow(scale.power))
            .map(Decimal::from)
    }

    /// The currency after an amount: "di euro", "-euro", or the scale itself ("mdd", "MEUR").
    fn suffix(&self, end: usize) -> Option<(Currency, usize)> {
        let within = end
            .checked_sub(1)
            .and_then(|last| currency_at(self.tokens, last, self.lexicon, self.fallback))
            .filter(|named| named.end >= end);
        let mut at = end;
        let dashed = self.tokens.get(at).is_some_and(|t| t.glued && t.is_dash());
        at += usize::from(dashed);
        at += usize::from(self.lexicon.links.contains(&self.word(at)));
        // In "$3bn-$4bn" the second sign belongs to the second number.
        let is_next = |named: &Named| {
            let next = self.tokens.get(named.end);
            !named.noun && next.is_some_and(|t| matches!(t.kind, Kind::Number(_)) && (t.glued || dashed))
        };
        let after = currency_at(self.tokens, at, self.lexicon, self.fallback).filter(|named| !is_next(named));
        // On a tie the scale is part of the sign: "G$" is Canadian.
        [after, within]
            .into_iter()
            .flatten()
            .max_by_key(|named| named.end)
            .map(|named| (named.currency, named.end))
    }

    /// The amount's own currency, else the first that the expression names before a bracket.
    pub(super) fn currency(&self, amount: &Amount) -> Option<Currency> {
        amount.currency.or_else(|| {
            self.inside
                .clone()
                .take_while(|&at| at < amount.start || !self.tokens.get(at).is_some_and(|t| t.is_symbol('(')))
                .find_map(|at| currency_at(self.tokens, at, self.lexicon, self.fallback))
                .map(|named| named.currency)
        })
    }
}

/// Gives the scale of one end of a range to the other that lacks it; `None` when the ends then do
/// not rise. "tra 800 e 1,2 miliardi": the first may be of the scale below.
fn distribute(low: &mut Quantity, high: &mut Quantity) -> Option<()> {
    match (low.scale, high.scale) {
        (None, Some(scale)) => {
            let bare = low.value;
            low.value = bare.checked_mul(scale)?;
            if low.value >= high.value {
                low.value = bare.checked_mul(scale.checked_div(Decimal::ONE_THOUSAND)?)?;
            }
            low.scale = Some(scale);
        }
        (Some(scale), None) if high.value < low.value => {
            high.value = high.value.checked_mul(scale)?;
            high.scale = Some(scale);
        }
        _ => {}
    }
    (low.value < high.value).then_some(())
}
