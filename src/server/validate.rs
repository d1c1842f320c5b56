//! From requests to what they ask for, or to the fields that are wrong.

use jiff::civil::Date;

use super::failure::{Failure, Violation};
use super::pb;
use crate::schema::{Document, Lang};

/// Whether a document may go without an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Id {
    /// Its answer cannot be taken for another's.
    Optional,
    /// Its answer comes among others.
    Required,
}

/// The faults of a request, collected so that a client sees all of them at once.
#[derive(Default)]
struct Faults(Vec<Violation>);

impl Faults {
    fn add(&mut self, field: &'static str, why: impl Into<String>) {
        self.0.push(Violation { field, why: why.into() });
    }

    fn or<T>(self, value: T) -> Result<T, Failure> {
        if self.0.is_empty() { Ok(value) } else { Err(Failure::Invalid(self.0)) }
    }

    fn probability(&mut self, value: Option<f32>) -> f32 {
        let value = value.unwrap_or(0.0);
        if !(0.0..=1.0).contains(&value) {
            self.add("min_confidence", format!("{value} is not a number from 0 to 1"));
        }
        value
    }

    fn length(&mut self, field: &'static str, characters: usize, limit: usize) {
        if characters > limit {
            self.add(field, format!("{characters} characters are more than the limit of {limit}"));
        }
    }
}

/// The document and threshold of a request.
pub(super) fn extract(
    document: Option<pb::Document>,
    min_confidence: Option<f32>,
    id: Id,
    max_characters: usize,
) -> Result<(Document, f32), Failure> {
    let mut faults = Faults::default();
    let min_confidence = faults.probability(min_confidence);
    let Some(document) = document else {
        faults.add("document", "is missing");
        return faults.or((empty(), min_confidence));
    };
    if id == Id::Required && document.id.is_empty() {
        faults.add("document.id", "is empty");
    }
    let characters = document.title.chars().count() + document.text.chars().count();
    faults.length("document.text", characters, max_characters);
    let published = match document.published.map(|date| day(&date)).transpose() {
        Ok(day) => day,
        Err(why) => {
            faults.add("document.published", why);
            None
        }
    };
    let lang = match Some(document.lang.trim())
        .filter(|code| !code.is_empty())
        .map(str::parse::<Lang>)
        .transpose()
    {
        Ok(lang) => lang,
        Err(error) => {
            faults.add("document.lang", error.to_string());
            None
        }
    };
    let document = Document { id: document.id, title: document.title, text: document.text, published, lang };
    faults.or((document, min_confidence))
}

/// The text and threshold of a request.
pub(super) fn recognize(
    request: pb::RecognizeRequest,
    max_characters: usize,
) -> Result<(String, f32), Failure> {
    let mut faults = Faults::default();
    let min_confidence = faults.probability(request.min_confidence);
    faults.length("text", request.text.chars().count(), max_characters);
    faults.or((request.text, min_confidence))
}

fn empty() -> Document {
    Document { id: String::new(), title: String::new(), text: String::new(), published: None, lang: None }
}

/// A whole day of the calendar.
fn day(date: &pb::Date) -> Result<Date, String> {
    let pb::Date { year, month, day } = *date;
    if month == 0 || day == 0 {
        return Err("needs year, month and day".to_owned());
    }
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year @ 1..=9999), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    }
    .ok_or_else(|| format!("the calendar has no day {year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(change: impl FnOnce(&mut pb::Document)) -> Option<pb::Document> {
        let mut document =
            pb::Document { id: "a".to_owned(), text: "testo".to_owned(), ..Default::default() };
        change(&mut document);
        Some(document)
    }

    fn fields(result: Result<(Document, f32), Failure>) -> Vec<&'static str> {
        match result {
            Err(Failure::Invalid(violations)) => violations.iter().map(|v| v.field).collect(),
            other => panic!("not invalid: {other:?}"),
        }
    }

    #[test]
    fn a_good_document_passes() {
        let good = document(|d| {
            d.published = Some(pb::Date { year: 2024, month: 2, day: 29 });
            d.lang = "it-IT".to_owned();
        });
        let (document, min) = extract(good, Some(0.5), Id::Required, 5).expect("valid");
        assert_eq!(document.published.map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
        assert_eq!((document.lang, min), (Some(Lang::It), 0.5));
        let empty = extract(Some(pb::Document::default()), None, Id::Optional, 5).expect("valid");
        assert_eq!(empty.0.text, "");
    }

    #[test]
    fn each_fault_is_named() {
        let check = |document, min| fields(extract(document, min, Id::Required, 5));
        assert_eq!(check(None, None), ["document"]);
        assert_eq!(check(document(|d| d.id.clear()), None), ["document.id"]);
        assert_eq!(check(document(|d| d.title = "T".to_owned()), None), ["document.text"]);
        assert_eq!(check(document(|d| d.lang = "pt".to_owned()), None), ["document.lang"]);
        for min in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
            assert_eq!(check(document(|_| ()), Some(min)), ["min_confidence"]);
        }
        let wrong = [
            (2025, 2, 29),
            (0, 1, 1),
            (2025, 0, 0),
            (2025, 13, 1),
            (70_000, 1, 1),
            (2025, 257, 1),
            (2025, 1, -1),
        ];
        for (year, month, day) in wrong {
            let bad = document(|d| d.published = Some(pb::Date { year, month, day }));
            assert_eq!(check(bad, None), ["document.published"], "{year}-{month}-{day}");
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let bad = document(|d| {
            d.id.clear();
            d.lang = "xx".to_owned();
        });
        assert_eq!(
            fields(extract(bad, Some(2.0), Id::Required, 5)),
            ["min_confidence", "document.id", "document.lang"]
        );
    }
}
