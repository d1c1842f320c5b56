//! Models: where they come from, how they are loaded, and what they compute.
//!
//! [`hub`] finds a model's folder, [`weights`] reads its tensors, [`encoder`] runs the transformer over packed
//! sequences, [`TokenClassifier`] is any Hugging Face token-classification model, [`deal::DealModel`] the one that
//! siglato ships.

pub mod aggregate;
pub mod config;
pub mod deal;
pub mod embedded;
pub mod encoder;
mod error;
pub mod files;
pub mod hub;
pub mod packed;
pub mod token_classifier;
pub mod tokenizer;
pub mod weights;

pub use error::ModelError;
pub use packed::{Packed, PackedModel};
pub use token_classifier::{LabelledSpan, TokenClassifier};
pub use tokenizer::{Token, Tokenizer};
