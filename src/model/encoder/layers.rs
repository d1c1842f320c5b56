//! The layers that every family is built of.

use candle_core::{D, Tensor};

use crate::model::ModelError;
use crate::model::config::Activation;
use crate::model::weights::Weights;

/// `x · Wᵀ + b` over the last dimension of `[rows, inputs]`.
pub struct Linear {
    /// `[inputs, outputs]`, transposed once at loading.
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// `NAME.weight` `[outputs, inputs]` and `NAME.bias`.
    pub fn load(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, ModelError> {
        let plain = Self::load_no_bias(weights, name, inputs, outputs)?;
        let bias = weights.tensor(&format!("{name}.bias"), &[outputs])?;
        Ok(Self { bias: Some(bias), ..plain })
    }

    /// As [`Self::load`], for a layer that is saved without a bias.
    pub fn load_no_bias(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, ModelError> {
        let weight = weights.tensor(&format!("{name}.weight"), &[outputs, inputs])?;
        Ok(Self { weight: weight.t()?.contiguous()?, bias: None })
    }

    /// Several layers over one input as one product; the outputs stand side by side.
    pub fn beside(layers: &[Self]) -> Result<Self, ModelError> {
        let weights: Vec<&Tensor> = layers.iter().map(|l| &l.weight).collect();
        let biases: Option<Vec<&Tensor>> = layers.iter().map(|l| l.bias.as_ref()).collect();
        Ok(Self { weight: Tensor::cat(&weights, 1)?, bias: biases.map(|b| Tensor::cat(&b, 0)).transpose()? })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        let y = x.matmul(&self.weight)?;
        Ok(match &self.bias {
            Some(bias) => y.broadcast_add(bias)?,
            None => y,
        })
    }
}

/// Layer normalisation over the last dimension (Ba et al. 2016).
pub struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    eps: f32,
}

impl LayerNorm {
    pub fn load(weights: &Weights<'_>, name: &str, width: usize, eps: f64) -> Result<Self, ModelError> {
        Ok(Self {
            weight: weights.tensor(&format!("{name}.weight"), &[width])?,
            bias: weights.tensor(&format!("{name}.bias"), &[width])?,
            eps: eps as f32,
        })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        Ok(candle_nn::ops::layer_norm(&x.contiguous()?, &self.weight, &self.bias, self.eps)?)
    }
}

pub fn activate(x: &Tensor, activation: Activation) -> Result<Tensor, ModelError> {
    Ok(match activation {
        Activation::Gelu => x.gelu_erf()?,
        Activation::GeluNew => x.gelu()?,
        Activation::Relu => x.relu()?,
        Activation::Tanh => x.tanh()?,
    })
}

/// Softmax over the last dimension.
pub fn softmax(x: &Tensor) -> Result<Tensor, ModelError> {
    Ok(candle_nn::ops::softmax_last_dim(&x.contiguous()?)?)
}

/// `[length, heads · width]` as `[heads, length, width]`.
pub fn split_heads(x: &Tensor, heads: usize) -> Result<Tensor, ModelError> {
    let (length, width) = x.dims2()?;
    Ok(x.reshape((length, heads, width / heads))?.transpose(0, 1)?.contiguous()?)
}

/// `[heads, length, width]` as `[length, heads · width]`.
pub fn join_heads(x: &Tensor) -> Result<Tensor, ModelError> {
    let (heads, length, width) = x.dims3()?;
    Ok(x.transpose(0, 1)?.contiguous()?.reshape((length, heads * width))?)
}

/// `[heads, n, d] · [heads, m, d]ᵀ` → `[heads, n, m]`.
pub fn scores(query: &Tensor, key: &Tensor) -> Result<Tensor, ModelError> {
    Ok(query.matmul(&key.transpose(D::Minus1, D::Minus2)?.contiguous()?)?)
}
