//! Disentangled attention (He et al. 2021): DeBERTa-v2 and v3.
//!
//! Besides content to content, a query looks at how far off a key stands (c2p) and a key at how far off the query
//! stands (p2c). What the distances weigh depends on weights alone, so each layer's view of them is computed at loading.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use candle_core::{DType, Device, Tensor};
use serde_json::Value;

use super::convolution::Convolution;
use super::layers::{LayerNorm, Linear, activate, join_heads, scores, softmax, split_heads};
use super::relative::Distances;
use crate::model::config::{Activation, ModelConfig};
use crate::model::weights::{Table, Weights};
use crate::model::{ModelError, Packed, PackedModel};

/// Which distance terms a model's attention has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Terms {
    content_to_position: bool,
    position_to_content: bool,
}

impl Terms {
    /// `pos_att_type` is `"p2c|c2p"` in the files of the authors and a list in those of transformers.
    fn read(config: &ModelConfig) -> Result<Self, ModelError> {
        let words: Vec<String> = match config.optional::<Value>("pos_att_type")? {
            None => Vec::new(),
            Some(Value::String(text)) => text.split('|').map(|word| word.trim().to_lowercase()).collect(),
            Some(list) => serde_json::from_value(list)
                .map_err(|error| config.invalid(&format!("`pos_att_type`: {error}")))?,
        };
        let mut terms = Self { content_to_position: false, position_to_content: false };
        for word in &words {
            match word.as_str() {
                "c2p" => terms.content_to_position = true,
                "p2c" => terms.position_to_content = true,
                "" => {}
                other => return Err(config.invalid(&format!("`pos_att_type` {other:?} is not supported"))),
            }
        }
        Ok(terms)
    }

    /// What the dot products are divided by; each term of the attention counts.
    fn scale(self, width: usize) -> f64 {
        let terms = 1 + usize::from(self.content_to_position) + usize::from(self.position_to_content);
        ((width * terms) as f64).sqrt()
    }
}

/// The embeddings before the first layer.
struct Embeddings {
    words: Table,
    positions: Option<Tensor>,
    types: Option<Tensor>,
    project: Option<Linear>,
    norm: LayerNorm,
}

impl Embeddings {
    fn load(
        config: &ModelConfig,
        weights: &Weights<'_>,
        hidden: usize,
        eps: f64,
    ) -> Result<Self, ModelError> {
        let width = config.optional("embedding_size")?.unwrap_or(hidden);
        let longest = config.count("max_position_embeddings")?;
        let positions = if config.optional("position_biased_input")?.unwrap_or(true) {
            Some(weights.tensor("embeddings.position_embeddings.weight", &[longest, width])?)
        } else {
            None
        };
        let types = match config.optional::<usize>("type_vocab_size")?.unwrap_or(0) {
            0 => None,
            kinds => Some(weights.tensor("embeddings.token_type_embeddings.weight", &[kinds, width])?),
        };
        let project = if width == hidden {
            None
        } else {
            Some(Linear::load_no_bias(weights, "embeddings.embed_proj", width, hidden)?)
        };
        Ok(Self {
            words: weights.table("embeddings.word_embeddings.weight", width)?,
            positions,
            types,
            project,
            norm: LayerNorm::load(weights, "embeddings.LayerNorm", hidden, eps)?,
        })
    }

    fn forward(&self, batch: &Packed, device: &Device) -> Result<Tensor, ModelError> {
        let mut x = self.words.rows_of(&batch.ids, device)?;
        let rows = |table: &Tensor, ids: Vec<u32>| -> Result<Tensor, ModelError> {
            Ok(table.index_select(&Tensor::from_vec(ids, batch.tokens(), device)?, 0)?)
        };
        if let Some(positions) = &self.positions {
            x = (x + rows(
                positions,
                batch.lengths.iter().flat_map(|n| (0..*n).map(|i| i as u32)).collect(),
            )?)?;
        }
        if let Some(types) = &self.types {
            let last = types.dim(0)?.saturating_sub(1) as u32;
            x = (x + rows(types, batch.types.iter().map(|t| (*t).min(last)).collect())?)?;
        }
        if let Some(project) = &self.project {
            x = project.forward(&x)?;
        }
        self.norm.forward(&x)
    }
}

/// What a layer holds of the distances: a column each, `[heads, width, 2 · span]`, already divided by the scale.
struct DistanceViews {
    key: Option<Tensor>,
    query: Option<Tensor>,
}

struct Layer {
    query_key_value: Linear,
    distances: DistanceViews,
    attention_out: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
}

/// The sizes that all layers share.
#[derive(Clone, Copy)]
struct Sizes {
    hidden: usize,
    inner: usize,
    heads: usize,
    eps: f64,
    /// Square root of head width times terms.
    scale: f64,
}

impl Layer {
    fn load(
        weights: &Weights<'_>,
        n: usize,
        sizes: Sizes,
        terms: Terms,
        shared: bool,
        relative: Option<&Tensor>,
    ) -> Result<Self, ModelError> {
        let Sizes { hidden, inner, heads, eps, scale } = sizes;
        let at = |part: &str| format!("encoder.layer.{n}.{part}");
        let square = |part: &str| Linear::load(weights, &at(part), hidden, hidden);
        let query = square("attention.self.query_proj")?;
        let key = square("attention.self.key_proj")?;
        let value = square("attention.self.value_proj")?;
        let view = |wanted: bool, own: &Linear, other: &str| -> Result<Option<Tensor>, ModelError> {
            let Some(relative) = relative.filter(|_| wanted) else { return Ok(None) };
            let projected = if shared { own.forward(relative)? } else { square(other)?.forward(relative)? };
            let columns = split_heads(&projected, heads)?.transpose(1, 2)?.contiguous()?;
            Ok(Some((columns / scale)?))
        };
        let distances = DistanceViews {
            key: view(terms.content_to_position, &key, "attention.self.pos_key_proj")?,
            query: view(terms.position_to_content, &query, "attention.self.pos_query_proj")?,
        };
        Ok(Self {
            query_key_value: Linear::beside(&[query, key, value])?,
            distances,
            attention_out: square("attention.output.dense")?,
            attention_norm: LayerNorm::load(weights, &at("attention.output.LayerNorm"), hidden, eps)?,
            up: Linear::load(weights, &at("intermediate.dense"), hidden, inner)?,
            down: Linear::load(weights, &at("output.dense"), inner, hidden)?,
            norm: LayerNorm::load(weights, &at("output.LayerNorm"), hidden, eps)?,
        })
    }
}

/// The distance of every pair of places in a sequence, as the indices that both terms gather with.
struct Pairs {
    /// `[heads, queries, keys]`.
    by_query: Tensor,
    /// `[heads, keys, queries]`.
    by_key: Tensor,
}

impl Pairs {
    fn new(distances: &Distances, length: usize, heads: usize, device: &Device) -> Result<Self, ModelError> {
        let table = Tensor::from_vec(distances.table(length), (1, length, length), device)?;
        // One copy a head: candle gathers with contiguous indices only.
        let by_query = table.broadcast_as((heads, length, length))?.contiguous()?;
        let by_key = by_query.transpose(1, 2)?.contiguous()?;
        Ok(Self { by_query, by_key })
    }
}

/// A DeBERTa-v2 or v3 encoder.
pub struct DebertaEncoder {
    embeddings: Embeddings,
    layers: Vec<Layer>,
    convolution: Option<Convolution>,
    /// Absent when the model has no relative attention.
    distances: Option<Distances>,
    sizes: Sizes,
    max_length: usize,
    activation: Activation,
    device: Device,
}

impl DebertaEncoder {
    /// From a configuration of the family and its weights.
    ///
    /// # Errors
    /// When a field or tensor is missing or of another shape, or asks for what is not computed here.
    pub fn load(config: &ModelConfig, weights: Weights<'_>) -> Result<Self, ModelError> {
        let hidden = config.count("hidden_size")?;
        let heads = config.count("num_attention_heads")?;
        if hidden % heads != 0 {
            return Err(config.invalid(&format!("{heads} attention heads do not divide {hidden}")));
        }
        let width = hidden / heads;
        if let Some(size) = config.optional::<usize>("attention_head_size")?
            && size != width
        {
            return Err(config.invalid(&format!("`attention_head_size` {size} is not {hidden} / {heads}")));
        }
        let eps = config.optional("layer_norm_eps")?.unwrap_or(1e-7);
        let terms = Terms::read(config)?;
        let sizes = Sizes {
            hidden,
            inner: config.count("intermediate_size")?,
            heads,
            eps,
            scale: terms.scale(width),
        };
        let weights = weights.rooted("deberta");
        let distances = if config.optional("relative_attention")?.unwrap_or(false) {
            Some(Distances::read(config)?)
        } else {
            None
        };
        let relative =
            distances.as_ref().map(|d| relative_embeddings(config, &weights, d, hidden, eps)).transpose()?;
        let shared = config.optional("share_att_key")?.unwrap_or(false);
        let layers = (0..config.count("num_hidden_layers")?)
            .map(|n| Layer::load(&weights, n, sizes, terms, shared, relative.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            embeddings: Embeddings::load(config, &weights, hidden, eps)?,
            layers,
            convolution: Convolution::load(config, &weights, hidden, eps)?,
            distances,
            sizes,
            max_length: config.count("max_position_embeddings")?,
            activation: config.optional("hidden_act")?.unwrap_or(Activation::Gelu),
            device: weights.device().clone(),
        })
    }

    /// The width of a hidden state.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.sizes.hidden
    }

    /// The index tables of a batch: one for each length in it.
    fn pairs(&self, lengths: &[usize]) -> Result<HashMap<usize, Pairs>, ModelError> {
        let mut pairs = HashMap::new();
        if let Some(distances) = &self.distances {
            for &length in lengths.iter().filter(|n| **n > 0) {
                if let Entry::Vacant(place) = pairs.entry(length) {
                    place.insert(Pairs::new(distances, length, self.sizes.heads, &self.device)?);
                }
            }
        }
        Ok(pairs)
    }

    /// Attention inside each sequence; `[tokens, hidden]` → `[tokens, hidden]`.
    fn attend(
        &self,
        layer: &Layer,
        x: &Tensor,
        lengths: &[usize],
        pairs: &HashMap<usize, Pairs>,
    ) -> Result<Tensor, ModelError> {
        let Sizes { hidden, heads, scale, .. } = self.sizes;
        let query_key_value = layer.query_key_value.forward(x)?;
        let mut seen = Vec::with_capacity(lengths.len());
        let mut at = 0;
        for &length in lengths.iter().filter(|n| **n > 0) {
            let rows = query_key_value.narrow(0, at, length)?;
            let part = |n: usize| split_heads(&rows.narrow(1, n * hidden, hidden)?.contiguous()?, heads);
            let (query, key, value) = (part(0)?, part(1)?, part(2)?);
            let mut weights = scores(&query, &(&key / scale)?)?;
            if let Some(pairs) = pairs.get(&length) {
                if let Some(columns) = &layer.distances.key {
                    weights = (weights + query.matmul(columns)?.gather(&pairs.by_query, 2)?)?;
                }
                if let Some(columns) = &layer.distances.query {
                    let by_key = key.matmul(columns)?.gather(&pairs.by_key, 2)?;
                    weights = (weights + by_key.transpose(1, 2)?)?;
                }
            }
            seen.push(join_heads(&softmax(&weights)?.matmul(&value)?)?);
            at += length;
        }
        Ok(Tensor::cat(&seen, 0)?)
    }
}

/// The embeddings of the distances, `[2 · span, hidden]`, normed when the model says so.
fn relative_embeddings(
    config: &ModelConfig,
    weights: &Weights<'_>,
    distances: &Distances,
    hidden: usize,
    eps: f64,
) -> Result<Tensor, ModelError> {
    let rows =
        weights.tensor("encoder.rel_embeddings.weight", &[distances.span().saturating_mul(2), hidden])?;
    let norms: String = config.optional("norm_rel_ebd")?.unwrap_or_default();
    if norms.to_lowercase().split('|').any(|norm| norm.trim() == "layer_norm") {
        return LayerNorm::load(weights, "encoder.LayerNorm", hidden, eps)?.forward(&rows);
    }
    Ok(rows)
}

impl PackedModel for DebertaEncoder {
    fn forward(&self, batch: &Packed) -> Result<Tensor, ModelError> {
        if batch.tokens() == 0 {
            return Ok(Tensor::zeros((0, self.sizes.hidden), DType::F32, &self.device)?);
        }
        let pairs = self.pairs(&batch.lengths)?;
        let embedded = self.embeddings.forward(batch, &self.device)?;
        let mut x = embedded.clone();
        for (n, layer) in self.layers.iter().enumerate() {
            let seen = self.attend(layer, &x, &batch.lengths, &pairs)?;
            x = layer.attention_norm.forward(&(x + layer.attention_out.forward(&seen)?)?)?;
            let inner = activate(&layer.up.forward(&x)?, self.activation)?;
            x = layer.norm.forward(&(&x + layer.down.forward(&inner)?)?)?;
            if let Some(convolution) = self.convolution.as_ref().filter(|_| n == 0) {
                x = convolution.forward(&embedded, &x, &batch.lengths)?;
            }
        }
        Ok(x)
    }

    fn max_length(&self) -> usize {
        self.max_length
    }
}
