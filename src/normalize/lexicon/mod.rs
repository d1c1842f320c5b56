//! The words of quantities, one table a language.

mod de;
mod en;
mod es;
mod fr;
mod it;
pub mod units;

use crate::schema::{Currency, Lang};
use units::{Family, Region};

/// What the words around an amount say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A floor: "oltre", "at least".
    AtLeast,
    /// A ceiling: "fino a", "at most".
    AtMost,
    /// Near it: "circa", "nearly".
    About,
    /// Nothing, though it looks like a bound: "oltre ai" (besides the).
    Nothing,
}

/// A scale word. "Billion" is 10^12 outside English (long scale); "trillion" is 10^12 everywhere,
/// since no amount of money reaches 10^18 and the press writes it for the English word.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The folded word.
    pub word: &'static str,
    /// The power of ten that it multiplies by.
    pub power: u32,
    /// A singular noun: after a definite article it stands for one of it ("il miliardo e mezzo").
    pub singular: bool,
}

/// Builds a [`Scale`] that needs a number before it.
#[must_use]
pub const fn scale(word: &'static str, power: u32) -> Scale {
    Scale { word, power, singular: false }
}

/// Builds a [`Scale`] that may stand for one of it.
#[must_use]
pub const fn one(word: &'static str, power: u32) -> Scale {
    Scale { word, power, singular: true }
}

/// A language's words for quantities. Every word is written as [`super::token::fold`] leaves it;
/// a phrase is words with single spaces.
#[derive(Debug)]
pub struct Lexicon {
    /// The mark between groups of three digits; the other of `.` and `,` starts the decimals.
    pub group_mark: char,
    /// Groups of digits may be separated by a plain space.
    pub space_groups: bool,
    /// Number words that compose, alone or glued: their values below 1000, and 1000 itself.
    pub numbers: &'static [(&'static str, u32)],
    /// Number words that are articles too, so that alone they count only before a unit.
    pub one_articles: &'static [&'static str],
    /// The connector inside a number: "y" of "treinta y ocho".
    pub and: &'static [&'static str],
    /// What the connector may join below a thousand.
    pub and_joins: AndJoins,
    /// What glues units to tens inside a word, units first: the "und" of "zweiunddreißig".
    pub glue: &'static [&'static str],
    /// Number words may be joined by hyphens: "forty-two".
    pub hyphen_joins: bool,
    /// Four before twenty is eighty: French "quatre-vingt".
    pub four_twenties: bool,
    /// "virgola", "point".
    pub decimal_point: &'static [&'static str],
    /// Scale words from a thousand up.
    pub scales: &'static [Scale],
    /// "mezzo", "half": before a scale, or after the connector.
    pub halves: &'static [&'static str],
    /// Glued endings that add a half: "einhalb" of "zweieinhalb".
    pub half_endings: &'static [&'static str],
    /// Words for one and a half.
    pub one_and_half: &'static [&'static str],
    /// Collective numbers, which say "about": "decina", "dozen".
    pub collectives: &'static [(&'static str, u32)],
    /// Words of no value between a number and its scale, or before the number: "altri", "buoni".
    pub fillers: &'static [&'static str],
    /// Definite articles, and articles fused with prepositions.
    pub articles: &'static [&'static str],
    /// Prepositions that link an amount to its unit: "di", "of".
    pub links: &'static [&'static str],
    /// Phrases before an amount.
    pub before: &'static [(&'static str, Bound)],
    /// Phrases that count before an amount only inside the recognised expression: "über" is "over"
    /// there, but "for" in "ein Vertrag über".
    pub before_inside: &'static [(&'static str, Bound)],
    /// Phrases after an amount and its currency.
    pub after: &'static [(&'static str, Bound)],
    /// Negations that turn a floor into a ceiling and back.
    pub negations: &'static [&'static str],
    /// Phrases that open a range and nothing else: "tra", "between".
    pub range_between: &'static [&'static str],
    /// Prepositions that open a range, a rise or neither: "da", "from".
    pub range_from: &'static [&'static str],
    /// Connectors of a range that need an opener: "e", "and".
    pub range_paired: &'static [&'static str],
    /// Connectors of a range that need none: "o", "to".
    pub range_free: &'static [&'static str],
    /// Nouns of currencies.
    pub currencies: &'static [(&'static str, Family)],
    /// Hundredths of a main unit, with the currency where the word tells it ("pence").
    pub cents: &'static [(&'static str, Option<Currency>)],
    /// Stems of the adjectives (or names) that say whose currency it is.
    pub regions: &'static [(&'static str, Region)],
    /// "percento", "percent", and phrases such as "per cento".
    pub percents: &'static [&'static str],
    /// "per mille": tenths of a per cent.
    pub permilles: &'static [&'static str],
    /// Names of fractions: numerator-free, with the divisor: ("terzo", 3).
    pub fractions: &'static [(&'static str, u32)],
    /// Words for a half of a whole: "meta", "moitie".
    pub half_shares: &'static [&'static str],
}

/// What the connector joins in a number below a thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AndJoins {
    /// Nothing: Italian, whose compounds are glued.
    Nothing,
    /// Tens to units: Spanish "treinta y ocho", French "vingt et un".
    TensToUnits,
    /// Hundreds to what follows: English "a hundred and five".
    HundredsToRest,
}

/// The language's words.
#[must_use]
pub fn for_lang(lang: Lang) -> &'static Lexicon {
    match lang {
        Lang::It => &it::LEXICON,
        Lang::En => &en::LEXICON,
        Lang::Fr => &fr::LEXICON,
        Lang::De => &de::LEXICON,
        Lang::Es => &es::LEXICON,
    }
}

/// The value of `word` in a table.
#[must_use]
pub fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(w, _)| *w == word).map(|&(_, v)| v)
}
