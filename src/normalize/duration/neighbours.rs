//! The words beside a span that belong to its length of time all the same.

use std::ops::Range;

use super::scale::scale;
use super::{MOST_COUNT_WORDS, Reader, Reading};
use crate::normalize::Span;
use crate::normalize::folded::{Word, longest, words};
use crate::schema::Period;

impl Reader {
    /// "[cinque anni] e mezzo", where the span ends too early.
    pub(super) fn half_after_span(
        &self,
        inside: &[Word<'_>],
        range: &Range<usize>,
        right: &str,
        period: Period,
    ) -> Period {
        let after = words(right);
        let at_edge = range.end == inside.len() && longest(&after, self.calendar.and_half).is_some();
        let months = period.months.checked_add(6).filter(|_| at_edge && period.years > 0);
        months.map_or(period, |months| Period { months, ..period })
    }

    /// The span holds the count or the unit alone: its other half is the next word.
    pub(super) fn with_neighbours(&self, inside: &[Word<'_>], span: Span<'_>) -> Option<Period> {
        let right = words(span.right);
        let after = &right[usize::from(right.first().is_some_and(Word::is_dash))..];
        let unit = longest(after, self.calendar.counted)
            .or_else(|| longest(after, self.calendar.lengths))
            .map(|(_, unit)| unit)
            .or_else(|| self.single_word(after.first()?));
        if let Some((unit, (count, _))) = unit.zip(self.count_ending_at(inside, inside.len())) {
            return scale(unit, count);
        }
        self.with_left(inside, span.left)
    }

    /// "Zwei [Jahrzehnte]": a length on its own may have missed the count right before it. A year
    /// before an adjective is none ("l'accordo 2025 [annuale]").
    pub(super) fn missed_count(&self, inside: &[Word<'_>], left: &str) -> Option<Period> {
        let before = words(left);
        self.count_ending_at(&before, before.len())?;
        self.with_left(inside, left).filter(|period| period.years < 1000)
    }

    /// The period whose unit begins the span and whose count stands before it.
    fn with_left(&self, inside: &[Word<'_>], left: &str) -> Option<Period> {
        let left = words(left);
        let near = &left[left.len().saturating_sub(MOST_COUNT_WORDS)..];
        let all: Vec<Word<'_>> = near.iter().chain(inside).cloned().collect();
        match self.period_with_unit_at(&all, near.len())? {
            Reading::Period(period, range) if range.start < near.len() => Some(period),
            _ => None,
        }
    }
}
