//! The queue between callers and the worker, and how a batch is taken from it.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use candle_core::Tensor;
use tokio::sync::oneshot;

use super::EngineError;
use crate::model::Packed;

/// Sequences of one caller, with what has been computed of them.
pub(super) struct Job {
    packed: Packed,
    next_sequence: usize,
    next_token: usize,
    pub done: Vec<Tensor>,
    pub reply: oneshot::Sender<Result<Tensor, EngineError>>,
}

impl Job {
    pub fn new(packed: Packed, reply: oneshot::Sender<Result<Tensor, EngineError>>) -> Self {
        Self { packed, next_sequence: 0, next_token: 0, done: Vec::new(), reply }
    }

    fn withdrawn(&self) -> bool {
        self.reply.is_closed()
    }

    pub fn finished(&self) -> bool {
        self.next_sequence == self.packed.lengths.len()
    }

    /// Move sequences into the batch while they fit; the first one of a batch always fits. Returns the batch rows.
    fn pour(&mut self, batch: &mut Packed, budget: usize) -> Range<usize> {
        let start = batch.tokens();
        while let Some(&length) = self.packed.lengths.get(self.next_sequence) {
            if !batch.lengths.is_empty() && batch.tokens() + length > budget {
                break;
            }
            let tokens = self.next_token..self.next_token + length;
            batch.push(&self.packed.ids[tokens.clone()], &self.packed.types[tokens.clone()]);
            self.next_token = tokens.end;
            self.next_sequence += 1;
        }
        start..batch.tokens()
    }
}

/// A forward pass's worth of sequences, and whose rows are whose.
pub(super) struct Batch {
    pub packed: Packed,
    pub parts: Vec<(Job, Range<usize>)>,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is a queue of whole jobs; a panic elsewhere leaves it consistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queue a job at the end; after closing it is dropped, which its caller sees as a stopped engine.
    pub fn push(&self, job: Job) {
        let mut state = self.lock();
        if !state.closed {
            state.jobs.push_back(job);
            self.changed.notify_one();
        }
    }

    /// Put back a job that has sequences left. Also while closing: what was accepted is finished.
    pub fn resume(&self, job: Job) {
        self.lock().jobs.push_back(job);
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    pub fn depth(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Wait for work; `None` when the queue is closed and empty.
    pub fn take(&self, budget: usize) -> Option<Batch> {
        let mut state = self.lock();
        loop {
            let mut batch = Batch { packed: Packed::default(), parts: Vec::new() };
            while let Some(mut job) = state.jobs.pop_front() {
                if job.withdrawn() {
                    continue;
                }
                let rows = job.pour(&mut batch.packed, budget);
                if rows.is_empty() && !job.finished() {
                    state.jobs.push_front(job);
                    break;
                }
                batch.parts.push((job, rows));
            }
            if !batch.parts.is_empty() {
                return Some(batch);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = oneshot::Receiver<Result<Tensor, EngineError>>;

    /// A job of sequences of these lengths.
    fn job(lengths: &[usize]) -> (Job, Answer) {
        let mut packed = Packed::default();
        for &n in lengths {
            packed.push(&vec![7; n], &vec![0; n]);
        }
        let (reply, answer) = oneshot::channel();
        (Job::new(packed, reply), answer)
    }

    #[test]
    fn withdrawn_jobs_cost_nothing() {
        let queue = Queue::default();
        let (gone, answer) = job(&[3]);
        let (kept, _answer) = job(&[5]);
        queue.push(gone);
        queue.push(kept);
        drop(answer);
        let batch = queue.take(100).expect("work");
        assert_eq!((batch.packed.lengths, batch.parts.len(), queue.depth()), (vec![5], 1, 0));
    }

    #[test]
    fn a_batch_keeps_to_the_budget_and_a_long_job_lets_others_pass() {
        let queue = Queue::default();
        let (long, _first) = job(&[4, 4, 4]);
        let (short, _second) = job(&[2]);
        queue.push(long);
        queue.push(short);
        let mut batch = queue.take(9).expect("work");
        assert_eq!(batch.packed.lengths, [4, 4], "the first job fills the batch");
        let (long, rows) = batch.parts.remove(0);
        assert_eq!((rows, long.finished()), (0..8, false));
        queue.resume(long);
        let batch = queue.take(9).expect("work");
        assert_eq!(batch.packed.lengths, [2, 4], "the short job comes before the rest of the long one");
        assert!(batch.parts.iter().all(|(job, _)| job.finished()));
    }

    #[test]
    fn a_sequence_over_the_budget_goes_alone() {
        let queue = Queue::default();
        let (large, _first) = job(&[50]);
        let (small, _second) = job(&[1]);
        queue.push(large);
        queue.push(small);
        assert_eq!(queue.take(9).map(|b| b.packed.lengths), Some(vec![50]));
        assert_eq!(queue.take(9).map(|b| b.packed.lengths), Some(vec![1]));
    }

    #[test]
    fn a_closed_queue_ends_when_it_is_empty() {
        let queue = Queue::default();
        let (last, _answer) = job(&[1]);
        queue.push(last);
        queue.close();
        assert!(queue.take(9).is_some());
        assert!(queue.take(9).is_none());
        let (late, answer) = job(&[1]);
        queue.push(late);
        assert!(answer.blocking_recv().is_err(), "a late job is dropped, which its caller sees");
    }
}
