//! The document that is read.

use jiff::civil::Date;

use super::Lang;

/// One article: what a reader of files or a client hands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The caller's name for it; comes back with the events.
    pub id: String,
    /// The headline; empty when there is none.
    pub title: String,
    /// The body.
    pub text: String,
    /// The day of publication, from which relative dates are resolved.
    pub published: Option<Date>,
    /// The language; detected from the text when absent.
    pub lang: Option<Lang>,
}

impl Document {
    /// The text that is read and that all offsets refer to: title, blank line, text; without a title the text alone.
    #[must_use]
    pub fn read_text(&self) -> String {
        if self.title.is_empty() { self.text.clone() } else { format!("{}\n\n{}", self.title, self.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_comes_first_with_a_blank_line() {
        let mut d =
            Document { id: "a".into(), title: "T".into(), text: "body".into(), published: None, lang: None };
        assert_eq!(d.read_text(), "T\n\nbody");
        d.title.clear();
        assert_eq!(d.read_text(), "body");
    }
}
