//! What a model's folder tells without loading the model.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cache::{architecture, runs, size};
use crate::model::ModelError;
use crate::model::config::ModelConfig;
use crate::model::files::{self, WeightFiles};

/// The longest header of a safetensors file, by the format's own limit.
const LONGEST_HEADER: u64 = 100_000_000;

/// Facts about a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelFacts {
    /// The `model_type` of its configuration.
    pub model_type: String,
    /// The class that transformers loads it as.
    pub architecture: Option<String>,
    /// Whether siglato can run it.
    pub supported: bool,
    /// The labels, by class index; empty when it is no classifier.
    pub labels: Vec<String>,
    /// The width of a hidden state.
    pub hidden_size: Option<usize>,
    /// The number of layers.
    pub layers: Option<usize>,
    /// The number of attention heads.
    pub heads: Option<usize>,
    /// The number of tokens in the vocabulary.
    pub vocabulary: Option<usize>,
    /// The rows for positions.
    pub positions: Option<usize>,
    /// The number of tensors.
    pub tensors: usize,
    /// The number of weights in all tensors.
    pub parameters: u64,
    /// The number of tensors of each type, e.g. `F16`.
    pub dtypes: BTreeMap<String, usize>,
    /// What the folder takes up.
    pub bytes: u64,
}

/// The facts about the model in a folder.
///
/// # Errors
/// When its configuration or weights are missing or broken.
pub fn show(folder: &Path) -> Result<ModelFacts, ModelError> {
    let path = folder.join(files::CONFIG);
    let config = ModelConfig::from_bytes(&files::read(&path)?, &path.display().to_string())?;
    // DistilBERT has its own words.
    let either = |one: &str, other: &str| -> Result<Option<usize>, ModelError> {
        Ok(config.optional(one)?.or(config.optional(other)?))
    };
    let mut facts = ModelFacts {
        model_type: config.model_type()?,
        architecture: architecture(&config),
        supported: runs(&config, folder),
        labels: config.labels().unwrap_or_default(),
        hidden_size: either("hidden_size", "dim")?,
        layers: either("num_hidden_layers", "n_layers")?,
        heads: either("num_attention_heads", "n_heads")?,
        vocabulary: config.optional("vocab_size")?,
        positions: config.optional("max_position_embeddings")?,
        tensors: 0,
        parameters: 0,
        dtypes: BTreeMap::new(),
        bytes: size(folder),
    };
    for part in WeightFiles::find(folder)?.parts {
        for tensor in header(&part)? {
            facts.tensors += 1;
            facts.parameters += tensor.shape.iter().fold(1, |product: u64, n| product.saturating_mul(*n));
            *facts.dtypes.entry(tensor.dtype).or_default() += 1;
        }
    }
    Ok(facts)
}

/// A line of a safetensors header.
#[derive(Deserialize)]
struct TensorLine {
    dtype: String,
    shape: Vec<u64>,
}

/// The tensors that a safetensors file declares; the weights themselves stay on the disk.
fn header(path: &Path) -> Result<Vec<TensorLine>, ModelError> {
    let failed = |source| ModelError::Io { path: path.to_owned(), source };
    let invalid = |why: String| ModelError::Invalid {
        file: path.display().to_string(),
        why: format!("not a safetensors file: {why}"),
    };
    let mut file = File::open(path).map_err(failed)?;
    let whole = file.metadata().map_err(failed)?.len();
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|_| invalid("too short".to_owned()))?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER || length > whole - 8 {
        return Err(invalid(format!("a header of {length} bytes in a file of {whole}")));
    }
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(failed)?;
    let lines: BTreeMap<String, Value> =
        serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
    lines
        .into_iter()
        .filter(|(name, _)| name != "__metadata__")
        .map(|(name, line)| {
            serde_json::from_value(line).map_err(|error| invalid(format!("tensor {name:?}: {error}")))
        })
        .collect()
}
