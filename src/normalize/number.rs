//! Numbers as news writes them: digits in the language's style, number words, scales and halves.

use rust_decimal::Decimal;

use super::lexicon::units::shared_scale;
use super::lexicon::{AndJoins, Lexicon, Scale, find, for_lang};
use super::token::{Kind, Token, tokens};
use super::words::Sum;
use crate::schema::Lang;

/// A number read from tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The whole value, scales applied.
    pub value: Decimal,
    /// The last scale applied ("miliardi": 10^9); `None` for a bare number.
    pub scale: Option<Decimal>,
    /// A collective number said it: "una decina", "a dozen".
    pub vague: bool,
    /// Only an article said it: "un", "a".
    pub article: bool,
    /// The index just after its last token.
    pub end: usize,
}

/// How to read an ambiguous connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    /// "e", "and" belong to the number where they can.
    Joins,
    /// "e", "and" may separate two numbers of a range ("between a hundred and two hundred"); only
    /// halves are joined.
    Separates,
}

/// The value of a text that is one number and nothing else, in digits or words: `"ventidue"`,
/// `"1.400"`, `"zwei Millionen"`, `"un paio"`. `None` when it is not, or does not fit a [`Decimal`].
#[must_use]
pub fn cardinal(text: &str, lang: Lang) -> Option<Decimal> {
    let lexicon = for_lang(lang);
    let tokens = tokens(text, lexicon);
    let quantity = quantity_at(&tokens, 0, lexicon, Connector::Joins)?;
    (quantity.end == tokens.len()).then(|| quantity.value.normalize())
}

/// The longest number that starts at token `at`.
#[must_use]
pub fn quantity_at(
    tokens: &[Token<'_>],
    at: usize,
    lexicon: &Lexicon,
    connector: Connector,
) -> Option<Quantity> {
    let reader = Reader { tokens, lexicon, connector };
    let mut read = reader.term(at)?;
    // "4 milioni e 200 mila", "1 miliardo 550 milioni": each term smaller than the scale before.
    while let Some(scale) = read.scale {
        let joined = reader.skip_and(read.end);
        if let Some(half) = reader.half_after(joined, read.end) {
            read.value = read.value.checked_add(scale.checked_div(Decimal::TWO)?)?;
            read.end = half;
            break;
        }
        let start = if connector == Connector::Joins { joined } else { read.end };
        let Some(next) = reader.term(start) else {
            break;
        };
        let smaller = next.value < scale && !next.article && !next.vague;
        let stands = next.scale.is_some() || next.value >= Decimal::ONE_THOUSAND;
        if !(smaller && stands) {
            break;
        }
        read.value = read.value.checked_add(next.value)?;
        read.end = next.end;
        read.scale = next.scale;
        read.article = false;
    }
    Some(read)
}

/// The scale word at token `at`, and the index after it. A hyphen may come first ("$5-billion"),
/// and words of no value ("altri", "buoni").
#[must_use]
pub fn scale_at(tokens: &[Token<'_>], at: usize, lexicon: &Lexicon) -> Option<(Scale, usize)> {
    let mut i = at;
    if tokens.get(i)?.is_dash() && tokens.get(i + 1)?.glued {
        i += 1;
    }
    let word = tokens.get(i)?.word();
    let found = lexicon.scales.iter().find(|s| s.word == word).copied();
    found.or_else(|| shared_scale(word)).map(|s| (s, i + 1))
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    lexicon: &'a Lexicon,
    connector: Connector,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", Token::word)
    }

    fn is_half(&self, at: usize) -> bool {
        self.lexicon.halves.contains(&self.word(at))
    }

    fn skip_and(&self, at: usize) -> usize {
        at + usize::from(self.lexicon.and.contains(&self.word(at)))
    }

    /// The index after "e mezzo" / "and a half", whose connector ends at `joined`.
    fn half_after(&self, joined: usize, start: usize) -> Option<usize> {
        if joined == start {
            return None;
        }
        let at = joined + usize::from(self.lexicon.one_articles.contains(&self.word(joined)));
        self.is_half(at).then_some(at + 1)
    }

    /// One number with its scales: "32 mila miliardi", "mezzo milione", "una decina di miliardi".
    fn term(&self, at: usize) -> Option<Quantity> {
        let mut read = self
            .half_scale(at)
            .or_else(|| self.fraction_scale(at))
            .or_else(|| self.collective(at))
            .or_else(|| self.bare_scale(at))
            .or_else(|| self.plain(at))?;
        if read.scale.is_none() {
            let joined = self.skip_and(read.end);
            if let Some(end) = self.half_after(joined, read.end) {
                read.value = read.value.checked_add(Decimal::new(5, 1))?;
                read.end = end;
                read.article = false;
            }
        }
        // "mil 500 millones": digits go on after a thousand in words.
        let in_words = self.tokens.get(read.end.wrapping_sub(1)).is_some_and(|t| !t.word().is_empty());
        if read.scale.is_none()
            && in_words
            && read.value >= Decimal::ONE_THOUSAND
            && (read.value % Decimal::ONE_THOUSAND).is_zero()
            && let Some(rest) = self.below_thousand(read.end)
        {
            read.value = read.value.checked_add(rest.value)?;
            read.end = rest.end;
        }
        self.scales(read)
    }

    /// Applies the scales after a number; "di" may link a collective to them.
    fn scales(&self, mut read: Quantity) -> Option<Quantity> {
        loop {
            let mut at = read.end;
            if (read.vague || read.scale.is_some()) && self.lexicon.links.contains(&self.word(at)) {
                at += 1;
            }
            while read.scale.is_none() && self.lexicon.fillers.contains(&self.word(at)) {
                at += 1;
            }
            let Some((scale, end)) = scale_at(self.tokens, at, self.lexicon) else {
                return Some(read);
            };
            // "4 mil 200 millones": the thousand goes on before the next scale.
            let factor = power(scale.power)?;
            read.value = read.value.checked_mul(factor)?;
            read.scale = Some(factor);
            read.article = false;
            read.end = end;
            if scale.power == 3
                && let Some(rest) = self.below_thousand(end)
            {
                read.value = read.value.checked_add(rest.value)?;
                read.end = rest.end;
            }
        }
    }

    /// Digits under a thousand directly before a further scale: the "200" of "4 mil 200 millones".
    fn below_thousand(&self, at: usize) -> Option<Quantity> {
        let Kind::Number(value) = self.tokens.get(at)?.kind else {
            return None;
        };
        let fits = value < Decimal::ONE_THOUSAND && value.fract().is_zero();
        let goes_on = scale_at(self.tokens, at + 1, self.lexicon).is_some_and(|(s, _)| s.power > 3);
        (fits && goes_on).then(|| bare(value, at + 1))
    }

    /// "mezzo miliardo", "half a billion", "un demi-milliard", "una mezza dozzina".
    fn half_scale(&self, at: usize) -> Option<Quantity> {
        let mut i = at + usize::from(self.lexicon.one_articles.contains(&self.word(at)));
        if !self.is_half(i) {
            return None;
        }
        i += 1;
        i += usize::from(self.tokens.get(i).is_some_and(Token::is_dash));
        i += usize::from(self.lexicon.one_articles.contains(&self.word(i)));
        if let Some((scale, end)) = scale_at(self.tokens, i, self.lexicon) {
            let factor = power(scale.power)?;
            return Some(Quantity { scale: Some(factor), ..bare(factor.checked_div(Decimal::TWO)?, end) });
        }
        let dozen = find(self.lexicon.collectives, self.word(i))?;
        Some(Quantity { vague: true, ..bare(Decimal::from(dozen).checked_div(Decimal::TWO)?, i + 1) })
    }

    /// "a quarter-million", "tre quarti di miliardo".
    fn fraction_scale(&self, at: usize) -> Option<Quantity> {
        let number = self.plain(at)?;
        let dash = |i: usize| usize::from(self.tokens.get(i).is_some_and(Token::is_dash));
        let mut i = number.end + dash(number.end);
        let divisor = find(self.lexicon.fractions, self.word(i))?;
        i += 1 + dash(i + 1);
        i += usize::from(self.lexicon.links.contains(&self.word(i)));
        i += usize::from(self.lexicon.one_articles.contains(&self.word(i)));
        let (scale, end) = scale_at(self.tokens, i, self.lexicon)?;
        let factor = power(scale.power)?;
        let value = factor.checked_mul(number.value)?;
        Some(Quantity { scale: Some(factor), ..bare(value.checked_div(Decimal::from(divisor))?, end) })
    }

    /// "una decina", "a dozen", "dozen"; a number before multiplies it ("due dozzine").
    fn collective(&self, at: usize) -> Option<Quantity> {
        let (times, i) = if find(self.lexicon.collectives, self.word(at)).is_some() {
            (Decimal::ONE, at)
        } else {
            let number = self.plain(at)?;
            (number.value, number.end)
        };
        let value = find(self.lexicon.collectives, self.word(i))?;
        let value = Decimal::from(value).checked_mul(times)?;
        Some(Quantity { vague: true, ..bare(value, i + 1) })
    }

    /// "(il) miliardo e mezzo": a singular scale after a definite article is one of it.
    fn bare_scale(&self, at: usize) -> Option<Quantity> {
        let before = at.checked_sub(1)?;
        if !self.lexicon.articles.contains(&self.word(before)) {
            return None;
        }
        let (scale, end) = scale_at(self.tokens, at, self.lexicon)?;
        let factor = power(scale.power)?;
        scale.singular.then(|| Quantity { scale: Some(factor), ..bare(factor, end) })
    }

    /// Digits, or number words, without scale.
    fn plain(&self, at: usize) -> Option<Quantity> {
        let token = self.tokens.get(at)?;
        let mut read = match token.kind {
            Kind::Number(value) => bare(value, at + 1),
            Kind::Word(_) => self.words(at)?,
            Kind::Symbol(_) => return None,
        };
        if self.lexicon.decimal_point.contains(&self.word(read.end))
            && let Some(fraction) = self.digits_or_words(read.end + 1)
        {
            let digits = fraction.value.normalize().to_string();
            let whole = read.value.trunc();
            read.value = format!("{whole}.{digits}").parse().ok()?;
            read.end = fraction.end;
            read.article = false;
        }
        Some(read)
    }

    fn digits_or_words(&self, at: usize) -> Option<Quantity> {
        let read = match self.tokens.get(at)?.kind {
            Kind::Number(value) => bare(value, at + 1),
            _ => self.words(at)?,
        };
        (read.value.fract().is_zero() && read.value < Decimal::ONE_THOUSAND).then_some(read)
    }

    /// Number words: as many as compose.
    fn words(&self, at: usize) -> Option<Quantity> {
        let lexicon = self.lexicon;
        let mut sum = Sum::default();
        let mut end = at;
        let mut i = at;
        loop {
            let word = self.word(i);
            if end > at && lexicon.and.contains(&word) && self.may_join(&sum, i + 1) {
                i += 1;
                continue;
            }
            if end > at && lexicon.hyphen_joins && self.joining_hyphen(i) {
                i += 1;
                continue;
            }
            if lexicon.one_and_half.contains(&word) && end == at {
                return Some(bare(Decimal::new(15, 1), i + 1));
            }
            let mut next = sum.clone();
            let Some(half) = next.add_word(word, lexicon) else {
                break;
            };
            sum = next;
            i += 1;
            end = i;
            if half {
                let value = Decimal::from(sum.value()?).checked_add(Decimal::new(5, 1))?;
                return Some(bare(value, end));
            }
        }
        (end > at).then_some(())?;
        Some(Quantity {
            article: end == at + 1 && lexicon.one_articles.contains(&self.word(at)),
            ..bare(Decimal::from(sum.value()?), end)
        })
    }

    fn joining_hyphen(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.glued && t.is_dash())
            && self.tokens.get(at + 1).is_some_and(|t| t.glued)
    }

    /// Whether the connector before token `next` can be part of the number read so far.
    fn may_join(&self, sum: &Sum, next: usize) -> bool {
        let mut after = Sum::default();
        if after.add_word(self.word(next), self.lexicon).is_none() {
            return false;
        }
        match self.lexicon.and_joins {
            AndJoins::Nothing => false,
            AndJoins::TensToUnits => sum.room >= 10 && sum.room < 100 && after.total() < 20,
            AndJoins::HundredsToRest => {
                self.connector == Connector::Joins && sum.room >= 100 && after.total() < 100
            }
        }
    }
}

fn bare(value: Decimal, end: usize) -> Quantity {
    Quantity { value, scale: None, vague: false, article: false, end }
}

/// Ten to the given power.
fn power(exponent: u32) -> Option<Decimal> {
    10_u64.checked_pow(exponent).map(Decimal::from)
}
