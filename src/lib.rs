//! siglato reads news and turns it into typed deal events: who buys, supplies, invests or allies with whom, for how
//! much, for how long, at which stage, on which evidence.
//!
//! The rooms stand in the order that data flows: [`text`] → [`model`] → [`engine`] → [`extract`] (with [`normalize`])
//! → [`schema`] → [`server`] and [`cli`]; [`eval`] judges the output. `DESIGN.md` tells the why.
#![deny(missing_docs, unsafe_op_in_unsafe_fn)]

pub mod cli;
pub mod engine;
pub mod eval;
pub mod extract;
pub mod model;
pub mod normalize;
pub mod schema;
pub mod server;
pub mod text;

/// The code blocks of DESIGN.md.
#[cfg(doctest)]
#[doc = include_str!("../DESIGN.md")]
pub struct Design;
