//! Splits text into numbers, words and symbols, reading digits in the language's style.

use rust_decimal::Decimal;

use super::lexicon::Lexicon;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Digits with their separators, as the language reads them.
    Number(Decimal),
    /// Letters, folded by [`fold`].
    Word(String),
    /// One other character.
    Symbol(char),
}

/// One token, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// The text as it stands.
    pub raw: &'a str,
    /// No white space separates it from the token before.
    pub glued: bool,
}

impl Token<'_> {
    /// The folded word, or `""` when it is no word.
    #[must_use]
    pub fn word(&self) -> &str {
        match &self.kind {
            Kind::Word(word) => word,
            _ => "",
        }
    }

    /// Whether it is this symbol.
    #[must_use]
    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol(symbol)
    }

    /// Whether it is a hyphen or a dash.
    #[must_use]
    pub fn is_dash(&self) -> bool {
        matches!(self.kind, Kind::Symbol('-' | '\u{2010}' | '\u{2011}' | '–' | '—' | '\u{2212}'))
    }
}

/// Lower case without accents, so that "PIÙ", "più" and "piu" agree; "ß" becomes "ss".
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            'ł' => out.push('l'),
            'ß' => out.push_str("ss"),
            // Combining marks of decomposed text.
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
    out
}

/// The tokens of `text`. Apostrophes between letters only separate ("d'euros": `d`, `euros`); the
/// full stop of an abbreviation ("Mio.") belongs to its word.
#[must_use]
pub fn tokens<'a>(text: &'a str, lexicon: &Lexicon) -> Vec<Token<'a>> {
    let mut out: Vec<Token<'a>> = Vec::new();
    let mut glued = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len;
        if c.is_whitespace() {
            (len, glued) = (c.len_utf8(), false);
            rest = &rest[len..];
            continue;
        }
        let kind = if c.is_ascii_digit() {
            len = digits_len(rest, lexicon);
            match digits(&rest[..len], lexicon) {
                Some(value) => Kind::Number(value),
                None => Kind::Symbol('#'),
            }
        } else if c.is_alphabetic() {
            let word = word_len(rest);
            let folded = fold(&rest[..word]);
            let dot = rest[word..].starts_with('.') && ABBREVIATIONS.contains(&folded.as_str());
            len = word + usize::from(dot);
            Kind::Word(folded)
        } else {
            len = c.len_utf8();
            if is_apostrophe(c) && matches!(out.last(), Some(t) if !t.word().is_empty()) {
                rest = &rest[len..];
                continue;
            }
            Kind::Symbol(c)
        };
        let raw = &rest[..len];
        out.push(Token { kind, raw, glued });
        glued = true;
        rest = &rest[len..];
    }
    out
}

/// Abbreviations (folded) that are written with a full stop.
const ABBREVIATIONS: &[&str] = &[
    "mio", "mrd", "mld", "mln", "mill", "tsd", "bn", "bln", "mn", "ca", "rs", "fr", "sfr", "circ", "env",
    "approx", "max", "min", "euro", "v", "h",
];

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

fn word_len(text: &str) -> usize {
    text.char_indices()
        .find(|&(_, c)| !(c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)))
        .map_or(text.len(), |(at, _)| at)
}

fn is_space_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}')
}

/// Whether `text` starts with exactly `n` digits.
fn exactly(text: &str, n: usize) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == n
}

/// The length of the number that starts `text`: digits, and separators that have digits after them.
fn digits_len(text: &str, lexicon: &Lexicon) -> usize {
    let mut len = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut groupable = len <= 3;
    loop {
        let mut after = text[len..].chars();
        let Some(separator) = after.next() else {
            return len;
        };
        let tail = after.as_str();
        let run = tail.bytes().take_while(u8::is_ascii_digit).count();
        let joins = match separator {
            '.' | ',' => run > 0,
            c if is_apostrophe(c) => groupable && exactly(tail, 3),
            // "in 2024 300 million" is two numbers, and English does not group by plain spaces.
            ' ' if !lexicon.space_groups => false,
            c if is_space_separator(c) => groupable && exactly(tail, 3),
            _ => false,
        };
        if !joins {
            return len;
        }
        groupable &= run == 3 && !matches!(separator, '.' | ',');
        len += separator.len_utf8() + run;
    }
}

/// The value of a digit run. With one separator alone before three digits ("1.400"), the language
/// says whether it groups or starts the decimals; in every other case the writing itself does.
fn digits(text: &str, lexicon: &Lexicon) -> Option<Decimal> {
    let plain: String = text.chars().filter(|&c| !is_apostrophe(c) && !is_space_separator(c)).collect();
    let spaced = plain.len() != text.len();
    let dots = plain.matches('.').count();
    let commas = plain.matches(',').count();
    let decimal = match (dots, commas) {
        (0, 0) => None,
        (0, 1) | (1, 0) => {
            let mark = if dots == 1 { '.' } else { ',' };
            let (head, tail) = plain.split_once(mark)?;
            let may_group = !spaced && tail.len() == 3 && (1..=3).contains(&head.len()) && head != "0";
            (!(may_group && mark == lexicon.group_mark)).then_some(mark)
        }
        (1, _) if plain.rfind('.') > plain.rfind(',') => Some('.'),
        (_, 1) if plain.rfind(',') > plain.rfind('.') => Some(','),
        (_, 0) | (0, _) => None,
        _ => return None,
    };
    let (whole, fraction) = match decimal {
        Some(mark) => plain.rsplit_once(mark)?,
        None => (plain.as_str(), ""),
    };
    if !well_grouped(whole) {
        return None;
    }
    let mut number: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    number.parse::<Decimal>().ok()
}

/// Groups of three after the first, or the Indian way (two, and three at the end).
fn well_grouped(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let Some((last, before)) = groups.split_last() else {
        return false;
    };
    if before.is_empty() {
        return true;
    }
    let first_fits = (1..=3).contains(&groups[0].len());
    let middle = &before[1..];
    let same = middle.iter().all(|g| g.len() == 3) || middle.iter().all(|g| g.len() == 2);
    first_fits && same && last.len() == 3
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::for_lang;
    use super::*;
    use crate::schema::Lang;

    fn kinds(text: &str, lang: Lang) -> Vec<Kind> {
        let tokens = tokens(text, for_lang(lang));
        tokens.into_iter().map(|t| t.kind).collect()
    }

    fn number(text: &str) -> Kind {
        Kind::Number(text.parse().expect("a decimal"))
    }

    #[test]
    fn the_language_decides_between_groups_and_decimals() {
        assert_eq!(kinds("1.400", Lang::It), [number("1400")]);
        assert_eq!(kinds("1.400", Lang::En), [number("1.400")]);
        assert_eq!(kinds("1,400", Lang::En), [number("1400")]);
        assert_eq!(kinds("0.750", Lang::It), [number("0.750")]);
        assert_eq!(kinds("212.5", Lang::Es), [number("212.5")]);
    }

    #[test]
    fn every_group_separator_is_read() {
        for text in ["1 400", "1\u{a0}400", "1\u{202f}400", "1'400", "1’400"] {
            assert_eq!(kinds(text, Lang::Fr), [number("1400")], "{text}");
        }
        assert_eq!(kinds("2024 300", Lang::Fr), [number("2024"), number("300")]);
        assert_eq!(kinds("12 300", Lang::En), [number("12"), number("300")]);
    }

    #[test]
    fn dates_are_no_numbers() {
        assert_eq!(kinds("10.11.2025", Lang::De), [Kind::Symbol('#')]);
    }

    #[test]
    fn accents_and_case_fold_away() {
        assert_eq!(fold("PIÙ Größe"), "piu grosse");
        assert_eq!(fold("mi\u{301}nimo"), "minimo");
    }
}
