//! Packed sequences: a batch without padding.

use candle_core::Tensor;

use super::ModelError;

/// Sequences laid one after another, special tokens included. Nothing is padded; attention stays inside a sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Token ids of all sequences.
    pub ids: Vec<u32>,
    /// Token types, as long as `ids`.
    pub types: Vec<u32>,
    /// The length of each sequence; they add up to the length of `ids`.
    pub lengths: Vec<usize>,
}

impl Packed {
    /// Append a sequence.
    pub fn push(&mut self, ids: &[u32], types: &[u32]) {
        self.ids.extend_from_slice(ids);
        self.types.extend_from_slice(types);
        self.lengths.push(ids.len());
    }

    /// Append all sequences of another batch.
    pub fn extend(&mut self, other: &Self) {
        self.ids.extend_from_slice(&other.ids);
        self.types.extend_from_slice(&other.types);
        self.lengths.extend_from_slice(&other.lengths);
    }

    /// The number of tokens in all sequences.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.ids.len()
    }
}

/// A model that computes a row of numbers for every token of packed sequences.
///
/// A row depends on its own sequence only: what else is in the batch does not change it beyond floating-point rounding.
pub trait PackedModel: Send + Sync {
    /// One row a token, `[tokens, width]`, f32.
    ///
    /// # Errors
    /// When the tensor library fails.
    fn forward(&self, batch: &Packed) -> Result<Tensor, ModelError>;

    /// The longest sequence that the model can read, special tokens included.
    fn max_length(&self) -> usize;
}
