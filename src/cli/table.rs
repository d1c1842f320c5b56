//! Events as a table for people.

use std::io::{self, Write};

use crate::schema::{Event, Extraction, Money};

/// One block a document: its id, then two or three lines a deal.
pub(super) fn write(out: &mut impl Write, extraction: &Extraction) -> io::Result<()> {
    writeln!(
        out,
        "{} [{}]{}",
        extraction.id,
        extraction.lang,
        if extraction.events.is_empty() { "  no deal" } else { "" }
    )?;
    for event in &extraction.events {
        writeln!(
            out,
            "  {:<17} {:<11} {:<9} {:<10} {:>4.0} %  {}",
            event.deal_type.as_str(),
            event.stage.as_str(),
            event.certainty.as_str(),
            event.salience.as_str(),
            event.confidence * 100.0,
            parties(event)
        )?;
        let terms = terms(event);
        if !terms.is_empty() {
            writeln!(out, "  {:<17} {}", "", terms.join(", "))?;
        }
        if let Some(sentence) = event.evidence.first() {
            writeln!(out, "  {:<17} “{}”", "", shortened(&sentence.text, 110))?;
        }
    }
    Ok(())
}

fn parties(event: &Event) -> String {
    event
        .participants
        .iter()
        .map(|p| format!("{}: {}", p.role.as_str().to_lowercase(), p.name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn terms(event: &Event) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(event.value.as_ref().map(|t| format!("value {}", sum(&t.value))));
    out.extend(event.valuation.as_ref().map(|t| format!("valuation {}", sum(&t.value))));
    out.extend(event.stake_percent.as_ref().map(|t| format!("stake {} %", t.value)));
    out.extend(event.duration.as_ref().map(|t| format!("duration {}", t.value)));
    out.extend(event.dates.iter().map(|d| format!("{} {}", d.kind.as_str(), d.date.value)));
    out
}

/// A sum as people read it: `~240,000,000 EUR`, `≥ 10,000,000,000 USD`.
fn sum(money: &Money) -> String {
    let grouped = |d: rust_decimal::Decimal| {
        let text = d.to_string();
        let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
        let mut out = String::new();
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        rest.map_or(out.clone(), |r| format!("{out}.{r}"))
    };
    let about = if money.approx { "~" } else { "" };
    let amount = match (money.min, money.max) {
        (Some(min), Some(max)) if min == max => format!("{about}{}", grouped(min)),
        (Some(min), Some(max)) => format!("{}–{}", grouped(min), grouped(max)),
        (Some(min), None) => format!("≥ {}", grouped(min)),
        (None, Some(max)) => format!("≤ {}", grouped(max)),
        (None, None) => "?".to_owned(),
    };
    format!("{amount} {}", money.currency)
}

fn shortened(text: &str, limit: usize) -> String {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= limit {
        return flat;
    }
    let cut: String = flat.chars().take(limit - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::schema::Currency;

    #[test]
    fn sums_are_grouped_and_bounded() {
        let of = |min: Option<i64>, max: Option<i64>, approx| {
            sum(&Money::between(min.map(Decimal::from), max.map(Decimal::from), Currency::EUR, approx))
        };
        assert_eq!(of(Some(38_000_000_000), Some(38_000_000_000), false), "38,000,000,000 EUR");
        assert_eq!(of(Some(240), Some(240), true), "~240 EUR");
        assert_eq!(of(None, Some(1000), false), "≤ 1,000 EUR");
        assert_eq!(of(Some(3), Some(4), false), "3–4 EUR");
    }

    #[test]
    fn long_sentences_are_cut_with_a_sign() {
        assert_eq!(shortened("a  b\nc", 10), "a b c");
        assert_eq!(shortened("abcdefgh", 5), "abcd…");
    }
}
