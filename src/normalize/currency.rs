//! The currency that tokens name: signs, ISO codes, and nouns with their adjectives.

use super::lexicon::units::{Family, Region, SIGNS, has_dollar_sign, iso_code, members, sign_family};
use super::lexicon::{Lexicon, find, for_lang};
use super::token::{Kind, Token, tokens};
use crate::schema::{Currency, Lang};

/// A currency read from tokens, and the index after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The currency.
    pub currency: Currency,
    /// The index after its last token.
    pub end: usize,
    /// A noun said it, not a sign or a code.
    pub noun: bool,
}

/// The first currency that a text names by itself, for counting which one a document reckons in.
/// A bare "$" or "dollari" is `USD`.
#[must_use]
pub fn named_in(text: &str, lang: Lang) -> Option<Currency> {
    let lexicon = for_lang(lang);
    let tokens = tokens(text, lexicon);
    (0..tokens.len()).find_map(|at| currency_at(&tokens, at, lexicon, None).map(|n| n.currency))
}

/// The currency whose words start at token `at`. `document` is the currency that the document
/// reckons in: it decides what a shared noun or sign means ("corone", "$").
#[must_use]
pub fn currency_at(
    tokens: &[Token<'_>],
    at: usize,
    lexicon: &Lexicon,
    document: Option<Currency>,
) -> Option<Named> {
    let sign = sign_at(tokens, at, document);
    let noun = noun_at(tokens, at, lexicon, document);
    match (sign, noun) {
        (Some(sign), Some(noun)) if noun.end > sign.end => Some(noun),
        (Some(sign), _) => Some(sign),
        (None, noun) => noun,
    }
}

/// The currency whose words end just before token `end`.
#[must_use]
pub fn currency_before(
    tokens: &[Token<'_>],
    end: usize,
    lexicon: &Lexicon,
    document: Option<Currency>,
) -> Option<(Named, usize)> {
    (end.saturating_sub(4)..end).find_map(|at| {
        currency_at(tokens, at, lexicon, document).filter(|named| named.end == end).map(|named| (named, at))
    })
}

fn spells(token: &Token<'_>, text: &str) -> bool {
    match &token.kind {
        Kind::Word(word) => word == text,
        Kind::Symbol(symbol) => text.chars().eq([*symbol]),
        Kind::Number(_) => false,
    }
}

fn sign_at(tokens: &[Token<'_>], at: usize, document: Option<Currency>) -> Option<Named> {
    let fits = |spelling: &[&str]| {
        spelling.iter().enumerate().all(|(i, part)| {
            tokens.get(at + i).is_some_and(|token| {
                // "US$" is one sign; only "$ CA", with the sign first, may be spaced.
                spells(token, part) && (i == 0 || token.glued || spelling.starts_with(&["$"]))
            })
        })
    };
    let best = SIGNS.iter().filter(|(spelling, _)| fits(spelling)).max_by_key(|(spelling, _)| spelling.len());
    if let Some(&(spelling, code)) = best {
        let currency = match sign_family(spelling) {
            Some(family) => member(family, None, document)?,
            None => Currency::from_code(code),
        };
        return Some(Named { currency, end: at + spelling.len(), noun: false });
    }
    let token = tokens.get(at)?;
    let currency = if token.is_symbol('$') {
        document.filter(|&c| has_dollar_sign(c)).unwrap_or(Currency::USD)
    } else {
        iso_code(token.raw)?
    };
    Some(Named { currency, end: at + 1, noun: false })
}

/// "dollari", "dollari canadesi", "dollari di Hong Kong", "Canadian dollars", "US-Dollar".
fn noun_at(tokens: &[Token<'_>], at: usize, lexicon: &Lexicon, document: Option<Currency>) -> Option<Named> {
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let named = |family, region, end| {
        member(family, region, document).map(|currency| Named { currency, end, noun: true })
    };
    if let Some((region, mut end)) = region_at(tokens, at, lexicon) {
        end += usize::from(tokens.get(end).is_some_and(Token::is_dash));
        if let Some(family) = find(lexicon.currencies, word(end)) {
            return named(family, Some(region), end + 1);
        }
    }
    let family = find(lexicon.currencies, word(at))?;
    let next = at + 1;
    let linked = next + usize::from(lexicon.links.contains(&word(next)));
    let region = region_at(tokens, linked, lexicon);
    // An adjective of another noun ("euro italiani") says nothing of the currency.
    match region.and_then(|(region, end)| named(family, Some(region), end)) {
        Some(found) => Some(found),
        None => named(family, None, next),
    }
}

/// The region whose stem starts at token `at`. Stems of up to three letters stand for whole words.
fn region_at(tokens: &[Token<'_>], at: usize, lexicon: &Lexicon) -> Option<(Region, usize)> {
    let fits = |stem: &str| {
        let parts = stem.split(' ').count();
        let all = stem.split(' ').enumerate().all(|(i, part)| {
            tokens.get(at + i).is_some_and(|token| {
                if part == "-" {
                    token.is_dash()
                } else if i + 1 == parts && part.len() > 3 {
                    token.word().starts_with(part)
                } else if i + 1 == parts && i == 0 {
                    let word = token.word();
                    word == part || (part.len() == 3 && word.len() > 4 && word.starts_with(part))
                } else {
                    token.word() == part
                }
            })
        });
        all.then_some(parts)
    };
    lexicon
        .regions
        .iter()
        .filter_map(|&(stem, region)| fits(stem).map(|parts| (region, at + parts)))
        .max_by_key(|&(_, end)| end)
}

/// The currency of a family: by region, else the document's where it is one of the family, else
/// the usual one. Bare "dollars" are the United States' (contract, "Terms").
fn member(family: Family, region: Option<Region>, document: Option<Currency>) -> Option<Currency> {
    let (usual, by_region) = members(family);
    if region == Some(Region::Local) {
        return document.filter(|&c| has_dollar_sign(c) || family != Family::Dollar);
    }
    if let Some(region) = region {
        return by_region.iter().find(|&&(r, _)| r == region).map(|&(_, code)| Currency::from_code(code));
    }
    let shared = document
        .filter(|c| family != Family::Dollar && by_region.iter().any(|&(_, code)| code == c.as_str()));
    shared.or_else(|| usual.map(Currency::from_code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, lang: Lang) -> Option<String> {
        named_in(text, lang).map(|c| c.to_string())
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(code("dollari di Hong Kong", Lang::It).as_deref(), Some("HKD"));
        assert_eq!(code("Canadian dollars", Lang::En).as_deref(), Some("CAD"));
        assert_eq!(code("M$ CA", Lang::Fr).as_deref(), Some("CAD"));
        assert_eq!(code("US-Dollar", Lang::De).as_deref(), Some("USD"));
        assert_eq!(code("due mele", Lang::It), None);
    }

    #[test]
    fn the_document_decides_for_shared_names() {
        let norway = "NOK".parse::<Currency>().ok();
        let lexicon = for_lang(Lang::It);
        let tokens = tokens("corone", lexicon);
        let named = |document| currency_at(&tokens, 0, lexicon, document).map(|n| n.currency);
        assert_eq!(named(norway), norway);
        assert_eq!(named(Some(Currency::EUR)), "SEK".parse().ok());
    }

    #[test]
    fn every_code_of_the_tables_is_well_formed() {
        for (_, code) in SIGNS {
            assert_eq!(Currency::from_code(code).as_str(), *code);
        }
    }
}
