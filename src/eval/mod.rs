//! Judging an output against a gold file.
//!
//! The measure is the project's own: each document's gold and output events are paired one to
//! one, and the slots of the pairs are counted. The reference is `score.py`; this module gives the
//! same figures to the last digit, its ties and its leniency about odd input included, because a
//! number that is printed by one and not reproduced by the other is worth nothing.
//!
//! ```
//! use siglato::eval::{read_documents, score};
//!
//! let gold = r#"{"id": 1, "events": [{"type": "MERGER", "participants": [{"role": "PARTY", "names": ["Alfa SpA"]}]}]}"#;
//! let output = r#"{"id": 1, "events": [{"type": "MERGER", "participants": [{"role": "PARTY", "name": "ALFA"}]}]}"#;
//! let gold = read_documents(gold.as_bytes(), "gold")?;
//! let output = read_documents(output.as_bytes(), "output")?;
//! let (score, mismatches) = score(&gold, &output);
//! assert_eq!(score.slot.f1, 1.0);
//! assert!(mismatches.is_empty());
//! # Ok::<(), siglato::eval::EvalError>(())
//! ```

mod document;
mod error;
mod event;
mod fold;
mod json;
mod number;
mod pairing;
mod scalar;
mod score;
mod slots;
mod table;

pub use document::{Document, Documents, read_documents};
pub use error::{EvalError, LineError, ShapeError};
pub use event::{Event, Money, Participant};
pub use fold::fold;
pub use json::{write_json, write_mismatches};
pub use number::Number;
pub use scalar::Scalar;
pub use score::{FalseAlarms, Mismatch, Prf, Score, score};
pub use slots::Slot;
pub use table::write_table;
