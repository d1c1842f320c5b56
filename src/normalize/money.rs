//! Amounts of money: "tra 3 e 4 miliardi di euro", "up to $1.8bn", "rund 780 Mio. €".

use std::ops::Range;

use super::Span;
use super::amount::Reader;
use super::bounds::bound_of;
use super::lexicon::{Bound, Lexicon, for_lang};
use super::token::{Token, tokens};
use crate::schema::{Currency, Lang, Money};

/// How many tokens either side of the expression are looked at.
const CONTEXT: usize = 16;

/// The money that a span states, by the contract's "Terms" and "Doubtful cases".
///
/// `fallback` is the currency that the document reckons in: it is taken where the span names none
/// ("4,5 miliardi"), and decides what a shared name means ("corone", "pesos", "$"). `None` where
/// there is no amount ("decine di miliardi"), no currency, or the amount overflows.
#[must_use]
pub fn money(span: Span<'_>, lang: Lang, fallback: Option<Currency>) -> Option<Money> {
    let lexicon = for_lang(lang);
    let (tokens, inside) = around(span, lexicon);
    let reader = Reader { tokens: &tokens, inside, lexicon, fallback };
    let amount = reader.amount()?;
    let currency = reader.currency(&amount).or(fallback)?;
    let (low, high) = (amount.low.value, amount.high.map(|q| q.value));
    if let Some(high) = high {
        return Some(Money::between(Some(low), Some(high), currency, false));
    }
    let bound = bound_of(&tokens, amount.start, amount.end, &reader.inside, lexicon);
    if let Some(high) = reader.ceiling_after(&amount) {
        return Some(Money::between(Some(low), Some(high), currency, false));
    }
    Some(match bound {
        Some(Bound::AtLeast) => Money::between(Some(low), None, currency, false),
        Some(Bound::AtMost) => Money::between(None, Some(low), currency, false),
        Some(Bound::About) => Money::of(low, currency, true),
        Some(Bound::Nothing) | None => Money::of(low, currency, amount.low.vague),
    })
}

/// The span's tokens with some of its context, and the range that `text` takes among them.
pub(super) fn around<'a>(span: Span<'a>, lexicon: &Lexicon) -> (Vec<Token<'a>>, Range<usize>) {
    let mut all = tokens(span.left, lexicon);
    all.drain(..all.len().saturating_sub(CONTEXT));
    if let Some(first) = all.first_mut() {
        first.glued = false;
    }
    let mut text = tokens(span.text, lexicon);
    let mut right = tokens(span.right, lexicon);
    right.truncate(CONTEXT);
    let touches = |a: &str, b: &str| {
        a.ends_with(|c: char| !c.is_whitespace()) && b.starts_with(|c: char| !c.is_whitespace())
    };
    if let Some(first) = text.first_mut() {
        first.glued = touches(span.left, span.text);
    }
    if let Some(first) = right.first_mut() {
        first.glued = touches(span.text, span.right);
    }
    let start = all.len();
    all.append(&mut text);
    let end = all.len();
    all.append(&mut right);
    (all, start..end)
}
