//! Words of a short text, folded for look-up.

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Letters,
    Digits,
    Symbol,
}

/// A run of letters, a run of digits, or one other visible character.
///
/// Apostrophes are no words: they only mark the word after them as `elided`.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    /// Lower case without accents, the form in which the tables hold their words.
    pub folded: String,
    pub kind: Kind,
    /// Nothing stands between this word and the one before.
    pub glued: bool,
    /// An apostrophe stands directly before.
    pub elided: bool,
}

impl Word<'_> {
    /// The value of a run of ASCII digits.
    pub fn number(&self) -> Option<u32> {
        if self.kind == Kind::Digits { self.text.parse().ok() } else { None }
    }

    /// Whether it is this one character.
    pub fn is(&self, symbol: char) -> bool {
        self.text.chars().eq([symbol])
    }

    /// Whether it is a hyphen or a dash.
    pub fn is_dash(&self) -> bool {
        ['-', '–', '‑', '‐'].iter().any(|dash| self.is(*dash))
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '´')
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn kind_of(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() || is_combining(c) {
        Kind::Letters
    } else {
        Kind::Symbol
    }
}

/// The words of the text, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut found: Vec<Word<'_>> = Vec::new();
    let (mut glued, mut elided) = (false, false);
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if c.is_whitespace() {
            (glued, elided) = (false, false);
            continue;
        }
        if is_apostrophe(c) {
            elided = true;
            continue;
        }
        let kind = kind_of(c);
        let mut end = start + c.len_utf8();
        if kind != Kind::Symbol {
            while let Some((at, next)) =
                rest.next_if(|(_, next)| kind_of(*next) == kind && !is_apostrophe(*next))
            {
                end = at + next.len_utf8();
            }
        }
        let text = &text[start..end];
        found.push(Word { text, folded: fold(text), kind, glued: glued && !found.is_empty(), elided });
        (glued, elided) = (true, false);
    }
    found
}

/// Lower case, without the accents of the five languages.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ñ' => folded.push('n'),
            'ç' => folded.push('c'),
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            c if is_combining(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The words as text again, each gap as one space.
pub(super) fn join(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && word.elided {
            text.push('\'');
        } else if !text.is_empty() && !word.glued {
            text.push(' ');
        }
        text.push_str(word.text);
    }
    text
}

/// How many of the leading words make up `phrase`, a sequence of folded words with single spaces.
pub(super) fn phrase_length(words: &[Word<'_>], phrase: &str) -> Option<usize> {
    let mut count = 0;
    for part in phrase.split(' ') {
        if words.get(count)?.folded != part {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// The longest entry of the table that the words begin with: its length in words, and its value.
pub(super) fn longest<T: Copy>(words: &[Word<'_>], table: &[(&str, T)]) -> Option<(usize, T)> {
    let matches = table.iter().filter_map(|(phrase, value)| Some((phrase_length(words, phrase)?, *value)));
    matches.max_by_key(|(length, _)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.folded).collect()
    }

    #[test]
    fn splits_letters_digits_and_symbols() {
        assert_eq!(folded("Dell’8 MÄRZ, 1er"), ["dell", "8", "marz", ",", "1", "er"]);
        assert_eq!(folded("10-year"), ["10", "-", "year"]);
        assert_eq!(folded(" \u{a0}\n"), Vec::<String>::new());
    }

    #[test]
    fn folds_composed_and_decomposed_accents_alike() {
        assert_eq!(fold("metà"), fold("meta\u{300}"));
        assert_eq!(fold("dreißig"), "dreissig");
    }

    #[test]
    fn joins_as_it_was_written() {
        for text in ["vingt-cinq", "2,5", "due mila", "un'altra"] {
            assert_eq!(join(&words(text)), text);
        }
    }

    #[test]
    fn takes_the_longest_phrase() {
        let table = [("ieri", 1), ("ieri l altro", 2)];
        assert_eq!(longest(&words("ieri l'altro"), &table), Some((3, 2)));
        assert_eq!(longest(&words("ieri sera"), &table), Some((1, 1)));
        assert_eq!(longest(&words("oggi"), &table), None);
    }
}
