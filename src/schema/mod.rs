//! The typed deal events of the contract, and the document that they are read from.
//!
//! The types carry what `deal-events.md` defines: ten deal types with their roles, stage, certainty and salience, and
//! the terms (money, stake, duration, dates). Every span is given as [`Evidence`]: offsets in Unicode scalar values of
//! the text that is read, which is the title, a blank line and the text ([`Document::read_text`]).

mod document;
mod event;
mod kinds;
mod lang;
mod money;
mod partial_date;
mod period;

pub use document::Document;
pub use event::{Event, EventDate, Evidence, Extraction, Participant, Term};
pub use kinds::{Certainty, DealType, MentionKind, Role, Salience, Stage, TermKind};
pub use lang::{Lang, ParseLangError};
pub use money::{Currency, CurrencyError, Money};
pub use partial_date::{DateKind, ParsePartialDateError, PartialDate};
pub use period::{ParsePeriodError, Period};
