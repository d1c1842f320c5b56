//! The score as a table for people.

use std::fmt::Display;
use std::io::{self, Write};

use super::score::{Prf, Score};

/// Writes the score as a table.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_table(mut out: impl Write, score: &Score) -> io::Result<()> {
    writeln!(out, "{} documents, {} missing from the output", score.documents, score.missing_documents)?;
    writeln!(out, "{:<22}{:>8}{:>8}{:>8}{:>8}{:>8}", "", "P", "R", "F1", "gold", "output")?;
    group(&mut out, &score.by_lang)?;
    group(&mut out, &score.by_type)?;
    group(&mut out, score.by_slot.iter().map(|(slot, prf)| (slot.name(), prf)))?;
    row(&mut out, "event", &score.event)?;
    row(&mut out, "slot (headline)", &score.slot)?;
    writeln!(
        out,
        "exact records {:.3}; false alarms {} of {} documents without a deal",
        score.exact_records, score.false_alarms.with_output, score.false_alarms.documents_without_deal
    )
}

fn group<'a, N: Display>(
    out: &mut impl Write,
    rows: impl IntoIterator<Item = (N, &'a Prf)>,
) -> io::Result<()> {
    for (name, prf) in rows {
        row(out, name, prf)?;
    }
    writeln!(out)
}

fn row(out: &mut impl Write, name: impl Display, prf: &Prf) -> io::Result<()> {
    writeln!(
        out,
        "{name:<22}{:>8.3}{:>8.3}{:>8.3}{:>8}{:>8}",
        prf.precision, prf.recall, prf.f1, prf.gold, prf.output
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_to_even_as_in_the_reference() {
        let prf = Prf { precision: 0.0625, recall: 0.1875, f1: 0.3125, gold: 16, output: 1 };
        let mut out = Vec::new();
        row(&mut out, "type", &prf).expect("writable");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "type                     0.062   0.188   0.312      16       1\n"
        );
    }
}
