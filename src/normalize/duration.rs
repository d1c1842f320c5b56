//! Lengths of time: "della durata di 84 mesi" is `P84M`, "settennale" `P7Y`.

mod neighbours;
mod scale;

use std::ops::Range;

use rust_decimal::Decimal;

use self::scale::{rank, scale};
use super::Span;
use super::calendar::{Calendar, for_lang};
use super::folded::{Kind, Word, fold, join, longest, phrase_length, words};
use super::number::cardinal;
use crate::schema::{Lang, Period};

/// Words of a number, at most: "ninety-nine and a half".
const MOST_COUNT_WORDS: usize = 8;

/// The period that the text says, in its own units; `None` when it gives no number ("multi-year").
///
/// Bounds do not count: "fino a dodici anni" and "oltre dieci anni" are their number. An option of
/// renewal does not either: "3+2 anni" is `P3Y`. A range ("da tre a cinque anni") is no period.
#[must_use]
pub fn duration(span: Span<'_>, lang: Lang) -> Option<Period> {
    let reader = Reader { calendar: for_lang(lang), lang };
    let inside = words(span.text);
    if let Some(found) = reader.first_period(&inside) {
        return match found {
            Reading::Period(period, range) => {
                let missed = if range.start == 0 { reader.missed_count(&inside, span.left) } else { None };
                missed.or_else(|| Some(reader.half_after_span(&inside, &range, span.right, period)))
            }
            Reading::Range => None,
        };
    }
    reader.with_neighbours(&inside, span)
}

/// What a text says about a length of time.
pub(super) enum Reading {
    /// One period, and the words that say it.
    Period(Period, Range<usize>),
    /// Two bounds: neither is the length.
    Range,
}

/// The first period of the words, for dates told by one ("due anni fa").
pub(super) fn period_within(words: &[Word<'_>], lang: Lang) -> Option<(Period, Range<usize>)> {
    match (Reader { calendar: for_lang(lang), lang }).first_period(words)? {
        Reading::Period(period, range) => Some((period, range)),
        Reading::Range => None,
    }
}

struct Reader {
    calendar: &'static Calendar,
    lang: Lang,
}

impl Reader {
    fn first_period(&self, words: &[Word<'_>]) -> Option<Reading> {
        for at in 0..words.len() {
            match self.period_with_unit_at(words, at) {
                Some(Reading::Period(period, range)) => {
                    return Some(self.with_smaller_units(words, period, range));
                }
                other @ Some(Reading::Range) => return other,
                None => {}
            }
        }
        None
    }

    /// The period whose unit, or whose only word, begins at `at`.
    fn period_with_unit_at(&self, words: &[Word<'_>], at: usize) -> Option<Reading> {
        let counted = longest(&words[at..], self.calendar.counted);
        let length = longest(&words[at..], self.calendar.lengths);
        let (size, unit, alone) = match (counted, length) {
            (Some((size, unit)), other) if other.is_none_or(|(longer, _)| longer < size) => {
                (size, unit, false)
            }
            (_, Some((size, unit))) => (size, unit, true),
            _ => {
                return self.single_word(words.get(at)?).map(|period| Reading::Period(period, at..at + 1));
            }
        };
        let end = at + size;
        // "Une quinzaine d'années": the word is a count here, and the unit follows.
        let next_unit = words.get(end + 1..).and_then(|rest| longest(rest, self.calendar.counted));
        if alone && next_unit.is_some() && ["d", "de"].contains(&words[end].folded.as_str()) {
            return None;
        }
        let half = longest(&words[end..], self.calendar.and_half).map(|(extra, ())| extra);
        let counted = self.count_before(words, at);
        // "Half a year" has a count too, "a"; "two and a half years" a half.
        let halved =
            self.half_before(words, at).filter(|start| counted.is_none_or(|(_, other)| *start < other));
        if let Some(start) = halved {
            return Some(Reading::Period(scale(unit, Decimal::new(5, 1))?, start..end));
        }
        if let Some((count, start)) = counted {
            if self.is_range(words, start, count) {
                return Some(Reading::Range);
            }
            let (count, start) = self.count_before_plus(words, start).unwrap_or((count, start));
            let count = if half.is_some() { count.checked_add(Decimal::new(5, 1))? } else { count };
            return Some(Reading::Period(scale(unit, count)?, start..end + half.unwrap_or(0)));
        }
        if let Some(extra) = half {
            // "Año y medio"
            return Some(Reading::Period(scale(unit, Decimal::new(15, 1))?, at..end + extra));
        }
        if alone {
            return Some(Reading::Period(unit, at..end));
        }
        // Office style puts the count behind: "mesi 24", "anni: cinque".
        let behind = end + usize::from(words.get(end).is_some_and(|w| w.is(':')));
        let count = words.get(behind..=behind).and_then(|one| cardinal(&join(one), self.lang))?;
        Some(Reading::Period(scale(unit, count)?, at..behind + 1))
    }

    /// "Settennale", "zehnjährig", "Fünfjahresvertrag".
    fn single_word(&self, word: &Word<'_>) -> Option<Period> {
        let (stems, endings) = self.calendar.length_stems;
        let by_stem = stems
            .iter()
            .find(|(stem, _)| word.folded.strip_prefix(stem).is_some_and(|e| endings.contains(&e)));
        if let Some((_, period)) = by_stem {
            return Some(*period);
        }
        self.calendar.compound_units.iter().find_map(|(part, unit)| {
            let (head, _) = word.folded.split_once(part)?;
            // The number words want their accents, so the head is cut from the text itself.
            let lower = word.text.to_lowercase();
            let head =
                lower.char_indices().map(|(end, _)| &lower[..end]).find(|start| fold(start) == head)?;
            scale(*unit, self.count(head)?)
        })
    }

    /// The count that ends before `end`, and its first word.
    fn count_before(&self, words: &[Word<'_>], mut end: usize) -> Option<(Decimal, usize)> {
        if end > 0 && words[end - 1].is_dash() {
            end -= 1;
        }
        if end > 0 && words[end - 1].is(')') {
            // "24 (ventiquattro) mesi"
            end = words[..end].iter().rposition(|w| w.is('('))?;
        }
        let tightly = self.count_ending_at(words, end);
        // One adjective may stand between: "cinque lunghi anni".
        tightly.or_else(|| {
            let adjective = end.checked_sub(1).filter(|last| words[*last].kind == Kind::Letters)?;
            // An article there would belong to a vague word: "a few years".
            self.count_ending_at(words, adjective).filter(|(count, _)| *count > Decimal::ONE)
        })
    }

    /// "3+2 anni": what follows the plus is an option, the count stands before it.
    fn count_before_plus(&self, words: &[Word<'_>], start: usize) -> Option<(Decimal, usize)> {
        let undashed = words[..start].iter().rposition(|w| !w.is_dash())?;
        let plus = words[undashed].is('+') || self.calendar.plus.contains(&words[undashed].folded.as_str());
        if plus { self.count_before(words, undashed) } else { None }
    }

    fn count_ending_at(&self, words: &[Word<'_>], end: usize) -> Option<(Decimal, usize)> {
        let first = end.saturating_sub(MOST_COUNT_WORDS);
        (first..end).find_map(|start| {
            let run = &words[start..end];
            let halved = self.calendar.and_half.iter().find_map(|(phrase, ())| {
                let size = phrase.split(' ').count();
                let cut = run.len().checked_sub(size).filter(|cut| *cut > 0)?;
                phrase_length(&run[cut..], phrase).map(|_| cut)
            });
            let count = match halved {
                Some(cut) => self.count(&join(&run[..cut]))?.checked_add(Decimal::new(5, 1))?,
                None => self.count_of_run(run)?,
            };
            Some((count, start))
        })
    }

    fn count_of_run(&self, run: &[Word<'_>]) -> Option<Decimal> {
        let text = join(run);
        self.count(&text).or_else(|| {
            // Italian drops the last vowel before "anni": trent'anni, vent'anni, cent'anni.
            let elided = self.lang == Lang::It && run.last()?.kind == Kind::Letters;
            if !elided {
                return None;
            }
            ["a", "i", "o", "e"].iter().find_map(|vowel| cardinal(&format!("{text}{vowel}"), self.lang))
        })
    }

    fn count(&self, text: &str) -> Option<Decimal> {
        let split = words(text);
        let listed = longest(&split, self.calendar.counts).filter(|(size, _)| *size == split.len());
        match listed {
            Some((_, tenths)) => Some(Decimal::new(i64::from(tenths), 1)),
            None if split.is_empty() => None,
            None => cardinal(text, self.lang),
        }
    }

    /// Whether the count that begins at `start` is the upper bound of a range.
    fn is_range(&self, words: &[Word<'_>], start: usize, upper: Decimal) -> bool {
        let joiners = self.calendar.to.iter().filter_map(|to| {
            let size = to.split(' ').count();
            let at = start.checked_sub(size)?;
            phrase_length(&words[at..start], to).map(|_| at)
        });
        let dash = start.checked_sub(1).filter(|at| words[*at].is_dash());
        // "4 milioni a sei anni" is no range: its first number is the greater.
        joiners.chain(dash).any(|at| self.count_ending_at(words, at).is_some_and(|(lower, _)| lower < upper))
    }

    /// The word of "half a" before a unit.
    fn half_before(&self, words: &[Word<'_>], at: usize) -> Option<usize> {
        let fits = self.calendar.half_of.iter().filter_map(|(phrase, ())| {
            let start = at.checked_sub(phrase.split(' ').count())?;
            phrase_length(&words[start..at], phrase).map(|_| start)
        });
        fits.min()
    }

    /// "Un anno e tre mesi": smaller units that follow are added.
    fn with_smaller_units(&self, words: &[Word<'_>], mut period: Period, mut range: Range<usize>) -> Reading {
        while let Some((next, end)) = self.smaller_unit_after(words, range.end, period) {
            let Some(sum) = period.checked_add(next) else {
                break;
            };
            period = sum;
            range.end = end;
        }
        Reading::Period(period, range)
    }

    fn smaller_unit_after(&self, words: &[Word<'_>], from: usize, period: Period) -> Option<(Period, usize)> {
        let joined =
            words.get(from).is_some_and(|w| self.calendar.and.contains(&w.folded.as_str()) || w.is(','));
        let from = from + usize::from(joined);
        let last = words.len().min(from + MOST_COUNT_WORDS);
        (from..last).find_map(|at| match self.period_with_unit_at(&words[from..], at - from)? {
            Reading::Period(next, range) if range.start == 0 && rank(next) > rank(period) => {
                Some((next, from + range.end))
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, lang: Lang) -> Option<String> {
        duration(Span { text, left: "", right: "" }, lang).map(|p| p.to_string())
    }

    #[test]
    fn an_option_of_renewal_does_not_count() {
        assert_eq!(read("3+2 anni", Lang::It).as_deref(), Some("P3Y"));
    }

    #[test]
    fn a_range_is_no_period() {
        assert_eq!(read("da 3 a 5 anni", Lang::It), None);
        assert_eq!(read("3-5 years", Lang::En), None);
    }
}
