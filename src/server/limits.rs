//! How much the server takes on.

use std::time::Duration;

/// What bounds the server's memory and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Documents in work at once, over all calls.
    pub max_in_flight: usize,
    /// Documents of one stream that are in work, or done and not yet fetched.
    pub max_in_flight_per_stream: usize,
    /// Unary calls that may wait for their turn; one more is answered `RESOURCE_EXHAUSTED`.
    pub max_waiting: usize,
    /// The largest message that is taken or sent, in bytes.
    pub max_message_bytes: usize,
    /// Calls that one connection may have open.
    pub max_calls_per_connection: u32,
    /// How long a quiet connection goes without a ping.
    pub keepalive: Duration,
    /// How long the answer to a ping may take before the connection is given up.
    pub keepalive_timeout: Duration,
    /// How long calls in work may take to finish when the server shuts down.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 32,
            max_in_flight_per_stream: 16,
            max_waiting: 256,
            // tonic's own limit of 4 MiB is below a long document with its events.
            max_message_bytes: 16 << 20,
            max_calls_per_connection: 256,
            keepalive: Duration::from_secs(30),
            keepalive_timeout: Duration::from_secs(20),
            grace: Duration::from_secs(10),
        }
    }
}
