//! The heads that read a document's hidden states: tags, vectors of mentions and triggers, attributes, pairs.

use candle_core::{Device, Tensor};

use super::config::DealConfig;
use super::features::{BETWEEN_BUCKETS, LIKENESS_FLAGS, PARAGRAPH_BUCKETS, distance_buckets};
use super::pair::Pair;
use crate::model::ModelError;
use crate::model::config::Activation;
use crate::model::encoder::layers::{LayerNorm, Linear, activate};
use crate::model::weights::Weights;

/// Width of the layer under the tag heads.
const TAG_WIDTH: usize = 256;
/// PyTorch's default, which the recipe leaves.
const NORM_EPS: f64 = 1e-5;

/// All heads.
pub struct Heads {
    tag: Linear,
    names: Linear,
    nominals: Linear,
    trigger: Linear,
    trigger_vector: Linear,
    mention_vector: Linear,
    kind: Tensor,
    trigger_norm: LayerNorm,
    mention_norm: LayerNorm,
    attribute: Linear,
    attribute_out: Linear,
    attention: Linear,
    /// Roles and terms of a trigger and a mention.
    pub argument: Pair,
    /// Whether two triggers tell the same event.
    pub same_event: Pair,
    /// Whether two mentions are the same thing.
    pub same_thing: Pair,
    sizes: [usize; 4],
}

/// Logits of the tag layers, a row a token.
#[derive(Clone, Debug)]
pub struct TagLogits {
    /// Names and terms, BIOES.
    pub names: Vec<Vec<f32>>,
    /// Nominal mentions, BIOES.
    pub nominals: Vec<Vec<f32>>,
    /// Whether the token belongs to a trigger.
    pub trigger: Vec<f32>,
}

/// Logits of an event's attributes, a row a trigger.
#[derive(Clone, Debug)]
pub struct AttributeLogits {
    /// Type.
    pub types: Vec<Vec<f32>>,
    /// Stage.
    pub stages: Vec<Vec<f32>>,
    /// Certainty.
    pub certainties: Vec<Vec<f32>>,
    /// Salience.
    pub saliences: Vec<Vec<f32>>,
    /// How much the trigger counts among its event's triggers (before a softmax over them).
    pub weights: Vec<f32>,
}

impl Heads {
    pub(super) fn load(
        config: &DealConfig,
        hidden: usize,
        weights: &Weights<'_>,
    ) -> Result<Self, ModelError> {
        let width = config.width;
        let sizes =
            [config.types.len(), config.stages.len(), config.certainties.len(), config.saliences.len()];
        let near = distance_buckets(&config.distances);
        let linear = |name: &str, inputs: usize, outputs: usize| Linear::load(weights, name, inputs, outputs);
        Ok(Self {
            tag: linear("tag", hidden, TAG_WIDTH)?,
            names: linear("names", TAG_WIDTH, 4 * config.kinds.len() - 3)?,
            nominals: linear("nominals", TAG_WIDTH, 5)?,
            trigger: linear("trigger", TAG_WIDTH, 1)?,
            trigger_vector: linear("trigger_vector", hidden, width)?,
            mention_vector: linear("mention_vector", 3 * hidden, width)?,
            kind: weights.tensor("kind.weight", &[config.kinds.len(), width])?,
            trigger_norm: LayerNorm::load(weights, "trigger_norm", width, NORM_EPS)?,
            mention_norm: LayerNorm::load(weights, "mention_norm", width, NORM_EPS)?,
            attribute: linear("attribute", width, width)?,
            attribute_out: linear("attribute_out", width, sizes.iter().sum())?,
            attention: linear("attention", width, 1)?,
            argument: Pair::load(
                weights,
                "argument",
                width,
                config.roles.len() + config.terms.len(),
                &[near, PARAGRAPH_BUCKETS, BETWEEN_BUCKETS],
                0,
            )?,
            same_event: Pair::load(weights, "same_event", width, 1, &[near, PARAGRAPH_BUCKETS], 0)?,
            same_thing: Pair::load(
                weights,
                "same_thing",
                width,
                1,
                &[near, PARAGRAPH_BUCKETS],
                LIKENESS_FLAGS,
            )?,
            sizes,
        })
    }

    /// Tag logits of hidden states `[n, h]`.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn tags(&self, hidden: &Tensor) -> Result<TagLogits, ModelError> {
        let z = activate(&self.tag.forward(hidden)?, Activation::Gelu)?;
        Ok(TagLogits {
            names: self.names.forward(&z)?.to_vec2()?,
            nominals: self.nominals.forward(&z)?.to_vec2()?,
            trigger: self.trigger.forward(&z)?.flatten_all()?.to_vec1()?,
        })
    }

    /// Vectors `[M, d]` of mentions given as (first token, last token, kind index).
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn mention_vectors(
        &self,
        hidden: &Tensor,
        spans: &[(usize, usize, usize)],
    ) -> Result<Tensor, ModelError> {
        let index = |of: fn(&(usize, usize, usize)) -> usize| {
            let ids: Vec<u32> = spans.iter().map(|s| of(s) as u32).collect();
            Tensor::from_vec(ids, spans.len(), &Device::Cpu)
        };
        let means = means(hidden, spans.iter().map(|s| (s.0, s.1)))?;
        let ends = Tensor::cat(
            &[&hidden.index_select(&index(|s| s.0)?, 0)?, &hidden.index_select(&index(|s| s.1)?, 0)?, &means],
            1,
        )?;
        let z = activate(&self.mention_vector.forward(&ends)?, Activation::Gelu)?;
        self.mention_norm.forward(&(z + self.kind.index_select(&index(|s| s.2)?, 0)?)?)
    }

    /// Vectors `[T, d]` of triggers given as (first token, last token).
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn trigger_vectors(&self, hidden: &Tensor, spans: &[(usize, usize)]) -> Result<Tensor, ModelError> {
        let z = self.trigger_vector.forward(&means(hidden, spans.iter().copied())?)?;
        self.trigger_norm.forward(&activate(&z, Activation::Gelu)?)
    }

    /// Attribute logits of trigger vectors `[T, d]`.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn attributes(&self, vectors: &Tensor) -> Result<AttributeLogits, ModelError> {
        let z = activate(&self.attribute.forward(vectors)?, Activation::Gelu)?;
        let all = self.attribute_out.forward(&z)?;
        let mut at = 0;
        let mut part = |size: usize| -> Result<Vec<Vec<f32>>, ModelError> {
            let logits = all.narrow(1, at, size)?.to_vec2()?;
            at += size;
            Ok(logits)
        };
        let [types, stages, certainties, saliences] = self.sizes;
        Ok(AttributeLogits {
            types: part(types)?,
            stages: part(stages)?,
            certainties: part(certainties)?,
            saliences: part(saliences)?,
            weights: self.attention.forward(vectors)?.flatten_all()?.to_vec1()?,
        })
    }
}

/// The mean hidden state of each token range, ends included.
fn means(hidden: &Tensor, spans: impl Iterator<Item = (usize, usize)>) -> Result<Tensor, ModelError> {
    let rows: Vec<Tensor> = spans
        .map(|(first, last)| hidden.narrow(0, first, last + 1 - first)?.mean(0))
        .collect::<Result<_, _>>()?;
    Ok(Tensor::stack(&rows, 0)?)
}
