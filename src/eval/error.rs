//! What can be wrong with a gold or output file.

use std::io;

use thiserror::Error;

/// A file that cannot be scored.
#[derive(Debug, Error)]
pub enum EvalError {
    /// The file cannot be read at all.
    #[error("{name}: cannot read: {source}")]
    Read {
        /// The file, as the caller names it.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// A line of the file is no document.
    #[error("{name}:{line}: not a document line: {source}")]
    Line {
        /// The file, as the caller names it.
        name: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with the line.
        source: LineError,
    },
}

/// Why a line is no document.
#[derive(Debug, Error)]
pub enum LineError {
    /// The line is not UTF-8 text.
    #[error("not UTF-8 text")]
    Encoding,
    /// The line is not JSON.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The line is JSON of another shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// A place in a document that does not have the shape that the schema gives it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} is not {expected}", quoted(.at))]
pub struct ShapeError {
    at: String,
    expected: &'static str,
}

impl ShapeError {
    pub(super) fn new(at: impl Into<String>, expected: &'static str) -> Self {
        Self { at: at.into(), expected }
    }

    /// The same error seen from the value that holds the faulty one.
    pub(super) fn inside(self, outer: impl std::fmt::Display) -> Self {
        let at = if self.at.is_empty() { outer.to_string() } else { format!("{outer}.{}", self.at) };
        Self { at, ..self }
    }

    /// Where in the document, e.g. `events[0].participants[2]`; empty for the whole of it.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }
}

fn quoted(at: &str) -> String {
    if at.is_empty() { "it".to_owned() } else { format!("`{at}`") }
}
