//! `config.json` of a Hugging Face model.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::ModelError;

/// The architectures that siglato runs, for error messages.
pub const SUPPORTED: &str = "bert, distilbert, roberta, xlm-roberta, camembert, deberta-v2";

/// A parsed `config.json`, with the file's name for errors.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// The file, as errors name it.
    pub file: String,
    fields: serde_json::Map<String, Value>,
}

/// The activation between the two layers of a feed-forward block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Exact GELU, with the error function (Hendrycks & Gimpel 2016).
    Gelu,
    /// GELU's tanh approximation.
    #[serde(alias = "gelu_pytorch_tanh", alias = "gelu_fast")]
    GeluNew,
    /// Rectified linear.
    Relu,
    /// Hyperbolic tangent (DeBERTa's convolution by default).
    Tanh,
}

impl ModelConfig {
    /// From the bytes of a `config.json`.
    ///
    /// # Errors
    /// When they are no JSON object.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self, ModelError> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self { file: file.to_owned(), fields }),
            Ok(_) => Err(Self::fault(file, "not a JSON object")),
            Err(error) => Err(Self::fault(file, &format!("not a JSON document: {error}"))),
        }
    }

    fn fault(file: &str, why: &str) -> ModelError {
        ModelError::Invalid { file: file.to_owned(), why: why.to_owned() }
    }

    /// A field that may be absent or `null`.
    ///
    /// # Errors
    /// When it is there and of another type.
    pub fn optional<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<Option<T>, ModelError> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value.clone())
                .map(Some)
                .map_err(|error| Self::fault(&self.file, &format!("`{key}`: {error}"))),
        }
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// When it is absent or of another type.
    pub fn required<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<T, ModelError> {
        self.optional(key)?.ok_or_else(|| Self::fault(&self.file, &format!("`{key}` is missing")))
    }

    /// A count that must be there and above zero.
    ///
    /// # Errors
    /// When it is absent, zero or no whole number.
    pub fn count(&self, key: &str) -> Result<usize, ModelError> {
        match self.required::<usize>(key)? {
            0 => Err(Self::fault(&self.file, &format!("`{key}` is 0"))),
            n => Ok(n),
        }
    }

    /// The `model_type`.
    ///
    /// # Errors
    /// When it is absent.
    pub fn model_type(&self) -> Result<String, ModelError> {
        self.required("model_type")
    }

    /// The labels of a token classifier, by class index (`id2label`).
    ///
    /// # Errors
    /// When the map is absent or leaves out an index.
    pub fn labels(&self) -> Result<Vec<String>, ModelError> {
        let map: BTreeMap<String, String> = self.required("id2label")?;
        let mut labels = vec![String::new(); map.len()];
        for (id, label) in map {
            let slot = id.parse::<usize>().ok().and_then(|id| labels.get_mut(id));
            *slot.ok_or_else(|| {
                Self::fault(&self.file, &format!("`id2label`: class {id:?} is out of order"))
            })? = label;
        }
        if labels.is_empty() {
            return Err(Self::fault(&self.file, "`id2label` is empty"));
        }
        Ok(labels)
    }

    /// An error about this file.
    #[must_use]
    pub fn invalid(&self, why: &str) -> ModelError {
        Self::fault(&self.file, why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_in_errors() {
        let c = ModelConfig::from_bytes(
            br#"{"a": "x", "n": 0, "id2label": {"0": "O", "2": "B"}}"#,
            "m/config.json",
        )
        .expect("an object");
        assert_eq!(
            c.required::<usize>("b").expect_err("absent").to_string(),
            "m/config.json: `b` is missing"
        );
        assert!(
            c.required::<usize>("a").expect_err("a string").to_string().starts_with("m/config.json: `a`: ")
        );
        assert!(c.count("n").is_err());
        assert!(c.labels().expect_err("class 1 is missing").to_string().contains("out of order"));
        assert!(ModelConfig::from_bytes(b"[]", "c").is_err());
        assert!(ModelConfig::from_bytes(b"{", "c").is_err());
    }
}
