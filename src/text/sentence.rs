//! Sentences, for the evidence that an event is shown with.
//!
//! Boundaries are Unicode's (UAX #29, by `unicode-segmentation`), mended where news breaks them: after abbreviations
//! and initials ("S.p.A. ha", "Sig. Rossi", "J. Smith"), and always at a line break.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Words that end in a full stop in the middle of a sentence, in the five languages, lower case and without the stop.
const ABBREVIATIONS: &[&str] = &[
    "a.d", "art", "avv", "banc", "ca", "cfr", "co", "corp", "dott", "dr", "ecc", "es", "etc", "fig", "inc",
    "ing", "jr", "ltd", "mio", "mln", "mld", "mr", "mrd", "mrs", "ms", "n", "nr", "nº", "p", "pag", "prof",
    "rag", "s.a", "s.p.a", "s.r.l", "sig", "sr", "sra", "st", "u.s", "vs", "z.b", "bn", "m", "mme", "gen",
    "feb", "mar", "apr", "jan", "aug", "sept", "oct", "nov", "dec", "dic", "ott", "set", "lug", "giu", "no",
];

/// The sentences of a text as byte ranges, trimmed, in order; blank ones are left out.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut open: Option<Range<usize>> = None;
        for (at, piece) in line.split_sentence_bound_indices() {
            let here = line_start + at..line_start + at + piece.len();
            let range = open.take().map_or(here.clone(), |o| o.start..here.end);
            if ends_in_abbreviation(&text[range.clone()]) {
                open = Some(range);
            } else {
                push_trimmed(&mut out, text, range);
            }
        }
        if let Some(range) = open {
            push_trimmed(&mut out, text, range);
        }
        line_start += line.len();
    }
    out
}

fn push_trimmed(out: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    if start < end {
        out.push(start..end);
    }
}

fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(body) = sentence.trim_end().strip_suffix('.') else { return false };
    let last = body.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '«' | '\'' | '’')).next();
    let word = last.unwrap_or_default().to_lowercase();
    let initial = word.chars().count() == 1 && last.is_some_and(|w| w.chars().all(char::is_uppercase));
    initial || ABBREVIATIONS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn stops_end_sentences_and_abbreviations_do_not() {
        assert_eq!(
            split("La Alfa S.p.A. ha comprato Beta. Lo dice il prof. Rossi. Fine"),
            ["La Alfa S.p.A. ha comprato Beta.", "Lo dice il prof. Rossi.", "Fine"]
        );
        assert_eq!(split("J. Smith sold it. Really?  Yes!"), ["J. Smith sold it.", "Really?", "Yes!"]);
    }

    #[test]
    fn lines_are_sentences_and_blank_ones_vanish() {
        assert_eq!(split("Titolo senza punto\n\nCorpo.\n \n"), ["Titolo senza punto", "Corpo."]);
        assert!(split("").is_empty());
    }
}
