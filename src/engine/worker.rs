//! The thread that runs the model.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use candle_core::Tensor;

use super::EngineError;
use super::queue::{Batch, Job, Queue};
use crate::model::{ModelError, Packed, PackedModel};

/// Serve the queue until it is closed and empty.
pub(super) fn run(queue: &Queue, model: &dyn PackedModel, budget: usize) {
    while let Some(Batch { packed, parts }) = queue.take(budget) {
        tracing::trace!(
            sequences = packed.lengths.len(),
            tokens = packed.tokens(),
            jobs = parts.len(),
            "batch"
        );
        let mut computed = forward(model, &packed);
        if computed.is_err() && parts.len() > 1 {
            // One job's input must not cost the others their results: each is tried alone.
            for (job, rows) in parts {
                let alone = slice(&packed, rows.start, rows.end);
                let result = forward(model, &alone);
                settle(queue, job, result);
            }
            continue;
        }
        let mut parts = parts.into_iter();
        if parts.len() == 1 {
            if let Some((job, _)) = parts.next() {
                settle(queue, job, computed);
            }
            continue;
        }
        for (job, rows) in parts {
            let own = match &mut computed {
                Ok(all) => {
                    all.narrow(0, rows.start, rows.len()).map_err(|e| EngineError::Model(Arc::new(e.into())))
                }
                Err(error) => Err(error.clone()),
            };
            settle(queue, job, own);
        }
    }
}

/// The part of a batch between two token rows, which are sequence boundaries.
fn slice(packed: &Packed, start: usize, end: usize) -> Packed {
    let (mut out, mut at) = (Packed::default(), 0);
    for &length in &packed.lengths {
        if at >= start && at + length <= end {
            out.push(&packed.ids[at..at + length], &packed.types[at..at + length]);
        }
        at += length;
    }
    out
}

fn forward(model: &dyn PackedModel, packed: &Packed) -> Result<Tensor, EngineError> {
    match catch_unwind(AssertUnwindSafe(|| model.forward(packed))) {
        Ok(result) => result.map_err(|error| EngineError::Model(Arc::new(error))),
        Err(_) => {
            let why = "the model panicked".to_owned();
            Err(EngineError::Model(Arc::new(ModelError::Compute(candle_core::Error::Msg(why)))))
        }
    }
}

/// Give a job the rows that were computed for it: answer it when it is complete, queue it again when it is not.
fn settle(queue: &Queue, mut job: Job, rows: Result<Tensor, EngineError>) {
    let result = rows.and_then(|rows| {
        job.done.push(rows);
        if !job.finished() {
            return Ok(None);
        }
        let whole = if job.done.len() == 1 { job.done.remove(0) } else { cat(&job.done)? };
        Ok(Some(whole))
    });
    match result {
        Ok(None) => queue.resume(job),
        // A caller that has gone needs no answer.
        Ok(Some(whole)) => drop(job.reply.send(Ok(whole))),
        Err(error) => drop(job.reply.send(Err(error))),
    }
}

fn cat(parts: &[Tensor]) -> Result<Tensor, EngineError> {
    Tensor::cat(parts, 0).map_err(|error| EngineError::Model(Arc::new(error.into())))
}
