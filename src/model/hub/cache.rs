//! The hub's cache: `models--ORG--NAME/{refs/REVISION, snapshots/COMMIT/FILE}`.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::name::is_commit;
use super::{Hub, HubName};
use crate::model::ModelError;
use crate::model::config::{ModelConfig, SUPPORTED};
use crate::model::files;

/// A model that lies in the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CachedModel {
    /// Its name on the hub.
    pub id: String,
    /// The branch or tag that it was fetched by; its commit when none points to it.
    pub revision: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// What they take up.
    pub bytes: u64,
    /// The `model_type` of its configuration.
    pub model_type: Option<String>,
    /// Whether siglato can run it.
    pub supported: bool,
}

impl Hub {
    /// The folder of a model: a folder that is there, or one of the cache. Nothing is downloaded.
    ///
    /// # Errors
    /// When it is neither, or lies in the cache incompletely.
    pub fn resolve(&self, name: &str) -> Result<PathBuf, ModelError> {
        if let Some(folder) = local(name)? {
            return Ok(folder);
        }
        let wanted = HubName::parse(name)?;
        let not_found = |why: String| ModelError::NotFound { model: name.to_owned(), why };
        let folder = self.snapshot(&wanted).ok_or_else(|| {
            not_found(format!("not a folder, and not in the cache {}; pull it first", self.cache.display()))
        })?;
        match files::missing(&folder) {
            None => Ok(folder),
            Some(file) => Err(not_found(format!("the cache lacks {}; pull it again", file.display()))),
        }
    }

    /// The folder that the cache has for a revision.
    pub(super) fn snapshot(&self, name: &HubName) -> Option<PathBuf> {
        let model = self.cache.join(name.folder());
        let commit = fs::read_to_string(model.join("refs").join(&name.revision)).unwrap_or_default();
        [commit.trim(), &name.revision]
            .into_iter()
            .filter(|commit| is_commit(commit))
            .map(|commit| model.join("snapshots").join(commit))
            .find(|folder| folder.is_dir())
    }

    /// The models in the cache, by name and revision.
    ///
    /// # Errors
    /// When the cache is there and cannot be read.
    pub fn list(&self) -> Result<Vec<CachedModel>, ModelError> {
        let mut models = Vec::new();
        for model in entries(&self.cache)? {
            let name = model.file_name().and_then(|name| name.to_str());
            let Some(id) = name.and_then(|name| name.strip_prefix("models--")) else { continue };
            let id = id.replacen("--", "/", 1);
            let mut refs = BTreeMap::new();
            read_refs(&model.join("refs"), "", &mut refs);
            for folder in entries(&model.join("snapshots"))? {
                let Some(commit) = folder.file_name().and_then(|name| name.to_str()) else { continue };
                // A snapshot without configuration is a data set's, a download that broke off, or some other thing.
                let Ok(bytes) = fs::read(folder.join(files::CONFIG)) else { continue };
                let config = ModelConfig::from_bytes(&bytes, files::CONFIG).ok();
                models.push(CachedModel {
                    id: id.clone(),
                    revision: refs.get(commit).cloned().unwrap_or_else(|| commit.to_owned()),
                    bytes: size(&folder),
                    model_type: config.as_ref().and_then(|config| config.model_type().ok()),
                    supported: config.as_ref().is_some_and(|config| runs(config, &folder)),
                    folder,
                });
            }
        }
        models.sort_by(|a, b| (&a.id, &a.revision).cmp(&(&b.id, &b.revision)));
        Ok(models)
    }
}

/// The name as a folder, when it is one.
pub(super) fn local(name: &str) -> Result<Option<PathBuf>, ModelError> {
    let path = Path::new(name);
    if path.is_file() {
        let why = "this is a file; a model is the folder around it".to_owned();
        return Err(ModelError::NotFound { model: name.to_owned(), why });
    }
    Ok(path.is_dir().then(|| path.to_owned()))
}

/// Whether siglato can run the model of a folder, as far as its configuration and the names of its files tell.
pub(super) fn runs(config: &ModelConfig, folder: &Path) -> bool {
    let known = config.model_type().is_ok_and(|kind| SUPPORTED.split(", ").any(|known| known == kind));
    let task = architecture(config).is_none_or(|name| name.ends_with("ForTokenClassification"));
    known && task && config.labels().is_ok() && files::missing(folder).is_none()
}

/// The class that transformers would load the model as.
pub(super) fn architecture(config: &ModelConfig) -> Option<String> {
    config.optional::<Vec<String>>("architectures").ok().flatten()?.into_iter().next()
}

/// What a folder holds, in order; nothing when it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let failed = |source| ModelError::Io { path: folder.to_owned(), source };
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(failed(error)),
    };
    let mut paths = found
        .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
        .collect::<Result<Vec<_>, ModelError>>()?;
    paths.sort();
    Ok(paths)
}

/// For each commit the branch or tag that points to it; `main` before others, and a name before the commit itself.
fn read_refs(folder: &Path, prefix: &str, refs: &mut BTreeMap<String, String>) {
    for path in entries(folder).unwrap_or_default() {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            read_refs(&path, &format!("{name}/"), refs);
        } else if let Ok(commit) = fs::read_to_string(&path)
            && (name == "main" || name != commit.trim() && !refs.contains_key(commit.trim()))
        {
            refs.insert(commit.trim().to_owned(), name);
        }
    }
}

/// The bytes of the files in a folder, through links to files, not through links to folders.
pub(super) fn size(folder: &Path) -> u64 {
    let of = |path: &PathBuf| match (fs::symlink_metadata(path), fs::metadata(path)) {
        (Ok(own), _) if own.is_dir() => size(path),
        (_, Ok(file)) if file.is_file() => file.len(),
        _ => 0,
    };
    entries(folder).unwrap_or_default().iter().map(of).sum()
}
