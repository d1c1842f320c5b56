//! Shares and rates: "il 9,81%", "60 Prozent", "un terzo", "la metà".

use rust_decimal::Decimal;

use super::Span;
use super::bounds::matches;
use super::lexicon::{Lexicon, find, for_lang};
use super::money::around;
use super::number::{Connector, quantity_at};
use super::token::Token;
use crate::schema::Lang;

/// Decimal places of a fraction that does not end: a third is 33.33.
const PLACES: u32 = 2;

/// The percentage that a span states, in per cent, normalised: "il 9,81%" is 9.81, "un quarto"
/// is 25. Words that bound it do not count ("poco meno del 3 %" is 3, by the contract's "Doubtful
/// cases"); a range ("il 30-35%") has no single value and is `None`. A number without a sign is
/// taken as a percentage, since the span was recognised as one.
#[must_use]
pub fn percent(span: Span<'_>, lang: Lang) -> Option<Decimal> {
    let lexicon = for_lang(lang);
    let (tokens, inside) = around(span, lexicon);
    let reader = Reader { tokens: &tokens, lexicon };
    let mut plain = None;
    let mut at = inside.start;
    while at < inside.end {
        if let Some(share) = reader.fraction(at) {
            return Some(share.normalize());
        }
        let Some(number) = quantity_at(&tokens, at, lexicon, Connector::Joins) else {
            at += 1;
            continue;
        };
        if reader.is_permille(number.end) {
            return number.value.checked_div(Decimal::TEN).map(|v| v.normalize());
        }
        if let Some(end) = reader.percent_end(number.end) {
            let range = reader.joins_range(at, inside.start) || reader.opens_range(at, end);
            return (!range).then(|| number.value.normalize());
        }
        // Several bare numbers: the first one, unless a later one has the sign.
        if !number.article && number.scale.is_none() && !number.vague && plain.is_none() {
            plain = Some(number.value.normalize());
        }
        at = number.end.max(at + 1);
    }
    plain
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    lexicon: &'a Lexicon,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", Token::word)
    }

    /// The index after "%", "per cento" at token `at`.
    fn percent_end(&self, at: usize) -> Option<usize> {
        let at = at + usize::from(self.tokens.get(at).is_some_and(Token::is_dash));
        if self.tokens.get(at).is_some_and(|t| t.is_symbol('%')) {
            return Some(at + 1);
        }
        let phrases = self.lexicon.percents.iter();
        phrases.filter(|p| matches(self.tokens, at, p)).map(|p| at + p.split(' ').count()).max()
    }

    /// Whether the percentage from token `at` to `end` starts a range: "between 10% and 15%".
    fn opens_range(&self, at: usize, end: usize) -> bool {
        let skip = |mut i: usize| {
            while self.is_article(i) && !self.is_connector(i) {
                i += 1;
            }
            i
        };
        let mut first = at;
        while first > 0 && self.is_article(first - 1) {
            first -= 1;
        }
        let opener = [first, at].into_iter().filter_map(|i| i.checked_sub(1)).any(|i| {
            let word = self.word(i);
            self.lexicon.range_between.contains(&word) || self.lexicon.range_from.contains(&word)
        }) || self.lexicon.range_from.contains(&self.word(first));
        (opener || self.tokens.get(end).is_some_and(Token::is_dash))
            && self.is_connector(end)
            && quantity_at(self.tokens, skip(end + 1), self.lexicon, Connector::Joins)
                .is_some_and(|next| self.percent_end(next.end).is_some())
    }

    /// Whether "‰", "per mille" stands at token `at`.
    fn is_permille(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_symbol('‰'))
            || self.lexicon.permilles.iter().any(|p| matches(self.tokens, at, p))
    }

    /// Whether a number and a range connector come before token `at`: "30-35%", "dal 30 al 35%".
    fn joins_range(&self, at: usize, from: usize) -> bool {
        let mut end = at;
        while end > from && self.is_article(end - 1) && !self.is_connector(end - 1) {
            end -= 1;
        }
        let Some(connector) = end.checked_sub(1).filter(|&c| c > from && self.is_connector(c)) else {
            return false;
        };
        (from..connector).any(|i| {
            quantity_at(self.tokens, i, self.lexicon, Connector::Separates).is_some_and(|q| {
                !q.article && (q.end == connector || self.percent_end(q.end) == Some(connector))
            })
        })
    }

    fn is_article(&self, at: usize) -> bool {
        let word = self.word(at);
        self.lexicon.articles.contains(&word) || self.lexicon.one_articles.contains(&word)
    }

    fn is_connector(&self, at: usize) -> bool {
        let word = self.word(at);
        self.tokens.get(at).is_some_and(Token::is_dash)
            || self.lexicon.range_free.contains(&word)
            || self.lexicon.range_paired.contains(&word)
    }

    /// "un terzo", "drei Viertel", "two-thirds", "la metà", "3/4".
    fn fraction(&self, at: usize) -> Option<Decimal> {
        let word = self.word(at);
        if self.lexicon.half_shares.contains(&word) {
            return Some(Decimal::from(50));
        }
        if let Some(divisor) = find(self.lexicon.fractions, word)
            && at.checked_sub(1).is_some_and(|i| self.is_article(i))
        {
            // "la cuarta parte", "le tiers".
            return share(Decimal::ONE, Decimal::from(divisor));
        }
        let number = quantity_at(self.tokens, at, self.lexicon, Connector::Separates)?;
        (number.scale.is_none() && !number.vague).then_some(())?;
        let mut end = number.end;
        end += usize::from(
            self.tokens.get(end).is_some_and(Token::is_dash)
                || self.lexicon.fillers.contains(&self.word(end)),
        );
        let divisor = find(self.lexicon.fractions, self.word(end))?;
        (number.value <= Decimal::from(divisor)).then_some(())?;
        share(number.value, Decimal::from(divisor))
    }
}

fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole).map(|share| share.round_dp(PLACES))
}
