//! Windows over a document's tokens: what the encoder can see at once.
//!
//! Windows overlap; each token is taken from the window that gives it most context, so that nothing is truncated and
//! no token is read at a window's edge when another window sees it whole. The recipe's `features.py` does the same.

use std::ops::Range;

/// The windows of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Token ranges, in order; together they cover every token.
    pub spans: Vec<Range<usize>>,
    /// For each token the index of the window it is read from.
    pub owner: Vec<usize>,
}

impl Windows {
    /// For each token its row among the rows of all windows, each window standing between so many special tokens.
    #[must_use]
    pub fn rows(&self, before: usize, after: usize) -> Vec<usize> {
        let mut firsts = Vec::with_capacity(self.spans.len());
        let mut at = before;
        for span in &self.spans {
            firsts.push(at);
            at += span.len() + after + before;
        }
        self.owner.iter().enumerate().map(|(token, &w)| firsts[w] + token - self.spans[w].start).collect()
    }
}

/// Windows of at most `size` tokens, neighbours sharing `overlap`, over `count` tokens.
///
/// An overlap of `size` or more is taken as `size - 1`; a size of 0 as 1. No tokens give one empty window.
#[must_use]
pub fn windows(count: usize, size: usize, overlap: usize) -> Windows {
    let size = size.max(1);
    let overlap = overlap.min(size - 1);
    if count <= size {
        return Windows { spans: std::iter::once(0..count).collect(), owner: vec![0; count] };
    }
    let step = size - overlap;
    let spans: Vec<Range<usize>> =
        (0..count - overlap).step_by(step).map(|start| start..(start + size).min(count)).collect();
    let mut owner = vec![0; count];
    let mut best = vec![None; count];
    for (w, span) in spans.iter().enumerate() {
        for t in span.clone() {
            // The document's own ends are no edges: nothing lies beyond them.
            let left = if span.start == 0 { count } else { t - span.start };
            let right = if span.end == count { count } else { span.end - 1 - t };
            let context = left.min(right);
            if best[t].is_none_or(|b| context > b) {
                best[t] = Some(context);
                owner[t] = w;
            }
        }
    }
    Windows { spans, owner }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_document_is_one_window() {
        assert_eq!(windows(3, 5, 2), Windows { spans: std::iter::once(0..3).collect(), owner: vec![0; 3] });
        assert_eq!(windows(0, 5, 2).spans, vec![0..0]);
    }

    #[test]
    fn tokens_come_from_the_window_with_most_context() {
        let w = windows(10, 6, 2);
        assert_eq!(w.spans, [0..6, 4..10]);
        assert_eq!(w.owner, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn rows_skip_the_special_tokens() {
        // [a 0..6 b] [a 4..10 b]: the second window's token 4 stands at row 9, its token 5 at row 10.
        assert_eq!(windows(10, 6, 2).rows(1, 1), [1, 2, 3, 4, 5, 10, 11, 12, 13, 14]);
    }

    proptest! {
        #[test]
        fn every_token_is_inside_its_window(count in 0usize..3000, size in 0usize..600, overlap in 0usize..700) {
            let w = windows(count, size, overlap);
            prop_assert_eq!(w.owner.len(), count);
            for (t, owner) in w.owner.iter().enumerate() {
                prop_assert!(w.spans[*owner].contains(&t));
            }
            for span in &w.spans {
                prop_assert!(span.len() <= size.max(1));
            }
        }
    }
}
