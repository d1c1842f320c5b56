//! The post-norm transformer with absolute positions (Devlin et al. 2019) and its relatives.
//!
//! RoBERTa and its heirs number positions from `pad_token_id + 1`; DistilBERT has no token types and other names.

use candle_core::{Device, Tensor};

use super::layers::{LayerNorm, Linear, activate, join_heads, scores, softmax, split_heads};
use super::mix::LayerMix;
use crate::model::config::{Activation, ModelConfig};
use crate::model::weights::{Table, Weights};
use crate::model::{ModelError, Packed, PackedModel};

/// What the families of this architecture call their parts.
struct Names {
    root: &'static str,
    layer: &'static str,
    query: &'static str,
    key: &'static str,
    value: &'static str,
    attention_out: &'static str,
    attention_norm: &'static str,
    up: &'static str,
    down: &'static str,
    norm: &'static str,
}

const BERT: Names = Names {
    root: "bert",
    layer: "encoder.layer",
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attention_out: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    norm: "output.LayerNorm",
};
const ROBERTA: Names = Names { root: "roberta", ..BERT };
const DISTILBERT: Names = Names {
    root: "distilbert",
    layer: "transformer.layer",
    query: "attention.q_lin",
    key: "attention.k_lin",
    value: "attention.v_lin",
    attention_out: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    norm: "output_layer_norm",
};

struct Layer {
    query_key_value: Linear,
    attention_out: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
}

/// A BERT-like encoder.
pub struct BertEncoder {
    words: Table,
    positions: Tensor,
    first_position: usize,
    max_length: usize,
    types: Option<Tensor>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    heads: usize,
    hidden: usize,
    activation: Activation,
    device: Device,
}

impl BertEncoder {
    /// From a configuration of one of the families and its weights.
    ///
    /// # Errors
    /// When a field or tensor is missing or of another shape.
    pub fn load(config: &ModelConfig, weights: Weights<'_>) -> Result<Self, ModelError> {
        let model_type = config.model_type()?;
        let distil = model_type == "distilbert";
        let names = match model_type.as_str() {
            "bert" => BERT,
            "distilbert" => DISTILBERT,
            "roberta" | "xlm-roberta" | "camembert" => ROBERTA,
            _ => {
                let supported = "bert, distilbert, roberta, xlm-roberta, camembert";
                return Err(ModelError::Architecture { file: config.file.clone(), model_type, supported });
            }
        };
        if let Some(kind) = config.optional::<String>("position_embedding_type")?
            && kind != "absolute"
        {
            return Err(config.invalid(&format!("`position_embedding_type` {kind:?} is not supported")));
        }
        let (hidden, heads, inner, count) = if distil {
            (
                config.count("dim")?,
                config.count("n_heads")?,
                config.count("hidden_dim")?,
                config.count("n_layers")?,
            )
        } else {
            (
                config.count("hidden_size")?,
                config.count("num_attention_heads")?,
                config.count("intermediate_size")?,
                config.count("num_hidden_layers")?,
            )
        };
        if hidden % heads != 0 {
            return Err(config.invalid(&format!("{heads} attention heads do not divide {hidden}")));
        }
        let eps = config.optional("layer_norm_eps")?.unwrap_or(1e-12);
        let activation =
            config.optional(if distil { "activation" } else { "hidden_act" })?.unwrap_or(Activation::Gelu);
        let rows = config.count("max_position_embeddings")?;
        let first_position = if names.root == "roberta" {
            config.optional::<usize>("pad_token_id")?.unwrap_or(1).saturating_add(1)
        } else {
            0
        };
        if rows <= first_position.saturating_add(2) {
            return Err(
                config.invalid(&format!("`max_position_embeddings` {rows} leaves no room for a token"))
            );
        }
        let weights = weights.rooted(names.root);
        let layers = (0..count)
            .map(|n| {
                let at = |part: &str| format!("{}.{n}.{part}", names.layer);
                let square = |part: &str| Linear::load(&weights, &at(part), hidden, hidden);
                Ok(Layer {
                    query_key_value: Linear::beside(&[
                        square(names.query)?,
                        square(names.key)?,
                        square(names.value)?,
                    ])?,
                    attention_out: square(names.attention_out)?,
                    attention_norm: LayerNorm::load(&weights, &at(names.attention_norm), hidden, eps)?,
                    up: Linear::load(&weights, &at(names.up), hidden, inner)?,
                    down: Linear::load(&weights, &at(names.down), inner, hidden)?,
                    norm: LayerNorm::load(&weights, &at(names.norm), hidden, eps)?,
                })
            })
            .collect::<Result<_, ModelError>>()?;
        let types = if distil {
            None
        } else {
            let kinds = config.count("type_vocab_size")?;
            Some(weights.tensor("embeddings.token_type_embeddings.weight", &[kinds, hidden])?)
        };
        Ok(Self {
            words: weights.table("embeddings.word_embeddings.weight", hidden)?,
            positions: weights.tensor("embeddings.position_embeddings.weight", &[rows, hidden])?,
            first_position,
            max_length: rows - first_position,
            types,
            norm: LayerNorm::load(&weights, "embeddings.LayerNorm", hidden, eps)?,
            layers,
            heads,
            hidden,
            activation,
            device: weights.device().clone(),
        })
    }

    /// The width of a hidden state.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    fn embed(&self, batch: &Packed) -> Result<Tensor, ModelError> {
        let words = self.words.rows_of(&batch.ids, &self.device)?;
        let first = self.first_position;
        let places: Vec<u32> =
            batch.lengths.iter().flat_map(|n| (0..*n).map(|i| (first + i) as u32)).collect();
        let places = Tensor::from_vec(places, batch.tokens(), &self.device)?;
        let mut x = (words + self.positions.index_select(&places, 0)?)?;
        if let Some(types) = &self.types {
            let last = types.dim(0)?.saturating_sub(1) as u32;
            let kinds: Vec<u32> = batch.types.iter().map(|t| (*t).min(last)).collect();
            x = (x + types.index_select(&Tensor::from_vec(kinds, batch.tokens(), &self.device)?, 0)?)?;
        }
        self.norm.forward(&x)
    }

    /// Softmax attention inside each sequence; `[tokens, 3 · hidden]` → `[tokens, hidden]`.
    fn attend(&self, query_key_value: &Tensor, lengths: &[usize]) -> Result<Tensor, ModelError> {
        let scale = 1.0 / ((self.hidden / self.heads) as f64).sqrt();
        let mut seen = Vec::with_capacity(lengths.len());
        let mut at = 0;
        for &length in lengths {
            let part = |n: usize| -> Result<Tensor, ModelError> {
                split_heads(
                    &query_key_value
                        .narrow(0, at, length)?
                        .narrow(1, n * self.hidden, self.hidden)?
                        .contiguous()?,
                    self.heads,
                )
            };
            let weights = softmax(&(scores(&(part(0)? * scale)?, &part(1)?)?))?;
            seen.push(join_heads(&weights.matmul(&part(2)?)?)?);
            at += length;
        }
        Ok(Tensor::cat(&seen, 0)?)
    }
}

impl BertEncoder {
    /// The number of layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Hidden states `[tokens, hidden]`: the last layer's, or all layers' mixed.
    ///
    /// # Errors
    /// When the tensor library fails or a token id is not in the vocabulary.
    pub fn forward_mixed(&self, batch: &Packed, mix: Option<&LayerMix>) -> Result<Tensor, ModelError> {
        if batch.tokens() == 0 {
            return Ok(Tensor::zeros((0, self.hidden), candle_core::DType::F32, &self.device)?);
        }
        let mut x = self.embed(batch)?;
        let add = |mixed: Option<Tensor>, n: usize, x: &Tensor| match mix {
            Some(mix) => mix.add(mixed, n, x),
            None => Ok(None),
        };
        let mut mixed = add(None, 0, &x)?;
        for (n, layer) in self.layers.iter().enumerate() {
            let seen = self.attend(&layer.query_key_value.forward(&x)?, &batch.lengths)?;
            x = layer.attention_norm.forward(&(x + layer.attention_out.forward(&seen)?)?)?;
            let inner = activate(&layer.up.forward(&x)?, self.activation)?;
            x = layer.norm.forward(&(&x + layer.down.forward(&inner)?)?)?;
            mixed = add(mixed, n + 1, &x)?;
        }
        match (mix, mixed) {
            (Some(mix), Some(mixed)) => mix.finish(&mixed),
            _ => Ok(x),
        }
    }
}

impl PackedModel for BertEncoder {
    fn forward(&self, batch: &Packed) -> Result<Tensor, ModelError> {
        self.forward_mixed(batch, None)
    }

    fn max_length(&self) -> usize {
        self.max_length
    }
}
