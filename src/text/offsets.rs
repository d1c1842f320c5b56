//! Offsets in Unicode scalar values over a UTF-8 string.

use std::ops::Range;

/// A text that is cut by Unicode scalar values.
#[derive(Clone, Debug)]
pub struct Characters {
    text: String,
    /// The byte where each character starts, and the text's length.
    bytes: Vec<usize>,
}

impl Characters {
    /// Index a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        let bytes = text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len())).collect();
        Self { text, bytes }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() - 1
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The characters of a range; what lies beyond the text is left out.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &str {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        &self.text[self.bytes[start]..self.bytes[end]]
    }

    /// The character range of a byte range that lies on character boundaries.
    #[must_use]
    pub fn from_bytes(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte| self.bytes.partition_point(|b| *b < byte);
        at(range.start)..at(range.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slices_are_the_characters(text in "\\PC{0,40}", a in 0usize..50, b in 0usize..50) {
            let c = Characters::new(text.clone());
            let want: String = text.chars().skip(a).take(b.saturating_sub(a)).collect();
            prop_assert_eq!(c.slice(a..b), want.as_str());
            prop_assert_eq!(c.len(), text.chars().count());
        }
    }

    #[test]
    fn bytes_come_back_as_characters() {
        let c = Characters::new("è più".to_owned());
        assert_eq!(c.from_bytes(&(3..7)), 2..5);
        assert_eq!(c.slice(2..5), "più");
    }
}
