//! What can go wrong between a model's name and its logits.

use std::path::PathBuf;

/// A model cannot be found, read or run.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file of the model is missing or cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of the model is not what it should be.
    #[error("{file}: {why}")]
    Invalid {
        /// The file, as the user knows it.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// The model's architecture is none of those that siglato runs.
    #[error("{file}: model type {model_type:?} is not supported (supported: {supported})")]
    Architecture {
        /// The configuration file.
        file: String,
        /// Its `model_type`.
        model_type: String,
        /// What would be.
        supported: &'static str,
    },
    /// A tensor is missing.
    #[error("{file}: no tensor {name:?}")]
    MissingTensor {
        /// The weights file.
        file: String,
        /// The tensor.
        name: String,
    },
    /// A tensor has another shape than the configuration asks for.
    #[error("{file}: tensor {name:?} has shape {found:?}, expected {expected:?}")]
    Shape {
        /// The weights file.
        file: String,
        /// The tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that the configuration asks for.
        expected: Vec<usize>,
    },
    /// The model is neither a folder here nor to be had from the hub.
    #[error("{model}: {why}")]
    NotFound {
        /// What was asked for.
        model: String,
        /// Why it is not to be had.
        why: String,
    },
    /// The tensor library failed.
    #[error("computing the model: {0}")]
    Compute(#[from] candle_core::Error),
    /// The tokenizer failed on a text.
    #[error("tokenising: {0}")]
    Tokenize(String),
}
