//! JSON text as the reference writes it, so that two results can be compared with `diff`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::score::{Mismatch, Score};

/// Writes the whole score as JSON, indented by one space.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_json(mut out: impl Write, score: &Score) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b" "));
    score.serialize(&mut serializer)?;
    writeln!(out)
}

/// Writes mismatches as JSON, one a line.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_mismatches<'a>(
    mut out: impl Write,
    mismatches: impl IntoIterator<Item = &'a Mismatch<'a>>,
) -> io::Result<()> {
    for mismatch in mismatches {
        mismatch.serialize(&mut Serializer::with_formatter(&mut out, Spaced))?;
        writeln!(out)?;
    }
    Ok(())
}

/// One line, with a space after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        separate(out, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        separate(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

fn separate<W: ?Sized + Write>(out: &mut W, first: bool) -> io::Result<()> {
    if first { Ok(()) } else { out.write_all(b", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Documents, read_documents, score};

    #[test]
    fn mismatches_are_spaced_lines() {
        let gold = read_documents(
            r#"{"id": 1, "events": [{"type": "Fusione «è»", "dates": [{"date": 1}, {}]}]}"#.as_bytes(),
            "gold",
        )
        .expect("readable");
        let nothing = Documents::default();
        let (_, mismatches) = score(&gold, &nothing);
        let mut out = Vec::new();
        write_mismatches(&mut out, &mismatches).expect("writable");
        let line = String::from_utf8(out).expect("text");
        assert!(line.starts_with(r#"{"id": 1, "gold": {"#), "{line}");
        assert!(line.contains(r#""dates": [{"date": 1}, {}]"#), "{line}");
        assert!(line.contains(r#""type": "Fusione «è»""#), "{line}");
        assert!(line.ends_with("}, \"output\": null}\n"), "{line}");
    }

    #[test]
    fn the_score_is_indented_by_one() {
        let nothing = Documents::default();
        let (score, _) = score(&nothing, &nothing);
        let mut out = Vec::new();
        write_json(&mut out, &score).expect("writable");
        let text = String::from_utf8(out).expect("text");
        assert!(
            text.starts_with(
                "{\n \"documents\": 0,\n \"missing_documents\": 0,\n \"slot\": {\n  \"precision\": 0.0,"
            ),
            "{text}"
        );
        assert!(text.ends_with(" \"by_type\": {},\n \"by_lang\": {}\n}\n"), "{text}");
    }
}
