//! Transformer encoders over packed sequences.
//!
//! [`bert`] covers the post-norm family with absolute positions (BERT, DistilBERT, RoBERTa, XLM-RoBERTa, CamemBERT);
//! [`deberta`] the disentangled attention of DeBERTa-v2 and v3.

pub mod bert;
mod convolution;
pub mod deberta;
pub(in crate::model) mod layers;
pub mod mix;
mod relative;

use crate::model::config::{ModelConfig, SUPPORTED};
use crate::model::weights::Weights;
use crate::model::{ModelError, Packed, PackedModel};

/// An encoder of any supported family.
pub enum Encoder {
    /// Absolute positions.
    Bert(bert::BertEncoder),
    /// Disentangled attention.
    Deberta(deberta::DebertaEncoder),
}

impl Encoder {
    /// The encoder that a configuration describes, with its weights.
    ///
    /// # Errors
    /// When the architecture is not supported, or a tensor is missing or of another shape.
    pub fn load(config: &ModelConfig, weights: Weights<'_>) -> Result<Self, ModelError> {
        let model_type = config.model_type()?;
        match model_type.as_str() {
            "bert" | "distilbert" | "roberta" | "xlm-roberta" | "camembert" => {
                bert::BertEncoder::load(config, weights).map(Self::Bert)
            }
            "deberta-v2" => deberta::DebertaEncoder::load(config, weights).map(Self::Deberta),
            _ => {
                Err(ModelError::Architecture { file: config.file.clone(), model_type, supported: SUPPORTED })
            }
        }
    }

    /// The width of a hidden state.
    #[must_use]
    pub fn hidden(&self) -> usize {
        match self {
            Self::Bert(encoder) => encoder.hidden(),
            Self::Deberta(encoder) => encoder.hidden(),
        }
    }
}

impl PackedModel for Encoder {
    fn forward(&self, batch: &Packed) -> Result<candle_core::Tensor, ModelError> {
        match self {
            Self::Bert(encoder) => encoder.forward(batch),
            Self::Deberta(encoder) => encoder.forward(batch),
        }
    }

    fn max_length(&self) -> usize {
        match self {
            Self::Bert(encoder) => encoder.max_length(),
            Self::Deberta(encoder) => encoder.max_length(),
        }
    }
}
