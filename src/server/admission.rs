//! Who may work, who waits, who is turned away.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::failure::Failure;
use super::limits::Limits;

/// The door to the inference core: as many documents in work as [`Limits::max_in_flight`].
pub(super) struct Admission {
    places: Semaphore,
    waiting: AtomicUsize,
    max_waiting: usize,
}

/// One that waits; counted out again also when its call is cancelled.
struct Waiter<'a>(&'a AtomicUsize);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    pub fn new(limits: &Limits) -> Self {
        Self {
            places: Semaphore::new(limits.max_in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            waiting: AtomicUsize::new(0),
            max_waiting: limits.max_waiting,
        }
    }

    /// Wait for a place, unless too many do already. Places are given in order of arrival.
    pub async fn enter(&self) -> Result<SemaphorePermit<'_>, Failure> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let waiter = Waiter(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.max_waiting {
            return Err(Failure::Busy);
        }
        let place = self.wait().await;
        drop(waiter);
        place
    }

    /// Wait for a place, however many do: for streams, which each have one document waiting at most.
    pub async fn wait(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.places.acquire().await.map_err(|_| Failure::Closing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(max_in_flight: usize, max_waiting: usize) -> Admission {
        Admission::new(&Limits { max_in_flight, max_waiting, ..Limits::default() })
    }

    #[tokio::test]
    async fn one_too_many_is_turned_away_and_places_come_back() {
        let door = admission(1, 1);
        let first = door.enter().await.expect("a free place");
        let (second, third) = tokio::join!(
            async {
                let place = tokio::time::timeout(std::time::Duration::from_millis(20), door.enter()).await;
                place.is_err()
            },
            door.enter()
        );
        assert!(second, "the second waits");
        assert!(matches!(third, Err(Failure::Busy)));
        drop(first);
        assert_eq!(door.waiting.load(Ordering::Relaxed), 0);
        assert!(door.enter().await.is_ok());
    }
}
