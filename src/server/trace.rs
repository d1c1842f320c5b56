//! A log line for each request.

use std::time::Instant;

use super::failure::Failure;

/// A request in work. Says what became of it, also when its caller goes away.
pub(super) struct Trace {
    method: &'static str,
    id: String,
    characters: usize,
    begun: Instant,
    told: bool,
}

impl Trace {
    pub fn begin(method: &'static str, id: &str, characters: usize) -> Self {
        Self { method, id: id.to_owned(), characters, begun: Instant::now(), told: false }
    }

    /// Tell how it ended and how much was found.
    pub fn end<T>(mut self, result: &Result<T, Failure>, found: impl FnOnce(&T) -> usize) {
        self.told = true;
        let (method, characters, ms) = (self.method, self.characters, self.milliseconds());
        // Ids come from clients: in quotes and escaped, so that none can forge a line.
        match result {
            Ok(value) => tracing::info!(id = ?self.id, characters, found = found(value), ms, "{method}"),
            Err(failure @ Failure::Internal(_)) => {
                tracing::error!(id = ?self.id, characters, ms, "{method} failed: {failure}");
            }
            Err(failure) => {
                tracing::info!(id = ?self.id, characters, ms, "{method} refused: {:?}", failure.to_string())
            }
        }
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if !self.told {
            let (characters, ms) = (self.characters, self.milliseconds());
            tracing::info!(id = ?self.id, characters, ms, "{} cancelled", self.method);
        }
    }
}
