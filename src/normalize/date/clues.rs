//! What each part of a date means by itself.

use rust_decimal::prelude::ToPrimitive;

use super::numeric::{Numeric, numeric_at};
use crate::normalize::calendar::{Calendar, Term};
use crate::normalize::folded::{Kind, Word, longest, phrase_length};
use crate::normalize::number::cardinal;
use crate::schema::Lang;

/// The years that a bare number may be.
const YEARS: std::ops::RangeInclusive<u32> = 1800..=2199;

/// The meaning of one or more words of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clue {
    /// A word of the calendar.
    Term(Term),
    /// Some days of a month, in one word: "Januartagen".
    PartOfMonth(u8),
    /// A number that may be a day of the month. Written in digits or as an ordinal, or in words.
    Day(i8, Written),
    /// A year.
    Year(i16),
    /// From one year to another: "2026/27".
    Years(i16, i16),
    /// A date of digits.
    Numeric(Numeric),
    /// Anything else.
    Other,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Digits,
    /// Digits with a mark of order: "1°", "21st".
    Order,
    Words,
}

/// A clue and the word that it begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub clue: Clue,
    pub at: usize,
}

/// The clues of the words, in order.
pub(super) fn clues(words: &[Word<'_>], calendar: &Calendar, lang: Lang) -> Vec<Placed> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (size, clue) = clue_at(words, at, calendar, lang);
        found.push(Placed { clue, at });
        at += size.max(1);
    }
    found
}

fn clue_at(words: &[Word<'_>], at: usize, calendar: &Calendar, lang: Lang) -> (usize, Clue) {
    let word = &words[at];
    if let Some((size, term)) = longest(&words[at..], calendar.terms) {
        // "Dec. 3": the stop belongs to the month.
        let stop =
            matches!(term, Term::Month(_)) && words.get(at + size).is_some_and(|w| w.glued && w.is('.'));
        return (size + usize::from(stop), Clue::Term(term));
    }
    match word.kind {
        Kind::Digits => digits_at(words, at, calendar),
        Kind::Letters => (1, letters(word, calendar, lang)),
        Kind::Symbol => (1, Clue::Other),
    }
}

fn digits_at(words: &[Word<'_>], at: usize, calendar: &Calendar) -> (usize, Clue) {
    if let Some((size, numeric)) = numeric_at(words, at, calendar.month_first) {
        return (size, Clue::Numeric(numeric));
    }
    let word = &words[at];
    let Some(number) = word.number().filter(|_| !is_part_of_number(words, at)) else {
        return (1, Clue::Other);
    };
    match word.text.len() {
        4 if YEARS.contains(&number) => year_at(words, at, number),
        // "'22", "dell'87", but "l'11 settembre".
        2 if word.elided && (!word.glued || number > 31) => {
            (1, i16::try_from(century_of(number) + number).map_or(Clue::Other, Clue::Year))
        }
        1 | 2 => match i8::try_from(number) {
            Ok(day @ 1..=31) => {
                let order = order_mark(words, at + 1);
                (1 + order, Clue::Day(day, if order > 0 { Written::Order } else { Written::Digits }))
            }
            _ => (1, Clue::Other),
        },
        _ => (1, Clue::Other),
    }
}

/// "2026", or "2026-27", "2026/2027".
fn year_at(words: &[Word<'_>], at: usize, number: u32) -> (usize, Clue) {
    let Ok(first) = i16::try_from(number) else {
        return (1, Clue::Other);
    };
    let joined = words.get(at + 1).is_some_and(|w| w.glued && (w.is_dash() || w.is('/')));
    let second = words.get(at + 2).filter(|w| joined && w.glued).and_then(|w| match w.text.len() {
        2 => Some(w.number()? + number / 100 * 100),
        4 => w.number(),
        _ => None,
    });
    match second.filter(|second| YEARS.contains(second) && *second > number).map(i16::try_from) {
        Some(Ok(second)) => (3, Clue::Years(first, second)),
        _ => (1, Clue::Year(first)),
    }
}

/// Two-digit years up to '49 are of this century.
fn century_of(number: u32) -> u32 {
    if number < 50 { 2000 } else { 1900 }
}

/// "2.025", "12,5", "%": digits of a longer number.
fn is_part_of_number(words: &[Word<'_>], at: usize) -> bool {
    let separator = |w: &Word<'_>| w.is('.') || w.is(',');
    let glued_digits = |i: usize| words.get(i).is_some_and(|w| w.glued && w.kind == Kind::Digits);
    let after = words.get(at + 1).is_some_and(|w| w.glued && separator(w)) && glued_digits(at + 2);
    let before = at >= 2 && words[at].glued && separator(&words[at - 1]) && words[at - 1].glued && {
        words[at - 2].kind == Kind::Digits
    };
    after || before || words.get(at + 1).is_some_and(|w| w.is('%'))
}

/// The length of the mark that makes a number an ordinal: "1°", "1er", "21st", "1.".
fn order_mark(words: &[Word<'_>], at: usize) -> usize {
    const MARKS: [&str; 9] = ["°", "º", "er", "st", "nd", "rd", "th", "o", "."];
    let glued = |i: usize| words.get(i).is_some_and(|w| w.glued && MARKS.contains(&w.folded.as_str()));
    match (glued(at), glued(at + 1)) {
        (true, true) => 2,
        (true, false) => 1,
        _ => 0,
    }
}

fn letters(word: &Word<'_>, calendar: &Calendar, lang: Lang) -> Clue {
    if let Some(month) = month_of_compound(word, calendar) {
        return Clue::PartOfMonth(month);
    }
    // "Uno" and the like are articles far more often than the first of a month.
    let number = cardinal(word.text, lang).filter(|n| n.fract().is_zero()).and_then(|n| n.to_u32());
    match number {
        Some(day @ 2..=31) => i8::try_from(day).map_or(Clue::Other, |day| Clue::Day(day, Written::Words)),
        Some(year) if YEARS.contains(&year) => i16::try_from(year).map_or(Clue::Other, Clue::Year),
        _ => Clue::Other,
    }
}

/// "Januartagen", "Junihälfte".
fn month_of_compound(word: &Word<'_>, calendar: &Calendar) -> Option<u8> {
    let head = calendar.month_compounds.iter().find_map(|tail| word.folded.strip_suffix(tail))?;
    calendar.terms.iter().find_map(|(phrase, term)| match term {
        Term::Month(month) if *phrase == head => Some(*month),
        _ => None,
    })
}

/// Whether a phrase of this meaning ends right before `end`: its first word.
pub(super) fn term_before(
    words: &[Word<'_>],
    end: usize,
    calendar: &Calendar,
    wanted: Term,
) -> Option<usize> {
    let fits = calendar.terms.iter().filter(|(_, term)| *term == wanted).filter_map(|(phrase, _)| {
        let start = end.checked_sub(phrase.split(' ').count())?;
        phrase_length(&words[start..end], phrase).map(|_| start)
    });
    fits.min()
}
