//! Dates of digits: `01/07/2025`, `1.7.2025`, `2025-07-01`, `26/7`, `07/2025`.

use crate::normalize::folded::{Kind, Word};
use crate::schema::PartialDate;

/// What a date of digits says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numeric {
    /// A month, or a day.
    Date(PartialDate),
    /// A day that can be read in two orders: the European reading first.
    Ambiguous(PartialDate, PartialDate),
    /// Month and day, no year.
    MonthDay(i8, i8),
}

/// The date that begins at `at`, and its length in words.
pub(super) fn numeric_at(words: &[Word<'_>], at: usize, month_first: bool) -> Option<(usize, Numeric)> {
    let first = part(words, at, false)?;
    let separator = words.get(at + 1).filter(|w| w.glued && (w.is('/') || w.is('.') || w.is_dash()))?;
    let second = part(words, at + 2, true)?;
    let again = words.get(at + 3).is_some_and(|w| w.glued && w.text == separator.text);
    let third = if again { part(words, at + 4, true) } else { None };
    if let Some(third) = third {
        return Some((5, of_three(first, second, third, month_first)?));
    }
    of_two(first, second, separator, month_first).map(|numeric| (3, numeric))
}

/// Digits and how many there are.
fn part(words: &[Word<'_>], at: usize, glued: bool) -> Option<(u32, usize)> {
    let word = words.get(at).filter(|w| w.kind == Kind::Digits && (w.glued || !glued))?;
    Some((word.number()?, word.text.len()))
}

fn of_three(
    first: (u32, usize),
    second: (u32, usize),
    third: (u32, usize),
    month_first: bool,
) -> Option<Numeric> {
    let day_of = |year: u32, month: u32, day: u32| {
        PartialDate::from_day(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    };
    if first.1 == 4 {
        return day_of(first.0, second.0, third.0).map(Numeric::Date);
    }
    let year = match third.1 {
        4 => third.0,
        2 => 2000 + third.0,
        _ => return None,
    };
    let european = day_of(year, second.0, first.0);
    let american = day_of(year, first.0, second.0).filter(|_| month_first);
    match (european, american) {
        (Some(european), Some(american)) if european != american => {
            Some(Numeric::Ambiguous(european, american))
        }
        (Some(one), _) | (None, Some(one)) => Some(Numeric::Date(one)),
        (None, None) => None,
    }
}

fn of_two(
    first: (u32, usize),
    second: (u32, usize),
    separator: &Word<'_>,
    month_first: bool,
) -> Option<Numeric> {
    // "2026-27" and "2026/27" are two years, "3.5" a number.
    if first.1 <= 2 && second.1 == 4 && !separator.is_dash() {
        return PartialDate::from_month(i16::try_from(second.0).ok()?, i8::try_from(first.0).ok()?)
            .map(Numeric::Date);
    }
    if first.1 > 2 || second.1 > 2 || !separator.is('/') {
        return None;
    }
    let (day, month) = if month_first { (second.0, first.0) } else { (first.0, second.0) };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // 2024 has every day that a year can have.
    PartialDate::from_day(2024, month, day).map(|_| Numeric::MonthDay(month, day))
}
