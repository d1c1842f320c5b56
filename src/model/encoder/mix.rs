//! A weighted mean of all layers' hidden states (Peters et al. 2018).
//!
//! A base that was trained for sentence embeddings makes the tokens of a text nearly alike in its last layer; what tells
//! them apart is in the layers below.

use candle_core::{DType, Device, Tensor};

use crate::model::ModelError;
use crate::model::weights::Weights;

/// PyTorch's default, which the recipe leaves.
const EPS: f32 = 1e-5;

/// How much each layer counts: `LN(Σ wᵢ · LN(xᵢ))`, the norms without parameters, `x₀` the embeddings.
pub struct LayerMix {
    weights: Vec<f64>,
    ones: Tensor,
    zeros: Tensor,
}

impl LayerMix {
    /// From `NAME`, a logit for the embeddings and each layer.
    ///
    /// # Errors
    /// When the tensor is missing or has not `layers + 1` elements.
    pub fn load(
        weights: &Weights<'_>,
        name: &str,
        layers: usize,
        hidden: usize,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let logits: Vec<f32> = weights.tensor(name, &[layers + 1])?.to_vec1()?;
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f64> = logits.iter().map(|x| f64::from(x - top).exp()).collect();
        let sum: f64 = powers.iter().sum();
        Ok(Self {
            weights: powers.into_iter().map(|p| p / sum).collect(),
            ones: Tensor::ones(hidden, DType::F32, device)?,
            zeros: Tensor::zeros(hidden, DType::F32, device)?,
        })
    }

    fn norm(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        Ok(candle_nn::ops::layer_norm(&x.contiguous()?, &self.ones, &self.zeros, EPS)?)
    }

    /// Add layer `n` (0 the embeddings) to what has been mixed.
    pub(super) fn add(
        &self,
        mixed: Option<Tensor>,
        n: usize,
        x: &Tensor,
    ) -> Result<Option<Tensor>, ModelError> {
        let part = (self.norm(x)? * self.weights.get(n).copied().unwrap_or_default())?;
        Ok(Some(match mixed {
            Some(sum) => (sum + part)?,
            None => part,
        }))
    }

    /// The mixed states of all layers that were added.
    pub(super) fn finish(&self, mixed: &Tensor) -> Result<Tensor, ModelError> {
        self.norm(mixed)
    }
}
