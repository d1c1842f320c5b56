//! The service as a client sees it: a real server on the loopback address, a real client, the built-in model.

mod extract;
mod json;
mod operations;
mod stream;
mod support;
mod validation;
