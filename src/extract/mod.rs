//! From hidden states to typed deal events.
//!
//! [`Extractor`] drives the path: [`reading`] prepares a document for the encoder; [`tags`] decodes mentions and
//! [`triggers`] finds what states a deal; [`things`] resolves who is who; [`arguments`] scores triggers with mentions;
//! [`events`] clusters triggers into deals and gives them roles, attributes and [`terms`].

pub mod arguments;
pub mod cluster;
pub mod events;
mod extractor;
pub mod mentions;
mod merge;
mod probability;
pub mod reading;
pub mod tags;
pub mod terms;
pub mod things;
pub mod triggers;

pub use extractor::{ExtractError, Extractor, Options};
