//! Which files a Hugging Face model's folder is read from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ModelError;

/// The configuration.
pub const CONFIG: &str = "config.json";
/// The fast tokenizer.
pub const TOKENIZER: &str = "tokenizer.json";
/// The weights, in one file.
pub const WEIGHTS: &str = "model.safetensors";
/// Which file has which tensor, when the weights are in several.
pub const INDEX: &str = "model.safetensors.index.json";
/// What PyTorch pickles weights into.
const PICKLES: [&str; 2] = ["pytorch_model.bin", "pytorch_model.bin.index.json"];

/// Where the weights of a model are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightFiles {
    /// The file that errors about tensors name: the only one, or the index.
    pub named: PathBuf,
    /// The safetensors files.
    pub parts: Vec<PathBuf>,
}

impl WeightFiles {
    /// Those of a folder: one file if it is there, the parts of the index otherwise.
    ///
    /// # Errors
    /// When there are none that are read, or the index is broken.
    pub fn find(folder: &Path) -> Result<Self, ModelError> {
        let single = folder.join(WEIGHTS);
        if single.is_file() {
            return Ok(Self { named: single.clone(), parts: vec![single] });
        }
        let index = folder.join(INDEX);
        if index.is_file() {
            let names = parts_of_index(&read(&index)?, &index.display().to_string())?;
            return Ok(Self { parts: names.iter().map(|name| folder.join(name)).collect(), named: index });
        }
        match PICKLES.iter().map(|name| folder.join(name)).find(|path| path.is_file()) {
            Some(pickle) => Err(pickled(&pickle.display().to_string())),
            None => Err(ModelError::Io { path: single, source: std::io::ErrorKind::NotFound.into() }),
        }
    }
}

/// The error for a model that has its weights in PyTorch's format alone.
fn pickled(file: &str) -> ModelError {
    ModelError::Invalid { file: file.to_owned(), why: PICKLED.to_owned() }
}

/// Why a model with pickled weights alone is not read.
pub(super) const PICKLED: &str = "the weights are there as a PyTorch pickle only, which siglato does not read; \
    save the model as safetensors (`model.save_pretrained(folder)` in transformers does)";

/// Whether a repository's file holds pickled weights.
pub(super) fn is_pickle(name: &str) -> bool {
    PICKLES.contains(&name)
}

/// A file's bytes.
///
/// # Errors
/// When it is missing or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })
}

/// The files that an index (`model.safetensors.index.json`) names; `file` stands in errors.
///
/// # Errors
/// When it is no index, or names a file outside its folder.
pub fn parts_of_index(bytes: &[u8], file: &str) -> Result<BTreeSet<String>, ModelError> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    let invalid = |why: String| ModelError::Invalid { file: file.to_owned(), why };
    let index: Index = serde_json::from_slice(bytes)
        .map_err(|error| invalid(format!("not an index of weights: {error}")))?;
    let parts: BTreeSet<String> = index.weight_map.into_values().collect();
    if let Some(odd) = parts.iter().find(|name| !is_plain(name)) {
        return Err(invalid(format!("names the file {odd:?}, which is no safetensors file beside it")));
    }
    if parts.is_empty() {
        return Err(invalid("names no file".to_owned()));
    }
    Ok(parts)
}

/// Whether a part's name is a file name on every system and nothing but that.
fn is_plain(name: &str) -> bool {
    name.ends_with(".safetensors")
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The first file that a folder lacks to be a model that can be read; `None` when it is complete.
#[must_use]
pub fn missing(folder: &Path) -> Option<PathBuf> {
    let plain = [CONFIG, TOKENIZER].map(|name| folder.join(name));
    let parts = match WeightFiles::find(folder) {
        Ok(files) => files.parts,
        Err(_) => vec![folder.join(WEIGHTS)],
    };
    plain.into_iter().chain(parts).find(|path| !path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_names_files_beside_it() {
        let parts =
            |text: &str| parts_of_index(text.as_bytes(), "m/index").map_err(|error| error.to_string());
        let good = parts(
            r#"{"weight_map": {"a": "m-2.safetensors", "b": "m-1.safetensors", "c": "m-2.safetensors"}}"#,
        );
        assert_eq!(
            good.map(|p| p.into_iter().collect::<Vec<_>>()),
            Ok(vec!["m-1.safetensors".into(), "m-2.safetensors".into()])
        );
        for odd in [
            "../m.safetensors",
            "a/b.safetensors",
            "a\\b.safetensors",
            "c:m.safetensors",
            "m.bin",
            ".safetensors",
        ] {
            let text = serde_json::json!({"weight_map": {"a": odd}}).to_string();
            assert!(parts(&text).is_err_and(|error| error.starts_with("m/index: names the file")), "{odd}");
        }
        assert!(parts("{}").is_err_and(|error| error.contains("weight_map")));
        assert!(parts(r#"{"weight_map": {}}"#).is_err());
    }
}
