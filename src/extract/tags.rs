//! BIOES tags to spans: the best sequence that the scheme allows (Viterbi).

use super::probability::softmax;

/// A decoded span of tokens, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// Index of the kind.
    pub kind: usize,
    /// The mean probability of the span's tags.
    pub score: f32,
}

/// The part that a tag plays; tags are `O`, then `B I E S` of each kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Outside,
    Begin,
    Inside,
    End,
    Single,
}

fn part(tag: usize) -> (Part, usize) {
    match tag.checked_sub(1) {
        None => (Part::Outside, usize::MAX),
        Some(at) => ([Part::Begin, Part::Inside, Part::End, Part::Single][at % 4], at / 4),
    }
}

/// Whether a tag may follow another; `None` stands for the edge of the document.
fn follows(before: Option<usize>, after: Option<usize>) -> bool {
    let open =
        before.map(part).filter(|(p, _)| matches!(p, Part::Begin | Part::Inside)).map(|(_, kind)| kind);
    match after.map(part) {
        Some((Part::Inside | Part::End, kind)) => open == Some(kind),
        Some(_) | None => open.is_none(),
    }
}

/// The spans of the most probable allowed tag sequence. `logits` holds a row of `1 + 4 · kinds` a token.
#[must_use]
pub fn decode(logits: &[Vec<f32>]) -> Vec<Span> {
    let Some(width) = logits.first().map(Vec::len) else { return Vec::new() };
    let allowed: Vec<Vec<usize>> =
        (0..width).map(|to| (0..width).filter(|from| follows(Some(*from), Some(to))).collect()).collect();
    let probabilities: Vec<Vec<f32>> = logits.iter().map(|row| softmax(row)).collect();
    let mut best: Vec<f32> = (0..width)
        .map(|to| if follows(None, Some(to)) { probabilities[0][to].ln() } else { f32::NEG_INFINITY })
        .collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(logits.len());
    for row in &probabilities[1..] {
        let mut next = vec![f32::NEG_INFINITY; width];
        let mut from = vec![0; width];
        for to in 0..width {
            for &f in &allowed[to] {
                if best[f] > next[to] {
                    next[to] = best[f];
                    from[to] = f;
                }
            }
            next[to] += row[to].ln();
        }
        best = next;
        back.push(from);
    }
    let mut tag = (0..width)
        .filter(|tag| follows(Some(*tag), None))
        .max_by(|a, b| best[*a].total_cmp(&best[*b]))
        .unwrap_or_default();
    let mut tags = vec![tag];
    for from in back.iter().rev() {
        tag = from[tag];
        tags.push(tag);
    }
    tags.reverse();
    spans(&tags, &probabilities)
}

fn spans(tags: &[usize], probabilities: &[Vec<f32>]) -> Vec<Span> {
    let mut out = Vec::new();
    let mut first = 0;
    for (at, &tag) in tags.iter().enumerate() {
        let (role, kind) = part(tag);
        if matches!(role, Part::Begin | Part::Single) {
            first = at;
        }
        if matches!(role, Part::End | Part::Single) {
            let sum: f32 = (first..=at).map(|t| probabilities[t][tags[t]]).sum();
            out.push(Span { first, last: at, kind, score: sum / (at + 1 - first) as f32 });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Logits that favour one tag a token.
    fn rows(tags: &[usize], width: usize) -> Vec<Vec<f32>> {
        tags.iter().map(|t| (0..width).map(|i| if i == *t { 4.0 } else { 0.0 }).collect()).collect()
    }

    fn bounds(logits: &[Vec<f32>]) -> Vec<(usize, usize, usize)> {
        decode(logits).into_iter().map(|s| (s.first, s.last, s.kind)).collect()
    }

    #[test]
    fn whole_spans_are_read() {
        // O B-0 I-0 E-0 S-1 O
        assert_eq!(bounds(&rows(&[0, 1, 2, 3, 8, 0], 9)), [(1, 3, 0), (4, 4, 1)]);
        assert!(decode(&[]).is_empty());
    }

    #[test]
    fn a_broken_sequence_becomes_the_nearest_allowed_one() {
        // B-0 E-0 with a weak slip to kind 1 inside stays one span of kind 0.
        let mut logits = rows(&[1, 6, 3], 9);
        logits[1][2] = 3.5;
        assert_eq!(bounds(&logits), [(0, 2, 0)]);
    }

    proptest! {
        #[test]
        fn spans_never_overlap(values in prop::collection::vec(prop::collection::vec(-5f32..5.0, 9), 0..30)) {
            let spans = decode(&values);
            for pair in spans.windows(2) {
                prop_assert!(pair[0].last < pair[1].first);
            }
            for s in &spans {
                prop_assert!(s.first <= s.last && s.last < values.len() && s.score > 0.0 && s.score <= 1.0);
            }
        }
    }
}
