//! Triggers: the words that state a deal.
//!
//! Exact trigger boundaries are hard to learn and not needed: a run of tokens that the model holds for part of a trigger
//! anchors an event.

use super::probability::sigmoid;
use super::reading::Reading;

/// A run of trigger tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trigger {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The greatest probability in the run.
    pub score: f32,
    /// First character.
    pub start: usize,
    /// After the last character.
    pub end: usize,
}

/// Runs of tokens whose probability exceeds the threshold, cut at line breaks.
#[must_use]
pub fn triggers(reading: &Reading, logits: &[f32], threshold: f32) -> Vec<Trigger> {
    let mut out: Vec<Trigger> = Vec::new();
    let mut open = false;
    for (at, (token, logit)) in reading.tokens.iter().zip(logits).enumerate() {
        let p = sigmoid(*logit);
        if p <= threshold || (token.start == token.end && !open) {
            open = false;
            continue;
        }
        let same_line = at > 0 && reading.paragraphs[at] == reading.paragraphs[at - 1];
        match out.last_mut() {
            Some(run) if open && same_line => {
                run.last = at;
                run.end = token.end;
                run.score = run.score.max(p);
            }
            _ => out.push(Trigger { first: at, last: at, score: p, start: token.start, end: token.end }),
        }
        open = true;
    }
    out
}
