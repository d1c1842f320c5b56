//! Downloading a model into the hub's cache.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hf_hub::api::RepoInfo;
use hf_hub::api::sync::{Api, ApiBuilder, ApiError, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use super::cache::local;
use super::name::is_commit;
use super::{Hub, HubName};
use crate::model::ModelError;
use crate::model::files::{self, CONFIG, INDEX, TOKENIZER, WEIGHTS};

/// How long the hub may take to say what a model consists of.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far the download of a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file.
    pub file: &'a str,
    /// The bytes that are here.
    pub done: u64,
    /// Its size.
    pub total: u64,
}

impl Hub {
    /// Download a model as it is on the hub now, and give its folder. Files of the same commit that are here stay.
    ///
    /// The cache points the revision to the new commit only when all files are there.
    ///
    /// # Errors
    /// When the hub cannot be reached, does not have the model or does not give it out, when the model has no files
    /// that siglato reads, or when the cache cannot be written.
    pub fn pull(&self, name: &str, mut progress: impl FnMut(Progress<'_>)) -> Result<PathBuf, ModelError> {
        if let Some(folder) = local(name)? {
            return Ok(folder);
        }
        let name = HubName::parse(name)?;
        if self.offline {
            return Err(not_found(&name, "downloads are switched off (HF_HUB_OFFLINE)".to_owned()));
        }
        let failed = |error: ApiError| not_found(&name, self.explain(&name, &error));
        let api = ApiBuilder::from_cache(Cache::new(self.cache.clone()))
            .with_endpoint(self.endpoint.clone())
            .with_token(self.token.clone())
            .with_progress(false)
            .build()
            .map_err(failed)?;
        let info = info(&api, &name).map_err(failed)?;
        if !is_commit(&info.sha) {
            return Err(not_found(&name, format!("{} names no commit but {:?}", self.endpoint, info.sha)));
        }
        // All files from one commit, even when somebody writes to the branch meanwhile.
        let repo = api.repo(Repo::with_revision(name.id.clone(), RepoType::Model, info.sha.clone()));
        let model = self.cache.join(name.folder());
        let folder = model.join("snapshots").join(&info.sha);
        let download =
            Download { hub: self, api: &api, repo: &repo, name: &name, folder: &folder, model: &model };
        let there: BTreeSet<&str> = info.siblings.iter().map(|file| file.rfilename.as_str()).collect();
        for file in first_files(&there).map_err(|why| not_found(&name, why))? {
            download.file(file, &mut progress)?;
            if file == INDEX {
                let index = folder.join(INDEX);
                for part in files::parts_of_index(&files::read(&index)?, &index.display().to_string())? {
                    download.file(&part, &mut progress)?;
                }
            }
        }
        self.point(&name, &info.sha).map_err(|source| ModelError::Io { path: model.join("refs"), source })?;
        Ok(folder)
    }

    /// Point a revision to a commit, in place of the reference by commit that hf-hub leaves.
    fn point(&self, name: &HubName, commit: &str) -> std::io::Result<()> {
        let cache = Cache::new(self.cache.clone());
        cache
            .repo(Repo::with_revision(name.id.clone(), RepoType::Model, name.revision.clone()))
            .create_ref(commit)?;
        if name.revision != commit {
            let spare = self.cache.join(name.folder()).join("refs").join(commit);
            match fs::remove_file(spare) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// What to tell about a request that failed.
    fn explain(&self, name: &HubName, error: &ApiError) -> String {
        let endpoint = &self.endpoint;
        let ApiError::RequestError(request) = error else {
            return format!("downloading from {endpoint}: {error}");
        };
        match (&**request, &self.token) {
            (ureq::Error::StatusCode(404), _) => format!("{endpoint} has no such model, revision or file"),
            // The hub does not tell those who may not see a model whether there is one.
            (ureq::Error::StatusCode(401), None) => {
                format!(
                    "{endpoint} has no such model, or only for those it knows; for private or gated models set HF_TOKEN"
                )
            }
            (ureq::Error::StatusCode(401), Some(_)) => {
                format!("{endpoint} has no such model, or does not accept the token (HF_TOKEN)")
            }
            (ureq::Error::StatusCode(403), _) => format!(
                "{endpoint} does not give it out: accept its terms at {endpoint}/{} and set HF_TOKEN to a token of that account",
                name.id
            ),
            (ureq::Error::StatusCode(429), _) => format!("{endpoint} asks to wait: too many requests (429)"),
            (ureq::Error::StatusCode(code), _) => format!("{endpoint} answered with status {code}"),
            (ureq::Error::Json(error), _) => format!("{endpoint} does not answer as the hub does: {error}"),
            (other, _) => format!("{endpoint} cannot be reached: {other}"),
        }
    }
}

fn not_found(name: &HubName, why: String) -> ModelError {
    ModelError::NotFound { model: name.to_string(), why }
}

/// What the model consists of, and its commit.
fn info(api: &Api, name: &HubName) -> Result<RepoInfo, ApiError> {
    let repo = api.repo(Repo::with_revision(name.id.clone(), RepoType::Model, name.revision.clone()));
    let request = repo.info_request().config().timeout_global(Some(PATIENCE)).build();
    let mut response = request.call().map_err(Box::new)?;
    Ok(response.body_mut().read_json().map_err(Box::new)?)
}

/// The files to download, weights last; the parts that an index names come after it.
fn first_files(there: &BTreeSet<&str>) -> Result<[&'static str; 3], String> {
    if let Some(missing) = [CONFIG, TOKENIZER].into_iter().find(|file| !there.contains(file)) {
        return Err(format!("the model has no {missing}"));
    }
    match [WEIGHTS, INDEX].into_iter().find(|file| there.contains(file)) {
        Some(weights) => Ok([CONFIG, TOKENIZER, weights]),
        None if there.iter().any(|file| files::is_pickle(file)) => Err(files::PICKLED.to_owned()),
        None => Err(format!("the model has no {WEIGHTS}")),
    }
}

/// The download of one commit.
struct Download<'a> {
    hub: &'a Hub,
    api: &'a Api,
    repo: &'a ApiRepo,
    name: &'a HubName,
    /// The folder of the model in the cache.
    model: &'a Path,
    /// The folder of the commit.
    folder: &'a Path,
}

impl Download<'_> {
    /// A file of the commit into its folder, unless it is there.
    fn file(&self, file: &str, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), ModelError> {
        let path = self.folder.join(file);
        if path.is_file() {
            return Ok(());
        }
        let failed = |error: ApiError| {
            not_found(self.name, format!("{file}: {}", self.hub.explain(self.name, &error)))
        };
        let facts = self.api.metadata(&self.repo.url(file)).map_err(failed)?;
        // hf-hub makes paths of both.
        let etag = facts.etag();
        let plain =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_commit(facts.commit_hash()) || !plain(etag.strip_prefix("W/").unwrap_or(etag)) {
            let why = format!("{file}: {} gives an odd ETag or commit", self.hub.endpoint);
            return Err(not_found(self.name, why));
        }
        let total = facts.size() as u64;
        let blob = self.model.join("blobs").join(etag);
        // What hf-hub cannot resume: a part that has all bytes, or more.
        let part = blob.with_extension("part");
        if fs::metadata(&part).is_ok_and(|part| part.len() >= total) {
            fs::remove_file(&part).map_err(|source| ModelError::Io { path: part, source })?;
        }
        let report = Report { progress, file, done: 0, total };
        let pointer = self.repo.download_with_progress(file, report).map_err(failed)?;
        let size = fs::metadata(&pointer).map_or(0, |file| file.len());
        if size != total || pointer != path {
            // Not left behind for the next attempt to take for good.
            for wrong in [&pointer, &blob] {
                fs::remove_file(wrong).ok();
            }
            let why =
                format!("{file}: {size} of {total} bytes came, for the commit of {}", pointer.display());
            return Err(not_found(self.name, why));
        }
        Ok(())
    }
}

/// hf-hub's progress as ours.
struct Report<'a> {
    progress: &'a mut dyn FnMut(Progress<'_>),
    file: &'a str,
    done: u64,
    total: u64,
}

impl Report<'_> {
    fn tell(&mut self) {
        (self.progress)(Progress { file: self.file, done: self.done, total: self.total });
    }
}

impl hf_hub::api::Progress for Report<'_> {
    fn init(&mut self, size: usize, _filename: &str) {
        (self.done, self.total) = (0, size as u64);
        self.tell();
    }

    fn update(&mut self, size: usize) {
        self.done += size as u64;
        self.tell();
    }

    fn finish(&mut self) {
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_must_have_what_is_read() {
        let of = |names: &[&'static str]| first_files(&names.iter().copied().collect());
        assert_eq!(of(&[CONFIG, TOKENIZER, WEIGHTS, INDEX, "README.md"]), Ok([CONFIG, TOKENIZER, WEIGHTS]));
        assert_eq!(of(&[CONFIG, TOKENIZER, INDEX]), Ok([CONFIG, TOKENIZER, INDEX]));
        assert!(of(&[CONFIG, WEIGHTS]).is_err_and(|why| why == "the model has no tokenizer.json"));
        assert!(
            of(&[CONFIG, TOKENIZER, "pytorch_model.bin"]).is_err_and(|why| why.contains("PyTorch pickle"))
        );
        assert!(of(&[CONFIG, TOKENIZER]).is_err_and(|why| why == "the model has no model.safetensors"));
    }
}
