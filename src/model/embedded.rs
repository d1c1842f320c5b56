//! The deal model that is built into the binary.

use candle_core::Device;

use super::ModelError;
use super::deal::{DealModel, ModelFiles};

/// The name of the built-in model, as `--model` and the service call it.
pub const NAME: &str = "siglato-small";

const FILES: ModelFiles<'static> = ModelFiles {
    name: NAME,
    config: include_bytes!("../../models/siglato-small/config.json"),
    tokenizer: include_bytes!("../../models/siglato-small/tokenizer.json"),
    weights: include_bytes!("../../models/siglato-small/model.safetensors"),
};

/// The built-in model.
///
/// # Errors
/// As [`DealModel::from_files`]; not with the files that the project ships.
pub fn load(device: &Device) -> Result<DealModel, ModelError> {
    DealModel::from_files(FILES, device)
}

/// The bytes that the built-in model takes in the binary.
#[must_use]
pub fn size() -> usize {
    FILES.config.len() + FILES.tokenizer.len() + FILES.weights.len()
}
