//! The words of time, one static table a language.
//!
//! Every entry is folded (lower case, no accents) and split as the normalisers split a text:
//! an apostrophe is a space, a digit beside a letter begins a new word.

mod de;
mod en;
mod es;
mod fr;
mod it;

use crate::schema::{Lang, Period};

/// A part of the year by its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
    /// December to February.
    Winter,
}

/// A calendar unit that a date may be told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// Half a year.
    Half,
    /// A year.
    Year,
}

/// A part of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning.
    Start,
    /// Around its middle.
    Middle,
    /// Its end.
    End,
}

/// Which one, seen from the day of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The one before.
    Previous,
    /// The current one.
    This,
    /// The one after.
    Next,
}

/// What a word or phrase of a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// A month, 1 to 12.
    Month(u8),
    /// A day of the week, Monday = 1.
    Weekday(i8),
    /// A day counted from the day of publication: yesterday is -1.
    Days(i32),
    /// A feast of a fixed day: month, day.
    Feast(u8, u8),
    /// A season of the year.
    Season(Season),
    /// A unit: "the month", "of the year".
    Unit(Unit),
    /// More than one of a unit: a date only with a count.
    Units(Unit),
    /// A unit counted from the current one, in one word or phrase: "Vorjahr" is the year at -1.
    Shifted(Unit, i32),
    /// A quarter or half of the year, numbered from 1: "Q3".
    Nth(Unit, u8),
    /// First, second ...: a day of the month, or the number of a quarter or half.
    Ordinal(u8),
    /// The start, middle or end of what stands next to it.
    Edge(Edge),
    /// The start, middle or end of a unit, in one word: "Jahresende".
    EdgeOf(Edge, Unit),
    /// Last, this, next.
    Turn(Turn),
    /// Not later than the end of what follows.
    Within,
    /// Up to: of two years, the later is meant.
    Until,
    /// After a length of time: counts back from publication. Before it, in German, French and Spanish.
    Ago,
    /// Before a length of time: counts on from publication.
    Ahead,
    /// Before a length of time: began so long ago.
    Since,
    /// Backdated: the day is in the past, whatever the kind of date.
    Backdated,
    /// The first day of what follows.
    FirstDay,
    /// The last day of what follows.
    LastDay,
    /// Seen from another date of the text, which is not known here: "the year after".
    Elsewhere,
    /// Joins two parts of a date: "of", "the".
    Link,
}

/// Where a language puts "last" and "next".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnPlace {
    /// Before the noun only.
    Before,
    /// Before or after the noun.
    Either,
}

/// The words of time of one language.
#[derive(Debug)]
pub struct Calendar {
    /// What the words of a date mean.
    pub terms: &'static [(&'static str, Term)],
    /// Month names may begin a compound that ends so ("Januartagen").
    pub month_compounds: &'static [&'static str],
    /// Nouns that need a count: "years".
    pub counted: &'static [(&'static str, Period)],
    /// Nouns that are a length of time on their own: "decade".
    pub lengths: &'static [(&'static str, Period)],
    /// Beginnings of words that are a length of time on their own, and what they may end in.
    pub length_stems: (&'static [(&'static str, Period)], &'static [&'static str]),
    /// Word parts before which a German compound has its count ("zehn|jahr|esvertrag").
    pub compound_units: &'static [(&'static str, Period)],
    /// "And a half", after a unit or after a count.
    pub and_half: &'static [(&'static str, ())],
    /// "Half a", before a unit.
    pub half_of: &'static [(&'static str, ())],
    /// Numbers that the number words lack: "one and a half", "a dozen", "a"; in tenths.
    pub counts: &'static [(&'static str, u32)],
    /// Joins two lengths of time: "and".
    pub and: &'static [&'static str],
    /// Between two counts, makes the second an option of renewal: "plus".
    pub plus: &'static [&'static str],
    /// Between two counts, makes them a range: "to".
    pub to: &'static [&'static str],
    /// Whether "last" and "next" may follow the noun.
    pub turn_place: TurnPlace,
    /// Whether the day may follow the month ("July 1, 2025"), and dates of digits begin with it.
    pub month_first: bool,
}

/// The calendar of a language.
#[must_use]
pub fn for_lang(lang: Lang) -> &'static Calendar {
    match lang {
        Lang::It => &it::CALENDAR,
        Lang::En => &en::CALENDAR,
        Lang::Fr => &fr::CALENDAR,
        Lang::De => &de::CALENDAR,
        Lang::Es => &es::CALENDAR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::folded::words;

    fn check<T>(lang: Lang, table: &[(&str, T)]) {
        for (phrase, _) in table {
            let split: Vec<String> = words(phrase).into_iter().map(|w| w.folded).collect();
            assert_eq!(split.join(" "), *phrase, "{lang:?}: not in the form of the tables");
            let same = table.iter().filter(|(other, _)| other == phrase).count();
            assert_eq!(same, 1, "{lang:?}: {phrase:?} twice");
        }
    }

    #[test]
    fn entries_are_folded_split_and_unique() {
        for lang in [Lang::It, Lang::En, Lang::Fr, Lang::De, Lang::Es] {
            let calendar = for_lang(lang);
            check(lang, calendar.terms);
            check(lang, calendar.counted);
            check(lang, calendar.lengths);
            check(lang, calendar.length_stems.0);
            check(lang, calendar.counts);
            check(lang, calendar.and_half);
            check(lang, calendar.half_of);
        }
    }

    #[test]
    fn every_month_and_weekday_is_there() {
        for lang in [Lang::It, Lang::En, Lang::Fr, Lang::De, Lang::Es] {
            let has = |term| for_lang(lang).terms.iter().any(|(_, t)| *t == term);
            assert!((1..=12).all(|month| has(Term::Month(month))), "{lang:?}");
            assert!((1..=7).all(|day| has(Term::Weekday(day))), "{lang:?}");
        }
    }
}
