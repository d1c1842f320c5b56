//! Triggers with mentions: which role or term a mention has in the deal that a trigger states.

use std::collections::HashMap;

use candle_core::Tensor;

use super::mentions::Mention;
use super::probability::{pool, sigmoid};
use super::reading::Reading;
use super::triggers::Trigger;
use crate::model::ModelError;
use crate::model::deal::features::{between_bucket, distance_bucket, paragraph_bucket};
use crate::model::deal::{DealModel, Places};

/// Tokens between two spans beyond which they are not paired: further than training documents are long.
pub const REACH: usize = 900;
/// Tokens at the head of a document (title, lead) that every trigger is paired with.
const HEAD: usize = 96;
/// Triggers that are computed at once.
const ROWS: usize = 16;

/// Scores of triggers with mentions, for the pairs that are near enough.
pub struct Arguments {
    /// For each trigger its mentions, in order, and where their scores start.
    rows: Vec<HashMap<usize, usize>>,
    scores: Vec<f32>,
    outputs: usize,
}

impl Arguments {
    /// Score all near pairs.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn score(
        reading: &Reading,
        model: &DealModel,
        triggers: &[Trigger],
        trigger_vectors: &Tensor,
        mentions: &[Mention],
        mention_vectors: &Tensor,
    ) -> Result<Self, ModelError> {
        let outputs = model.heads.argument.outputs();
        let mut out = Self { rows: Vec::with_capacity(triggers.len()), scores: Vec::new(), outputs };
        let ranks = Ranks::new(mentions, model.config.kinds.len());
        for start in (0..triggers.len()).step_by(ROWS) {
            let rows = &triggers[start..(start + ROWS).min(triggers.len())];
            let (low, high) =
                (rows[0].first.saturating_sub(REACH), rows.last().map_or(0, |t| t.first) + REACH);
            let columns: Vec<usize> = (0..mentions.len())
                .filter(|m| mentions[*m].first < HEAD || (low..=high).contains(&mentions[*m].first))
                .collect();
            let mut places = Places { buckets: vec![Vec::new(); 3], flags: Vec::new() };
            for trigger in rows {
                let before = ranks.before(trigger.first);
                for &m in &columns {
                    let mention = &mentions[m];
                    places.buckets[0].push(distance_bucket(
                        mention.first as i64 - trigger.first as i64,
                        &model.config.distances,
                    ));
                    places.buckets[1].push(paragraph_bucket(
                        reading.paragraphs[mention.first] - reading.paragraphs[trigger.first],
                    ));
                    places.buckets[2].push(between_bucket(ranks.of[m], before[mention.kind_index]));
                }
            }
            let ids: Vec<u32> = columns.iter().map(|m| *m as u32).collect();
            let scores = if ids.is_empty() {
                Vec::new()
            } else {
                let right = mention_vectors
                    .index_select(&Tensor::new(ids.as_slice(), mention_vectors.device())?, 0)?;
                model.heads.argument.scores(
                    &trigger_vectors.narrow(0, start, rows.len())?,
                    &right,
                    &places,
                )?
            };
            for r in 0..rows.len() {
                let base = out.scores.len() + r * columns.len() * outputs;
                out.rows.push(columns.iter().enumerate().map(|(c, m)| (*m, base + c * outputs)).collect());
            }
            out.scores.extend(scores);
        }
        Ok(out)
    }

    /// One output of all pairs of these triggers and mentions, pooled; `None` when none of them is near enough.
    #[must_use]
    pub fn pooled(&self, triggers: &[usize], mentions: &[usize], output: usize) -> Option<f32> {
        if output >= self.outputs {
            return None;
        }
        let at = triggers.iter().flat_map(|t| mentions.iter().filter_map(|m| self.rows[*t].get(m)));
        let scores = at.map(|base| self.scores[base + output]);
        scores.clone().next()?;
        Some(pool(scores))
    }
}

/// Where each mention stands among those of its kind.
struct Ranks {
    of: Vec<usize>,
    firsts: Vec<Vec<usize>>,
}

impl Ranks {
    fn new(mentions: &[Mention], kinds: usize) -> Self {
        let mut firsts = vec![Vec::new(); kinds];
        let of = mentions
            .iter()
            .map(|m| {
                firsts[m.kind_index].push(m.first);
                firsts[m.kind_index].len() - 1
            })
            .collect();
        Self { of, firsts }
    }

    /// For each kind, how many mentions start before a token.
    fn before(&self, token: usize) -> Vec<usize> {
        self.firsts.iter().map(|firsts| firsts.partition_point(|f| *f < token)).collect()
    }
}

/// Probabilities that two triggers tell the same event, smaller index first, for near pairs.
///
/// # Errors
/// When the tensor library fails.
pub fn same_event(
    reading: &Reading,
    model: &DealModel,
    triggers: &[Trigger],
    vectors: &Tensor,
) -> Result<HashMap<(usize, usize), f32>, ModelError> {
    let mut link = HashMap::new();
    for start in (0..triggers.len()).step_by(ROWS) {
        let rows = &triggers[start..(start + ROWS).min(triggers.len())];
        let horizon = rows.last().map_or(0, |t| t.first) + REACH;
        let columns = triggers[start..].iter().take_while(|t| t.first <= horizon).count();
        let mut places = Places { buckets: vec![Vec::new(); 2], flags: Vec::new() };
        for a in rows {
            for b in &triggers[start..start + columns] {
                places.buckets[0]
                    .push(distance_bucket(b.first as i64 - a.first as i64, &model.config.distances));
                places.buckets[1]
                    .push(paragraph_bucket(reading.paragraphs[b.first] - reading.paragraphs[a.first]));
            }
        }
        let scores = model.heads.same_event.scores(
            &vectors.narrow(0, start, rows.len())?,
            &vectors.narrow(0, start, columns)?,
            &places,
        )?;
        for r in 0..rows.len() {
            for c in r + 1..columns {
                link.insert((start + r, start + c), sigmoid(scores[r * columns + c]));
            }
        }
    }
    Ok(link)
}
