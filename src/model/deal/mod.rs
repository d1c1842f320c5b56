//! The deal model: a BERT encoder and small heads for tags, triggers, attributes and pairs.
//!
//! Shapes follow the recipe in `models/training/model.py`; `tests/deal_parity.rs` holds both to the same numbers.

mod config;
pub mod features;
mod heads;
mod pair;

use std::path::Path;

use candle_core::{Device, Tensor};

pub use config::{DealConfig, Thresholds};
pub use heads::{AttributeLogits, Heads, TagLogits};
pub use pair::{Pair, Places};

use super::config::ModelConfig;
use super::encoder::bert::BertEncoder;
use super::encoder::mix::LayerMix;
use super::tokenizer::Tokenizer;
use super::weights::Weights;
use super::{ModelError, Packed, PackedModel};

/// A deal model with everything that it needs to read a text.
pub struct DealModel {
    /// Label sets, windows and thresholds.
    pub config: DealConfig,
    /// Text to tokens.
    pub tokenizer: Tokenizer,
    /// What reads the encoder's hidden states; always on the CPU.
    pub heads: Heads,
    encoder: BertEncoder,
    mix: LayerMix,
    device: Device,
}

/// The files of a model folder, as bytes.
#[derive(Clone, Copy)]
pub struct ModelFiles<'a> {
    /// The folder's name, for errors.
    pub name: &'a str,
    /// `config.json`
    pub config: &'a [u8],
    /// `tokenizer.json`
    pub tokenizer: &'a [u8],
    /// `model.safetensors`
    pub weights: &'a [u8],
}

impl DealModel {
    /// From a folder in Hugging Face layout.
    ///
    /// # Errors
    /// When a file is missing or not what it should be.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, ModelError> {
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read(&path).map_err(|source| ModelError::Io { path, source })
        };
        let (config, tokenizer, weights) =
            (read("config.json")?, read("tokenizer.json")?, read("model.safetensors")?);
        Self::from_files(
            ModelFiles {
                name: &folder.display().to_string(),
                config: &config,
                tokenizer: &tokenizer,
                weights: &weights,
            },
            device,
        )
    }

    /// From the bytes of the three files.
    ///
    /// # Errors
    /// When one of them is not what it should be.
    pub fn from_files(files: ModelFiles<'_>, device: &Device) -> Result<Self, ModelError> {
        let at = |file: &str| format!("{}/{file}", files.name);
        let base = ModelConfig::from_bytes(files.config, &at("config.json"))?;
        let config = DealConfig::from_model_config(&base)?;
        let tokenizer = Tokenizer::from_bytes(files.tokenizer, &at("tokenizer.json"))?;
        let weights_file = at("model.safetensors");
        let encoder = BertEncoder::load(&base, Weights::from_bytes(files.weights, &weights_file, device)?)?;
        let beside = Weights::from_bytes(files.weights, &weights_file, &Device::Cpu)?.rooted("heads");
        let heads = Heads::load(&config, encoder.hidden(), &beside)?;
        let mix = LayerMix::load(&beside, "mix", encoder.depth(), encoder.hidden(), device)?;
        let frame = tokenizer.frame();
        if config.window + frame.0.len() + frame.1.len() > encoder.max_length() {
            return Err(base.invalid(&format!(
                "a window of {} tokens does not fit {} positions",
                config.window,
                encoder.max_length()
            )));
        }
        Ok(Self { config, tokenizer, heads, encoder, mix, device: device.clone() })
    }

    /// The device that the encoder runs on.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }
}

impl PackedModel for DealModel {
    fn forward(&self, batch: &Packed) -> Result<Tensor, ModelError> {
        self.encoder.forward_mixed(batch, Some(&self.mix))
    }

    fn max_length(&self) -> usize {
        self.encoder.max_length()
    }
}
