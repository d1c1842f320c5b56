//! Dates, absolute or seen from the day of publication: "il 16 maggio scorso", "entro fine anno".

mod clues;
mod look;
mod nearest;
mod neighbours;
mod numeric;
mod reader;
mod units;

use jiff::civil::Date;

use super::Span;
use super::calendar::for_lang;
use super::folded::words;
use crate::schema::{Lang, PartialDate};

/// Where a date without a year lies, seen from the day of publication.
///
/// The kind of date says it: what was announced, signed or completed is past, what is expected or
/// expires is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The latest on or before the day of publication.
    Past,
    /// The earliest on or after it.
    Future,
    /// The nearest; what has passed counts as half as far again as what is to come.
    Either,
}

/// The date that the text says, as finely as it says it.
///
/// Half, quarter and season are the year alone; the start or end of a month is the month. Words
/// such as "scorso" and "next" override the direction. `None` when the text says no date, or one
/// that only `published` could place and that is missing.
#[must_use]
pub fn date(
    span: Span<'_>,
    lang: Lang,
    published: Option<Date>,
    direction: Direction,
) -> Option<PartialDate> {
    let calendar = for_lang(lang);
    let inside = words(span.text);
    let left = words(span.left);
    let right = words(span.right);
    let (left, right) = neighbours::adjacent(calendar, lang, &left, &inside, &right);
    // A date of the text may depend on its neighbours, but they alone are none.
    if inside.is_empty() {
        return None;
    }
    let all: Vec<_> = left.iter().chain(&inside).chain(right).cloned().collect();
    reader::Reader { lang, published, direction }.read(&all, &clues::clues(&all, calendar, lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(left: &str, text: &str, right: &str, direction: Direction) -> Option<String> {
        let published = Date::new(2025, 11, 19).ok();
        date(Span { text, left, right }, Lang::It, published, direction).map(|d| d.to_string())
    }

    #[test]
    fn a_missed_word_beside_the_span_counts() {
        assert_eq!(read("firmato il 21 ", "gennaio", ".", Direction::Past).as_deref(), Some("2025-01-21"));
        assert_eq!(read("nel ", "marzo", " 2023, quando", Direction::Past).as_deref(), Some("2023-03"));
        assert_eq!(read("", "due anni", " fa", Direction::Past).as_deref(), Some("2023"));
        assert_eq!(read("", "marzo", ". 2023 fu", Direction::Past).as_deref(), Some("2025-03"));
    }

    #[test]
    fn a_relative_date_needs_the_day_of_publication() {
        let span = Span { text: "ieri", left: "", right: "" };
        assert_eq!(date(span, Lang::It, None, Direction::Past), None);
    }
}
