//! The convolution that DeBERTa-v2's larger models have beside their first layer.

use candle_core::Tensor;

use super::layers::{LayerNorm, activate};
use crate::model::ModelError;
use crate::model::config::{Activation, ModelConfig};
use crate::model::weights::Weights;

/// The convolution beside the first layer (v2's larger models).
pub(super) struct Convolution {
    weight: Tensor,
    bias: Tensor,
    padding: usize,
    groups: usize,
    activation: Activation,
    norm: LayerNorm,
}

impl Convolution {
    /// From a configuration; `None` where it has no convolution.
    pub(super) fn load(
        config: &ModelConfig,
        weights: &Weights<'_>,
        hidden: usize,
        eps: f64,
    ) -> Result<Option<Self>, ModelError> {
        let kernel: usize = config.optional("conv_kernel_size")?.unwrap_or(0);
        if kernel == 0 {
            return Ok(None);
        }
        let groups: usize = config.optional("conv_groups")?.unwrap_or(1);
        if kernel.is_multiple_of(2) {
            return Err(
                config.invalid(&format!("`conv_kernel_size` {kernel} is even: the sequence would shrink"))
            );
        }
        if groups == 0 || !hidden.is_multiple_of(groups) {
            return Err(config.invalid(&format!("`conv_groups` {groups} does not divide {hidden}")));
        }
        Ok(Some(Self {
            weight: weights.tensor("encoder.conv.conv.weight", &[hidden, hidden / groups, kernel])?,
            bias: weights.tensor("encoder.conv.conv.bias", &[hidden])?,
            padding: (kernel - 1) / 2,
            groups,
            activation: config.optional("conv_act")?.unwrap_or(Activation::Tanh),
            norm: LayerNorm::load(weights, "encoder.conv.LayerNorm", hidden, eps)?,
        }))
    }

    /// `embedded` is what the first layer read, `layered` what it made of it.
    pub(super) fn forward(
        &self,
        embedded: &Tensor,
        layered: &Tensor,
        lengths: &[usize],
    ) -> Result<Tensor, ModelError> {
        let mut seen = Vec::with_capacity(lengths.len());
        let mut at = 0;
        for &length in lengths.iter().filter(|n| **n > 0) {
            let x = embedded.narrow(0, at, length)?.t()?.contiguous()?.unsqueeze(0)?;
            let y = x.conv1d(&self.weight, self.padding, 1, 1, self.groups)?;
            seen.push(y.squeeze(0)?.t()?.contiguous()?);
            at += length;
        }
        let seen = activate(&Tensor::cat(&seen, 0)?.broadcast_add(&self.bias)?, self.activation)?;
        self.norm.forward(&(layered + seen)?)
    }
}
