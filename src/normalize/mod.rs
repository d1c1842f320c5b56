//! From the words of a term to its typed value: money, percent, duration, date, in five languages.
//!
//! The words of each language stand in tables: [`lexicon`] for numbers and money, [`calendar`] for time.

mod amount;
mod bounds;
pub mod calendar;
pub mod currency;
pub mod date;
pub mod duration;
mod folded;
pub mod legal_form;
pub mod lexicon;
pub mod money;
pub mod number;
pub mod percent;
pub mod token;
mod words;

/// A recognised expression with some of the document's text on either side.
///
/// A recogniser may cut off "circa", "tra 3 e" or the currency, so the normalisers also look at the
/// words directly adjacent to `text`. `left` and `right` may be empty or cut mid-word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span<'a> {
    /// The recognised expression.
    pub text: &'a str,
    /// Document text that ends where `text` starts.
    pub left: &'a str,
    /// Document text that starts where `text` ends.
    pub right: &'a str,
}
