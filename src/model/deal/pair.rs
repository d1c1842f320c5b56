//! The pair head: a two-layer perceptron over two vectors, their product, and embedded features.

use candle_core::{DType, Device, Tensor};

use crate::model::ModelError;
use crate::model::config::Activation;
use crate::model::encoder::layers::{Linear, activate};
use crate::model::weights::Weights;

/// Scores for pairs.
pub struct Pair {
    left: Linear,
    right: Linear,
    product: Linear,
    buckets: Vec<Tensor>,
    flags: Option<Linear>,
    out: Linear,
    outputs: usize,
    width: usize,
}

/// The discrete features of all pairs of two lists, row by row.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// For each bucket embedding the index of every pair, `[left · right]`.
    pub buckets: Vec<Vec<u32>>,
    /// Flags of every pair, `[left · right · flags]`; empty where the head has none.
    pub flags: Vec<f32>,
}

impl Pair {
    /// `NAME.left`, `.right`, `.product`, `.buckets.N`, `.flags` and `.out`.
    pub(super) fn load(
        weights: &Weights<'_>,
        name: &str,
        width: usize,
        outputs: usize,
        buckets: &[usize],
        flags: usize,
    ) -> Result<Self, ModelError> {
        let at = |part: &str| format!("{name}.{part}");
        Ok(Self {
            left: Linear::load(weights, &at("left"), width, width)?,
            right: Linear::load_no_bias(weights, &at("right"), width, width)?,
            product: Linear::load_no_bias(weights, &at("product"), width, width)?,
            buckets: buckets
                .iter()
                .enumerate()
                .map(|(n, size)| weights.tensor(&at(&format!("buckets.{n}.weight")), &[*size, width]))
                .collect::<Result<_, _>>()?,
            flags: (flags > 0)
                .then(|| Linear::load_no_bias(weights, &at("flags"), flags, width))
                .transpose()?,
            out: Linear::load(weights, &at("out"), width, outputs)?,
            outputs,
            width,
        })
    }

    /// The number of scores a pair gets.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Scores of every left `[A, d]` with every right `[B, d]`: `A · B` rows of `outputs`, left by left.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn scores(&self, left: &Tensor, right: &Tensor, places: &Places) -> Result<Vec<f32>, ModelError> {
        let (rows, columns) = (left.dim(0)?, right.dim(0)?);
        if rows == 0 || columns == 0 {
            return Ok(Vec::new());
        }
        let (pairs, width) = (rows * columns, self.width);
        let grid = (rows, columns, width);
        let product = left.unsqueeze(1)?.broadcast_mul(&right.unsqueeze(0)?)?.reshape((pairs, width))?;
        let mut z = self.product.forward(&product)?.reshape(grid)?;
        z = z.broadcast_add(&self.left.forward(left)?.unsqueeze(1)?)?;
        z = z.broadcast_add(&self.right.forward(right)?.unsqueeze(0)?)?;
        let mut z = z.reshape((pairs, width))?;
        for (embedding, index) in self.buckets.iter().zip(&places.buckets) {
            z = (z + embedding.index_select(&Tensor::from_slice(index, pairs, &Device::Cpu)?, 0)?)?;
        }
        if let Some(flags) = &self.flags {
            let count = places.flags.len() / pairs;
            z = (z + flags.forward(&Tensor::from_slice(&places.flags, (pairs, count), &Device::Cpu)?)?)?;
        }
        let scores = self.out.forward(&activate(&z, Activation::Gelu)?)?;
        Ok(scores.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
    }
}
