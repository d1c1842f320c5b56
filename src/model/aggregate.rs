//! From a label for each token to labelled stretches: the "simple" strategy of transformers.
//!
//! A token joins the one before it when both name the same entity type and it does not begin an entity itself; `I-` may
//! open one. Beyond transformers, labels that end an entity (`E-`, `L-`) or are one whole (`S-`, `U-`) are understood.

use std::collections::HashSet;
use std::ops::Range;

/// What a label says about its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where in an entity the token stands; `None` outside of all.
    pub place: Option<Place>,
    /// The entity type: the label without its prefix.
    pub kind: String,
}

/// Where in an entity a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `B-`: begins one.
    Begin,
    /// `I-`, or a label without prefix: continues one, or opens one where there is none to continue.
    Inside,
    /// `E-` or `L-`: as inside, and the entity ends.
    End,
    /// `S-` or `U-`: is one by itself.
    Single,
}

/// The labels of a model as tags.
///
/// `E-`, `L-`, `S-` and `U-` count as prefixes only where the same map has `B-` or `I-` for the type: `E-MAIL` beside
/// `PHONE` is a type of that name.
#[must_use]
pub fn tags(labels: &[String]) -> Vec<Tag> {
    let chunked: HashSet<&str> = labels
        .iter()
        .filter_map(|label| label.strip_prefix("B-").or_else(|| label.strip_prefix("I-")))
        .collect();
    labels.iter().map(|label| tag(label, &chunked)).collect()
}

fn tag(label: &str, chunked: &HashSet<&str>) -> Tag {
    let tag = |place, kind: &str| Tag { place, kind: kind.to_owned() };
    if label == "O" {
        return tag(None, label);
    }
    match label.split_once('-') {
        Some(("B", kind)) => tag(Some(Place::Begin), kind),
        Some(("I", kind)) => tag(Some(Place::Inside), kind),
        Some(("E" | "L", kind)) if chunked.contains(kind) => tag(Some(Place::End), kind),
        Some(("S" | "U", kind)) if chunked.contains(kind) => tag(Some(Place::Single), kind),
        _ => tag(Some(Place::Inside), label),
    }
}

/// A token with its likeliest label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    /// Where the token starts, in Unicode scalar values.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The index of its label.
    pub label: usize,
    /// The label's probability.
    pub score: f32,
}

/// A stretch of tokens that are one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// Where the first token starts.
    pub start: usize,
    /// Where the last token ends.
    pub end: usize,
    /// The entity type.
    pub kind: &'a str,
    /// The mean of the tokens' probabilities.
    pub score: f32,
}

/// The entities of a text's tokens, in order. A label that `tags` lacks is outside.
#[must_use]
pub fn group<'a>(tokens: &[Labelled], tags: &'a [Tag]) -> Vec<Group<'a>> {
    let mut runs: Vec<(Range<usize>, &str)> = Vec::new();
    // Whether the next token may join the last run.
    let mut open = false;
    for (at, token) in tokens.iter().enumerate() {
        let Some((place, kind)) = tags.get(token.label).and_then(|tag| Some((tag.place?, tag.kind.as_str())))
        else {
            open = false;
            continue;
        };
        let joins = open && matches!(place, Place::Inside | Place::End);
        match runs.last_mut() {
            Some((run, before)) if joins && *before == kind => run.end = at + 1,
            _ => runs.push((at..at + 1, kind)),
        }
        open = matches!(place, Place::Begin | Place::Inside);
    }
    runs.into_iter().filter_map(|(run, kind)| whole(tokens.get(run)?, kind)).collect()
}

fn whole<'a>(tokens: &[Labelled], kind: &'a str) -> Option<Group<'a>> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let score = tokens.iter().map(|token| token.score).sum::<f32>() / tokens.len() as f32;
    Some(Group { start: first.start, end: last.end, kind, score })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of a row of labels, as `TYPE first-last`.
    fn grouped(map: &[&str], row: &[&str]) -> Vec<String> {
        let labels: Vec<String> = map.iter().map(|label| (*label).to_owned()).collect();
        let tokens: Vec<Labelled> = row
            .iter()
            .enumerate()
            .map(|(n, label)| Labelled {
                start: n,
                end: n + 1,
                label: map.iter().position(|known| known == label).expect("a label of the map"),
                score: 0.5,
            })
            .collect();
        group(&tokens, &tags(&labels))
            .iter()
            .map(|g| format!("{} {}-{}", g.kind, g.start, g.end - 1))
            .collect()
    }

    const BIO: &[&str] = &["O", "B-PER", "I-PER", "B-ORG", "I-ORG"];

    #[test]
    fn tokens_of_one_type_join() {
        assert_eq!(grouped(BIO, &["B-PER", "I-PER", "O", "I-PER"]), ["PER 0-1", "PER 3-3"]);
        assert_eq!(grouped(BIO, &["I-PER", "I-PER", "B-PER", "I-ORG"]), ["PER 0-1", "PER 2-2", "ORG 3-3"]);
        assert_eq!(grouped(BIO, &["B-ORG", "I-PER", "I-ORG"]), ["ORG 0-0", "PER 1-1", "ORG 2-2"]);
        assert!(grouped(BIO, &["O", "O"]).is_empty());
        assert!(grouped(BIO, &[]).is_empty());
    }

    #[test]
    fn ends_and_singles_close() {
        let map = &["O", "B-X", "I-X", "E-X", "S-X"];
        assert_eq!(grouped(map, &["B-X", "I-X", "E-X", "I-X", "E-X"]), ["X 0-2", "X 3-4"]);
        assert_eq!(grouped(map, &["S-X", "S-X", "I-X", "S-X"]), ["X 0-0", "X 1-1", "X 2-2", "X 3-3"]);
        let map = &["O", "B-X", "I-X", "L-X", "U-X"];
        assert_eq!(grouped(map, &["U-X", "B-X", "L-X", "L-X"]), ["X 0-0", "X 1-2", "X 3-3"]);
    }

    #[test]
    fn labels_without_prefix_are_types() {
        let map = &["O", "PER", "E-MAIL", "S-CORP"];
        assert_eq!(
            grouped(map, &["PER", "PER", "O", "E-MAIL", "E-MAIL", "S-CORP"]),
            ["PER 0-1", "E-MAIL 3-4", "S-CORP 5-5"]
        );
        let map = &["LABEL_0", "LABEL_1"];
        assert_eq!(grouped(map, &["LABEL_0", "LABEL_1", "LABEL_1"]), ["LABEL_0 0-0", "LABEL_1 1-2"]);
    }

    #[test]
    fn the_score_is_the_mean() {
        let tags = tags(&BIO.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>());
        let token = |n, score| Labelled { start: n, end: n + 1, label: 2, score };
        let groups = group(&[token(0, 0.25), token(1, 0.75)], &tags);
        assert_eq!(groups, [Group { start: 0, end: 2, kind: "PER", score: 0.5 }]);
        assert!(group(&[Labelled { label: 9, ..token(0, 1.0) }], &tags).is_empty());
    }
}
