//! The discrete features of a pair: distances as buckets, names as likeness flags.
//!
//! The same functions stand in the recipe's `features.py`.

use crate::normalize::legal_form::LEGAL_FORMS;

/// Bucket of a signed token distance: `0..=n` for a later or equal token, then as many again for an earlier one.
#[must_use]
pub fn distance_bucket(delta: i64, bounds: &[usize]) -> u32 {
    let size = delta.unsigned_abs() as usize;
    let bucket = bounds.iter().filter(|bound| **bound <= size).count();
    (if delta < 0 { bucket + bounds.len() + 1 } else { bucket }) as u32
}

/// The number of distance buckets for these bounds.
#[must_use]
pub fn distance_buckets(bounds: &[usize]) -> usize {
    2 * (bounds.len() + 1)
}

/// Paragraphs apart, −3 to 3, as 0 to 6.
#[must_use]
pub fn paragraph_bucket(delta: i64) -> u32 {
    (delta.clamp(-3, 3) + 3) as u32
}

/// The number of [`paragraph_bucket`]s.
pub const PARAGRAPH_BUCKETS: usize = 7;
/// The number of [`between_bucket`] values.
pub const BETWEEN_BUCKETS: usize = 10;
/// The number of [`likeness`] flags.
pub const LIKENESS_FLAGS: usize = 6;

/// For an anchor token and a mention that is number `rank` of the mentions of its kind, `before` of which start before
/// the anchor: how many of the kind lie between (0 to 4), plus 5 when the mention comes first.
#[must_use]
pub fn between_bucket(rank: usize, before: usize) -> u32 {
    if rank >= before { (rank - before).min(4) as u32 } else { (before - 1 - rank).min(4) as u32 + 5 }
}

/// A name's words as they are compared: lower case, without punctuation and final legal form.
#[must_use]
pub fn fold_words(name: &str) -> Vec<String> {
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(|c| *c != '.')
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let mut words: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
    while words.len() > 1 && words.last().is_some_and(|w| LEGAL_FORMS.contains(&w.as_str())) {
        words.pop();
    }
    words
}

/// Flags for two names' words: equal, one within the other, same first, same last, acronym, a long word in common.
#[must_use]
pub fn likeness(a: &[String], b: &[String]) -> [f32; LIKENESS_FLAGS] {
    let (Some(first_a), Some(first_b), Some(last_a), Some(last_b)) =
        (a.first(), b.first(), a.last(), b.last())
    else {
        return [0.0; LIKENESS_FLAGS];
    };
    let within = |x: &[String], y: &[String]| x.iter().all(|w| y.contains(w));
    let (short, long) = if b.len() < a.len() { (b, a) } else { (a, b) };
    let acronym = short.len() == 1 && long.len() > 1 && short[0].chars().count() > 1 && {
        let initials = |least: usize| -> String {
            long.iter().filter(|w| w.chars().count() > least).filter_map(|w| w.chars().next()).collect()
        };
        short[0] == initials(0) || short[0] == initials(2)
    };
    let flags = [
        a == b,
        within(a, b) || within(b, a),
        first_a == first_b,
        last_a == last_b,
        acronym,
        a.iter().any(|w| w.chars().count() > 3 && b.contains(w)),
    ];
    flags.map(|f| f32::from(u8::from(f)))
}

/// For every token the number of line-break runs before it.
#[must_use]
pub fn paragraphs(text: &str, starts: impl Iterator<Item = usize>) -> Vec<i64> {
    let mut runs = Vec::new();
    let mut blank_since_break = false;
    for (at, c) in text.chars().enumerate() {
        if c == '\n' {
            if !blank_since_break {
                runs.push(at);
            }
            blank_since_break = true;
        } else if !c.is_whitespace() {
            blank_since_break = false;
        }
    }
    starts.map(|start| runs.partition_point(|run| *run <= start) as i64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [usize; 11] = [1, 2, 3, 5, 8, 16, 32, 64, 128, 256, 512];

    #[test]
    fn buckets() {
        assert_eq!([0, 1, 4, 511, 512, 9999].map(|d| distance_bucket(d, &BOUNDS)), [0, 1, 3, 10, 11, 11]);
        assert_eq!([-1, -600].map(|d| distance_bucket(d, &BOUNDS)), [13, 23]);
        assert_eq!([-9, 0, 2].map(paragraph_bucket), [0, 3, 5]);
        assert_eq!((between_bucket(2, 2), between_bucket(1, 2), between_bucket(9, 0)), (0, 5, 4));
    }

    #[test]
    fn names_are_alike() {
        let w = fold_words;
        assert_eq!(w("Alfa Beta S.p.A."), ["alfa", "beta"]);
        assert_eq!(likeness(&w("Alfa Beta S.p.A."), &w("Alfa")), [0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(likeness(&w("AWS"), &w("Amazon Web Services"))[4], 1.0);
        assert_eq!(likeness(&w("Cdp"), &w("Cassa depositi e prestiti"))[4], 1.0);
        assert_eq!(likeness(&w("..."), &w("Alfa")), [0.0; 6]);
    }

    #[test]
    fn paragraphs_count_line_breaks_once() {
        assert_eq!(paragraphs("ab\n \ncd\nef", [0, 5, 8].into_iter()), [0, 1, 2]);
    }
}
