//! Mentions: the names, descriptions and terms that the tag layers find.

use super::reading::Reading;
use super::tags::{Span, decode};
use crate::model::deal::features::fold_words;
use crate::model::deal::{DealConfig, TagLogits};
use crate::schema::{Evidence, MentionKind};

/// A mention in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// Index of the kind among the model's kinds.
    pub kind_index: usize,
    /// The kind.
    pub kind: MentionKind,
    /// How sure the tagger is, 0 to 1.
    pub score: f32,
    /// First character.
    pub start: usize,
    /// After the last character.
    pub end: usize,
    /// Its words as names are compared.
    pub words: Vec<String>,
}

impl Mention {
    /// The mention as a stretch of the read text.
    #[must_use]
    pub fn evidence(&self, reading: &Reading) -> Evidence {
        Evidence {
            start: self.start,
            end: self.end,
            text: reading.text.slice(self.start..self.end).to_owned(),
            kind: Some(self.kind),
        }
    }
}

/// All mentions of a document, in order.
#[must_use]
pub fn mentions(reading: &Reading, config: &DealConfig, tags: &TagLogits) -> Vec<Mention> {
    let nominal = config.kinds.len() - 1;
    let named = decode(&tags.names);
    let nominals = decode(&tags.nominals).into_iter().map(|s| Span { kind: nominal, ..s });
    let mut out: Vec<Mention> =
        named.into_iter().chain(nominals).filter_map(|s| mention(reading, config, s)).collect();
    out.sort_by_key(|m| (m.first, m.last, m.kind_index));
    out
}

/// Punctuation that a piece may carry and that belongs to no mention's edge.
const STRAY: &[char] = &[',', ';', ':', '"', '“', '”', '«', '»', '(', ')', '[', ']', '\'', '’', '‘'];

fn mention(reading: &Reading, config: &DealConfig, span: Span) -> Option<Mention> {
    let kind = *config.kinds.get(span.kind)?;
    let tokens = &reading.tokens[span.first..=span.last];
    let mut start = tokens.iter().find(|t| t.end > t.start)?.start;
    let mut end = tokens.iter().map(|t| t.end).max()?;
    let text = reading.text.slice(start..end);
    let stray = |c: char| c.is_whitespace() || STRAY.contains(&c);
    start += text.chars().take_while(|c| stray(*c)).count();
    end -= text.chars().rev().take_while(|c| stray(*c)).count().min(end - start);
    if start >= end {
        return None;
    }
    let words = fold_words(reading.text.slice(start..end));
    Some(Mention {
        first: span.first,
        last: span.last,
        kind_index: span.kind,
        kind,
        score: span.score,
        start,
        end,
        words,
    })
}
