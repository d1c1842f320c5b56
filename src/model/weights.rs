//! Tensors out of safetensors files, checked by name and shape, widened to f32.
//!
//! Besides the float types of the hub, matrices may be stored as siglato's recipe writes them: int8 rows with a
//! `NAME.scale` of one float a row (symmetric quantisation, weight ≈ int8 · scale).

use candle_core::{Device, Tensor};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::ModelError;

/// The tensors of one model, read from bytes that outlive it.
pub struct Weights<'a> {
    file: String,
    shards: Vec<SafeTensors<'a>>,
    prefix: String,
    device: Device,
}

impl<'a> Weights<'a> {
    /// From the bytes of a safetensors file; `file` stands in errors.
    ///
    /// # Errors
    /// When the bytes are no safetensors file.
    pub fn from_bytes(bytes: &'a [u8], file: &str, device: &Device) -> Result<Self, ModelError> {
        Self::from_shards([(bytes, file)], file, device)
    }

    /// From the bytes of the files that a large model is cut into, each with its name; `file` stands in errors about
    /// tensors.
    ///
    /// # Errors
    /// When the bytes of one are no safetensors file.
    pub fn from_shards<'n>(
        shards: impl IntoIterator<Item = (&'a [u8], &'n str)>,
        file: &str,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let read = |(bytes, name): (&'a [u8], &'n str)| {
            SafeTensors::deserialize(bytes).map_err(|error| ModelError::Invalid {
                file: name.to_owned(),
                why: format!("not a safetensors file: {error}"),
            })
        };
        let shards = shards.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { file: file.to_owned(), shards, prefix: String::new(), device: device.clone() })
    }

    /// The same tensors seen from under a prefix of names, e.g. `bert`. A prefix that no tensor has is left out:
    /// base models are saved without it.
    #[must_use]
    pub fn rooted(mut self, prefix: &str) -> Self {
        let dotted = format!("{prefix}.");
        if self.shards.iter().flat_map(SafeTensors::names).any(|name| name.starts_with(&dotted)) {
            self.prefix = dotted;
        }
        self
    }

    /// Whether there is a tensor of this name, under the root or beside it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<(String, TensorView<'_>)> {
        // Checkpoints converted from TensorFlow call LayerNorm's parameters gamma and beta.
        let old =
            name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        [format!("{}{name}", self.prefix), name.to_owned(), format!("{}{old}", self.prefix)]
            .into_iter()
            .find_map(|full| {
                let view = self.shards.iter().find_map(|shard| shard.tensor(&full).ok())?;
                Some((full, view))
            })
    }

    /// A tensor as f32, of exactly this shape.
    ///
    /// # Errors
    /// When it is missing, of another shape, or of a type that is not read.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        let (full, view) = self.found(name, shape)?;
        let values = self.widen(&full, &view)?;
        Ok(Tensor::from_vec(values, shape, &self.device)?)
    }

    fn found(&self, name: &str, shape: &[usize]) -> Result<(String, TensorView<'_>), ModelError> {
        let (full, view) = self.find(name).ok_or_else(|| ModelError::MissingTensor {
            file: self.file.clone(),
            name: format!("{}{name}", self.prefix),
        })?;
        if view.shape() != shape {
            return Err(ModelError::Shape {
                file: self.file.clone(),
                name: full,
                found: view.shape().to_vec(),
                expected: shape.to_vec(),
            });
        }
        Ok((full, view))
    }

    /// The number of rows of a matrix, so that a vocabulary larger than the tokenizer's can be read.
    #[must_use]
    pub fn rows(&self, name: &str) -> Option<usize> {
        self.find(name).and_then(|(_, view)| view.shape().first().copied())
    }

    fn widen(&self, name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, ModelError> {
        let data = view.data();
        Ok(match view.dtype() {
            Dtype::F32 => {
                data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
            }
            Dtype::F64 => data
                .chunks_exact(8)
                .map(|b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f32)
                .collect(),
            Dtype::F16 => {
                data.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
            }
            Dtype::BF16 => {
                data.chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
            }
            Dtype::I8 => self.dequantise(name, view)?,
            other => {
                return Err(ModelError::Invalid {
                    file: self.file.clone(),
                    why: format!("tensor {name:?} has the type {other:?}, which is not read"),
                });
            }
        })
    }

    fn dequantise(&self, name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, ModelError> {
        let (rows, columns) = match *view.shape() {
            [rows, columns] => (rows, columns),
            _ => (0, 0),
        };
        let scales = self.vector(&format!("{name}.scale"), rows)?;
        let mut out = Vec::with_capacity(rows * columns);
        for (row, scale) in view.data().chunks_exact(columns.max(1)).zip(scales) {
            out.extend(row.iter().map(|byte| f32::from(byte.cast_signed()) * scale));
        }
        Ok(out)
    }

    fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        let (full, view) = self.found(name.strip_prefix(&self.prefix).unwrap_or(name), &[length])?;
        self.widen(&full, &view)
    }

    /// The rows of a matrix that is only looked up, kept in 8 bits when it is stored so.
    ///
    /// # Errors
    /// As [`Self::tensor`].
    pub fn table(&self, name: &str, width: usize) -> Result<Table, ModelError> {
        let rows = self.rows(name).unwrap_or_default();
        let (full, view) = self.found(name, &[rows, width])?;
        Ok(match view.dtype() {
            Dtype::I8 => Table {
                width,
                cells: Cells::Bytes {
                    cells: view.data().iter().map(|b| b.cast_signed()).collect(),
                    scales: self.vector(&format!("{full}.scale"), rows)?,
                },
            },
            _ => Table { width, cells: Cells::Floats(self.widen(&full, &view)?) },
        })
    }

    /// The device that tensors are made on.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The file's name, as errors give it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// A matrix whose rows are looked up: word embeddings.
pub struct Table {
    width: usize,
    cells: Cells,
}

enum Cells {
    Floats(Vec<f32>),
    Bytes { cells: Vec<i8>, scales: Vec<f32> },
}

impl Table {
    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        match &self.cells {
            Cells::Floats(cells) => cells.len() / self.width.max(1),
            Cells::Bytes { scales, .. } => scales.len(),
        }
    }

    /// The rows of these ids, `[ids, width]`.
    ///
    /// # Errors
    /// When an id lies beyond the table: the tokenizer and the weights are not of one model.
    pub fn rows_of(&self, ids: &[u32], device: &Device) -> Result<Tensor, ModelError> {
        let (width, rows) = (self.width, self.rows());
        let mut out = Vec::with_capacity(ids.len() * width);
        for &id in ids {
            let row = id as usize;
            if row >= rows {
                return Err(ModelError::Tokenize(format!(
                    "token {id} lies beyond the {rows} rows of the word embeddings: tokenizer and weights do not match"
                )));
            }
            match &self.cells {
                Cells::Floats(cells) => out.extend_from_slice(&cells[row * width..(row + 1) * width]),
                Cells::Bytes { cells, scales } => {
                    out.extend(
                        cells[row * width..(row + 1) * width].iter().map(|c| f32::from(*c) * scales[row]),
                    );
                }
            }
        }
        Ok(Tensor::from_vec(out, (ids.len(), width), device)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// A safetensors file with one tensor a name.
    fn file(tensors: &[(&str, Dtype, Vec<usize>, Vec<u8>)]) -> Vec<u8> {
        let views: HashMap<String, TensorView<'_>> = tensors
            .iter()
            .map(|(n, d, s, b)| ((*n).to_owned(), TensorView::new(*d, s.clone(), b).expect("a tensor")))
            .collect();
        safetensors::serialize(views, None).expect("a file")
    }

    fn floats(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    #[test]
    fn eight_bit_rows_are_scaled() {
        let bytes = file(&[
            ("w", Dtype::I8, vec![2, 2], vec![127, 0, 0x81, 2]),
            ("w.scale", Dtype::F32, vec![2], floats(&[0.5, 2.0])),
        ]);
        let weights = Weights::from_bytes(&bytes, "m", &Device::Cpu).expect("a file");
        let w = weights.tensor("w", &[2, 2]).and_then(|t| Ok(t.to_vec2::<f32>()?)).expect("a matrix");
        assert_eq!(w, [[63.5, 0.0], [-254.0, 4.0]]);
        let table = weights.table("w", 2).expect("a table");
        let rows = table.rows_of(&[1, 0], &Device::Cpu).and_then(|t| Ok(t.to_vec2::<f32>()?)).expect("rows");
        assert_eq!(rows, [[-254.0, 4.0], [63.5, 0.0]]);
        assert!(table.rows_of(&[2], &Device::Cpu).is_err());
    }

    #[test]
    fn errors_name_the_tensor() {
        let bytes = file(&[
            ("bert.a", Dtype::F32, vec![2], floats(&[1.0, 2.0])),
            ("i", Dtype::I64, vec![1], vec![0; 8]),
        ]);
        let weights =
            Weights::from_bytes(&bytes, "m.safetensors", &Device::Cpu).expect("a file").rooted("bert");
        assert!(weights.tensor("a", &[2]).is_ok());
        assert_eq!(
            weights.tensor("a", &[3]).expect_err("another shape").to_string(),
            "m.safetensors: tensor \"bert.a\" has shape [2], expected [3]"
        );
        assert_eq!(
            weights.tensor("b", &[1]).expect_err("missing").to_string(),
            "m.safetensors: no tensor \"bert.b\""
        );
        assert!(weights.tensor("i", &[1]).expect_err("integers").to_string().contains("I64"));
        assert!(Weights::from_bytes(b"nonsense", "m", &Device::Cpu).is_err());
    }
}
