//! The words around an amount that bound it: "oltre", "fino a", "circa".

use std::ops::Range;

use super::lexicon::{Bound, Lexicon};
use super::token::Token;

/// Number of words that a phrase of the tables has at most.
const LONGEST: usize = 7;

/// What the words before token `start` and from token `end` on say of the amount between them.
/// `inside` is the recognised expression; beyond it only directly adjacent words count.
#[must_use]
pub fn bound_of(
    tokens: &[Token<'_>],
    start: usize,
    end: usize,
    inside: &Range<usize>,
    lexicon: &Lexicon,
) -> Option<Bound> {
    let mut found = None;
    let mut at = start;
    while at > 0 {
        if let Some((bound, first)) = phrase_before(tokens, at, inside, lexicon) {
            let bound = if negated(tokens, first, lexicon) { flip(bound) } else { bound };
            match bound {
                Bound::Nothing => return found,
                Bound::About => found = Some(Bound::About),
                Bound::AtLeast | Bound::AtMost => return Some(bound),
            }
            at = first;
            continue;
        }
        let word = tokens.get(at - 1).map_or("", Token::word);
        let skips = lexicon.articles.contains(&word)
            || lexicon.links.contains(&word)
            || lexicon.fillers.contains(&word);
        if !skips && at <= inside.start {
            break;
        }
        at -= 1;
    }
    match (found, phrase_after(tokens, end, inside, lexicon)) {
        (_, Some(bound @ (Bound::AtLeast | Bound::AtMost))) => Some(bound),
        (found, after) => found.or(after),
    }
}

/// The longest phrase that ends just before token `at`, and where it starts.
fn phrase_before(
    tokens: &[Token<'_>],
    at: usize,
    inside: &Range<usize>,
    lexicon: &Lexicon,
) -> Option<(Bound, usize)> {
    let only_inside = lexicon.before_inside.iter().map(|entry| (entry, true));
    let anywhere = lexicon.before.iter().map(|entry| (entry, false));
    let mut best: Option<(Bound, usize)> = None;
    for (&(phrase, bound), must_be_inside) in anywhere.chain(only_inside) {
        let count = phrase.split(' ').count();
        let Some(first) = at.checked_sub(count) else {
            continue;
        };
        if (!must_be_inside || first >= inside.start)
            && matches(tokens, first, phrase)
            && best.is_none_or(|(_, longest)| first < longest)
        {
            best = Some((bound, first));
        }
    }
    best
}

/// The longest phrase that starts at token `end`, a comma or dash skipped inside the expression.
fn phrase_after(tokens: &[Token<'_>], end: usize, inside: &Range<usize>, lexicon: &Lexicon) -> Option<Bound> {
    let is_pause = |t: &Token<'_>| t.is_symbol(',');
    let pause = usize::from(tokens.get(end).is_some_and(is_pause));
    // Beyond the expression a comma parts it from what follows, set phrases ("euro più euro meno")
    // apart.
    let far = pause == 1 && end >= inside.end;
    lexicon
        .after
        .iter()
        .filter(|(phrase, _)| !far || phrase.split(' ').count() > 3)
        .filter(|(phrase, _)| matches(tokens, end + pause, phrase))
        .max_by_key(|(phrase, _)| phrase.len())
        .map(|&(_, bound)| bound)
}

/// Whether the words of `phrase` stand at token `first`.
#[must_use]
pub fn matches(tokens: &[Token<'_>], first: usize, phrase: &str) -> bool {
    debug_assert!(phrase.split(' ').count() <= LONGEST);
    phrase.split(' ').enumerate().all(|(i, part)| {
        tokens.get(first + i).is_some_and(|token| token.word() == part || (part == "-" && token.is_dash()))
    })
}

/// "non superiore a", "doesn't exceed": a negation in the two words before the phrase.
fn negated(tokens: &[Token<'_>], first: usize, lexicon: &Lexicon) -> bool {
    tokens
        .get(first.saturating_sub(2)..first)
        .is_some_and(|before| before.iter().any(|t| lexicon.negations.contains(&t.word())))
}

fn flip(bound: Bound) -> Bound {
    match bound {
        Bound::AtLeast => Bound::AtMost,
        Bound::AtMost => Bound::AtLeast,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::for_lang;
    use super::super::token::tokens;
    use super::*;
    use crate::schema::Lang;

    /// The bound of the one number in `text`, of which only the part from `from` tokens on is the
    /// expression.
    fn bound(text: &str, lang: Lang, from: usize) -> Option<Bound> {
        let lexicon = for_lang(lang);
        let tokens = tokens(text, lexicon);
        let number =
            tokens.iter().position(|t| t.raw.starts_with(|c: char| c.is_ascii_digit())).expect("a number");
        bound_of(&tokens, number, number + 1, &(from..tokens.len()), lexicon)
    }

    #[test]
    fn negations_turn_bounds() {
        assert_eq!(bound("più di 3", Lang::It, 0), Some(Bound::AtLeast));
        assert_eq!(bound("non più di 3", Lang::It, 0), Some(Bound::AtMost));
        assert_eq!(bound("must not exceed 3", Lang::En, 0), Some(Bound::AtMost));
    }

    #[test]
    fn beyond_the_expression_only_adjacent_words_count() {
        assert_eq!(bound("fino a 3", Lang::It, 2), Some(Bound::AtMost));
        assert_eq!(bound("fino a ieri a Roma 3", Lang::It, 5), None);
        assert_eq!(bound("oltre ai 3", Lang::It, 2), None);
    }

    #[test]
    fn an_ambiguous_word_counts_only_inside() {
        assert_eq!(bound("über 3", Lang::De, 0), Some(Bound::AtLeast));
        assert_eq!(bound("Vertrag über 3", Lang::De, 2), None);
    }

    #[test]
    fn phrases_fit_the_longest() {
        for lang in [Lang::It, Lang::En, Lang::Fr, Lang::De, Lang::Es] {
            let lexicon = for_lang(lang);
            for (phrase, _) in lexicon.before.iter().chain(lexicon.after) {
                assert!(phrase.split(' ').count() <= LONGEST, "{phrase}");
            }
        }
    }
}
