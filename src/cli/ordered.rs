//! Work on many items at once, results in the items' order, bounded memory.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// Items that may be on their way beyond the oldest unfinished one, per thread.
const AHEAD: usize = 16;

/// Apply `work` to every item on so many threads and hand the results to `sink` in order. Stops at the sink's first error
/// and returns it. Memory is bounded: no more than a fixed number of items is taken beyond the oldest unfinished one.
pub(super) fn for_each_ordered<T, R, E>(
    items: impl Iterator<Item = T>,
    threads: usize,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E> + Send,
) -> Result<(), E>
where
    T: Send,
    R: Send,
    E: Send,
{
    let threads = threads.max(1);
    let (give, take) = mpsc::sync_channel::<(usize, T)>(threads);
    let (done, results) = mpsc::channel::<(usize, R)>();
    let take = Mutex::new(take);
    let written = (Mutex::new((0usize, false)), Condvar::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            let (take, work) = (&take, &work);
            scope.spawn(move || {
                loop {
                    let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((at, item)) = next else { break };
                    if done.send((at, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let written = &written;
        let writer = scope.spawn(move || {
            let mut early = BTreeMap::new();
            let mut next = 0;
            for (at, result) in results {
                early.insert(at, result);
                while let Some(result) = early.remove(&next) {
                    let outcome = sink(result);
                    next += 1;
                    let mut state = written.0.lock().unwrap_or_else(PoisonError::into_inner);
                    *state = (next, outcome.is_err());
                    written.1.notify_all();
                    outcome?;
                }
            }
            Ok(())
        });
        for (at, item) in items.enumerate() {
            let mut state = written.0.lock().unwrap_or_else(PoisonError::into_inner);
            while at >= state.0 + threads * AHEAD && !state.1 {
                state = written.1.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let stop = state.1;
            drop(state);
            if stop || give.send((at, item)).is_err() {
                break;
            }
        }
        drop(give);
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let mut got = Vec::new();
        let slow_first = |n: u64| {
            std::thread::sleep(std::time::Duration::from_millis(if n == 0 { 30 } else { 0 }));
            n * 2
        };
        let end: Result<(), ()> = for_each_ordered(0..200u64, 4, slow_first, |r| {
            got.push(r);
            Ok(())
        });
        assert_eq!((end, got), (Ok(()), (0..200).map(|n| n * 2).collect()));
    }

    #[test]
    fn the_sinks_error_ends_the_work() {
        let end = for_each_ordered(0.., 3, |n: u64| n, |n| if n == 40 { Err("full") } else { Ok(()) });
        assert_eq!(end, Err("full"));
    }
}
