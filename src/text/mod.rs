//! From files to text that a model can read: documents, language, sentences, windows.

pub mod language;
pub mod offsets;
pub mod read;
pub mod sentence;
pub mod window;

pub use language::detect;
pub use offsets::Characters;
pub use read::{ReadError, Source};
pub use sentence::sentences;
pub use window::{Windows, windows};
