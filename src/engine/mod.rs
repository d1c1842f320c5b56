//! The inference core: one queue, batches by token budget, one worker a model.
//!
//! Callers submit packed sequences and get a [`Pending`] result. The worker packs sequences of several callers into one
//! forward pass; a job that its caller has dropped is removed before it costs anything; a job of many sequences (a long
//! article) goes back to the end of the queue after each batch, so that it cannot hold up short ones.

mod queue;
mod worker;

use std::sync::Arc;
use std::thread::JoinHandle;

use candle_core::Tensor;
use tokio::sync::oneshot;

use crate::model::{ModelError, Packed, PackedModel};
use queue::{Job, Queue};

/// Tokens in one forward pass by default: eight full windows.
pub const DEFAULT_BUDGET: usize = 4_096;

/// The core could not compute a job.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EngineError {
    /// The model failed on this job.
    #[error("{0}")]
    Model(Arc<ModelError>),
    /// The engine has stopped.
    #[error("the inference engine has stopped")]
    Stopped,
    /// A sequence is longer than the model can read.
    #[error("a sequence of {length} tokens is longer than the model's {limit}")]
    TooLong {
        /// Its length, special tokens included.
        length: usize,
        /// The model's limit.
        limit: usize,
    },
}

/// A running inference core for one model. Dropping it lets queued jobs finish, then stops the worker.
pub struct Engine {
    queue: Arc<Queue>,
    worker: Option<JoinHandle<()>>,
    limit: usize,
}

impl Engine {
    /// Start a worker for a model, with so many tokens in a forward pass at most (at least one sequence is taken).
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(model: Arc<dyn PackedModel>, budget: usize) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let limit = model.max_length();
        let worker = std::thread::Builder::new().name("siglato-engine".to_owned()).spawn({
            let queue = Arc::clone(&queue);
            move || worker::run(&queue, model.as_ref(), budget.max(1))
        })?;
        Ok(Self { queue, worker: Some(worker), limit })
    }

    /// Queue sequences. Dropping the result withdraws them.
    #[must_use]
    pub fn submit(&self, packed: Packed) -> Pending {
        let (reply, result) = oneshot::channel();
        if let Some(&length) = packed.lengths.iter().find(|length| **length > self.limit) {
            let _ = reply.send(Err(EngineError::TooLong { length, limit: self.limit }));
        } else {
            self.queue.push(Job::new(packed, reply));
        }
        Pending(result)
    }

    /// Jobs that wait, for metrics and tests.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.queue.depth()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(worker) = self.worker.take() {
            // A worker that panicked has already failed its jobs; there is nothing left to report here.
            let _ = worker.join();
        }
    }
}

/// A result to come: a row for every token of the submitted sequences, in their order.
pub struct Pending(oneshot::Receiver<Result<Tensor, EngineError>>);

impl Pending {
    /// Block the thread until the result is there. Not to be called on an async runtime's threads.
    ///
    /// # Errors
    /// When the model fails or the engine stops.
    pub fn wait(self) -> Result<Tensor, EngineError> {
        self.0.blocking_recv().unwrap_or(Err(EngineError::Stopped))
    }

    /// Await the result; dropping the future withdraws the job.
    ///
    /// # Errors
    /// As [`Self::wait`].
    pub async fn ready(self) -> Result<Tensor, EngineError> {
        self.0.await.unwrap_or(Err(EngineError::Stopped))
    }
}
