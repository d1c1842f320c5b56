//! The whole path for one document.

use std::sync::Arc;

use candle_core::Tensor;

use super::events::events;
use super::reading::Reading;
use crate::engine::{Engine, EngineError, Pending};
use crate::model::ModelError;
use crate::model::deal::DealModel;
use crate::schema::{Document, Extraction};

/// What an extractor may be asked to do otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The longest document that is read, in characters of title and text together.
    pub max_characters: usize,
    /// Tokens in one forward pass.
    pub batch_tokens: usize,
    /// Events below this confidence are left out.
    pub min_confidence: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_characters: 500_000, batch_tokens: crate::engine::DEFAULT_BUDGET, min_confidence: 0.0 }
    }
}

/// A document could not be read for events.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The document is longer than the extractor reads.
    #[error("{characters} characters are more than the limit of {limit}")]
    TooLong {
        /// Its length.
        characters: usize,
        /// The limit.
        limit: usize,
    },
    /// The model cannot process it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The inference core cannot process it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Reads documents for deal events. Cheap to share: many threads or tasks may extract at once, and their windows travel
/// through the encoder together.
pub struct Extractor {
    model: Arc<DealModel>,
    engine: Engine,
    options: Options,
}

/// A document whose windows are on their way through the encoder.
pub struct Started {
    reading: Reading,
    pending: Pending,
}

impl Extractor {
    /// Start the inference core for a model.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(model: DealModel, options: Options) -> std::io::Result<Self> {
        let model = Arc::new(model);
        let engine = Engine::start(Arc::clone(&model) as _, options.batch_tokens)?;
        Ok(Self { model, engine, options })
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &DealModel {
        &self.model
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// Documents whose windows wait for the encoder, for metrics.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.engine.depth()
    }

    /// Tokenise a document and queue its windows.
    ///
    /// # Errors
    /// When the document is too long or the tokenizer fails on it.
    pub fn start(&self, document: &Document) -> Result<Started, ExtractError> {
        let (characters, limit) =
            (document.title.chars().count() + document.text.chars().count(), self.options.max_characters);
        if characters > limit {
            return Err(ExtractError::TooLong { characters, limit });
        }
        let (reading, packed) = Reading::prepare(document, &self.model)?;
        Ok(Started { reading, pending: self.engine.submit(packed) })
    }

    /// Read the events of a document off its hidden states.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn finish(&self, reading: Reading, rows: &Tensor) -> Result<Extraction, ExtractError> {
        let hidden = reading.stitch(rows)?;
        let mut events = events(&reading, &self.model, &hidden)?;
        events.retain(|e| e.confidence >= self.options.min_confidence);
        Ok(Extraction { id: reading.id, lang: reading.lang, events })
    }

    /// Extract on this thread, which waits for the encoder.
    ///
    /// # Errors
    /// As [`Self::start`] and [`Self::finish`].
    pub fn extract(&self, document: &Document) -> Result<Extraction, ExtractError> {
        let Started { reading, pending } = self.start(document)?;
        let rows = pending.wait()?;
        self.finish(reading, &rows)
    }

    /// Extract on an async runtime. Dropping the future withdraws the document: work that has not begun is never done.
    ///
    /// # Errors
    /// As [`Self::extract`].
    pub async fn extract_async(self: Arc<Self>, document: Document) -> Result<Extraction, ExtractError> {
        let this = Arc::clone(&self);
        let Started { reading, pending } = aside(move || this.start(&document)).await?;
        let rows = pending.ready().await?;
        aside(move || self.finish(reading, &rows)).await
    }
}

/// Run a short piece of computing off the runtime's threads. The pieces before and after the encoder are milliseconds
/// long, so that little runs on behind a client that has gone.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ExtractError> + Send + 'static,
) -> Result<T, ExtractError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(ExtractError::Engine(EngineError::Stopped)))
}
