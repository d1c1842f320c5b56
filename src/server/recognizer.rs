//! A token-classification model with an inference core of its own.

use std::path::Path;
use std::sync::Arc;

use candle_core::Device;

use super::models::ModelInfo;
use crate::engine::{DEFAULT_BUDGET, Engine, EngineError};
use crate::model::aggregate::tags;
use crate::model::config::ModelConfig;
use crate::model::files::{CONFIG, TOKENIZER, WeightFiles, read};
use crate::model::{LabelledSpan, ModelError, TokenClassifier};

/// A text could not be read for names.
#[derive(Debug, thiserror::Error)]
pub enum RecognizeError {
    /// The model cannot process it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The inference core cannot process it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A running token-classification model.
pub struct Recognizer {
    info: ModelInfo,
    labels: Vec<String>,
    classifier: Arc<TokenClassifier>,
    engine: Engine,
}

impl Recognizer {
    /// Load the model of a folder under a name.
    ///
    /// # Errors
    /// When a file is missing or not what it should be, or the system gives no thread.
    pub fn load(name: &str, folder: &Path, device: &Device) -> Result<Self, ModelError> {
        let classifier = Arc::new(TokenClassifier::load(folder, device)?);
        let path = folder.join(CONFIG);
        let config = ModelConfig::from_bytes(&read(&path)?, &path.display().to_string())?;
        let mut files = WeightFiles::find(folder)?.parts;
        files.extend([path, folder.join(TOKENIZER)]);
        let size = |path| std::fs::metadata(path).map_or(0, |file| file.len());
        let info = ModelInfo {
            name: name.to_owned(),
            architecture: config.model_type()?,
            size_bytes: files.iter().map(size).sum(),
        };
        let mut labels: Vec<String> = Vec::new();
        for tag in tags(classifier.labels()) {
            if tag.place.is_some() && !labels.contains(&tag.kind) {
                labels.push(tag.kind);
            }
        }
        let engine = Engine::start(Arc::clone(&classifier) as _, DEFAULT_BUDGET)
            .map_err(|source| ModelError::Io { path: folder.to_owned(), source })?;
        Ok(Self { info, labels, classifier, engine })
    }

    /// What requests call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// What is told about it.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Its entity types, in the order of its classes.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The labelled stretches of a text. Dropping the future withdraws the text from the queue.
    ///
    /// # Errors
    /// When the model fails on the text or the engine stops.
    pub async fn recognize(&self, text: String) -> Result<Vec<LabelledSpan>, RecognizeError> {
        let classifier = Arc::clone(&self.classifier);
        let prepared = aside(move || classifier.prepare(&text)).await?;
        let logits = self.engine.submit(prepared.packed.clone()).ready().await?;
        let classifier = Arc::clone(&self.classifier);
        aside(move || classifier.assemble(&prepared, &logits)).await
    }
}

/// Run a short piece of computing off the runtime's threads.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ModelError> + Send + 'static,
) -> Result<T, RecognizeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        // The runtime is going down, or the work panicked.
        Err(_) => Err(EngineError::Stopped.into()),
    }
}
