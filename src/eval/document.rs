//! Documents with their events, as JSON Lines.

use std::collections::HashMap;
use std::io::Read;

use serde_json::Value;

use super::error::{EvalError, LineError, ShapeError};
use super::event::Event;
use super::scalar::Scalar;

/// A document of a gold or output file.
#[derive(Debug, Clone)]
pub struct Document {
    /// What the document is known by in both files.
    pub id: Scalar,
    /// The language; `?` when the line has no such key.
    pub lang: Scalar,
    /// The day of publication, when it is given.
    pub published: Option<String>,
    /// The headline, when it is given.
    pub title: Option<String>,
    /// The body, when it is given.
    pub text: Option<String>,
    /// The events, in the order of the line.
    pub events: Vec<Event>,
}

impl Document {
    /// Reads a document of the schema, which must have `id` and `events`.
    ///
    /// # Errors
    ///
    /// When one of the two is absent, or a part has a shape that cannot be compared.
    pub fn from_json(source: Value) -> Result<Self, ShapeError> {
        let Value::Object(mut fields) = source else {
            return Err(ShapeError::new("", "an object"));
        };
        for key in ["id", "events"] {
            if !fields.contains_key(key) {
                return Err(ShapeError::new(key, "given"));
            }
        }
        let id = fields
            .get("id")
            .and_then(Scalar::from_json)
            .ok_or_else(|| ShapeError::new("id", "a plain value"))?;
        let lang = match fields.get("lang") {
            None => Scalar::Text("?".to_owned()),
            Some(lang) => Scalar::from_json(lang).ok_or_else(|| ShapeError::new("lang", "a plain value"))?,
        };
        let events = match fields.remove("events") {
            Some(Value::Array(events)) => events
                .into_iter()
                .enumerate()
                .map(|(position, event)| {
                    Event::from_json(event).map_err(|error| error.inside(format!("events[{position}]")))
                })
                .collect::<Result<_, _>>()?,
            // The reference takes any empty sequence for an empty list.
            Some(Value::String(text)) if text.is_empty() => Vec::new(),
            Some(Value::Object(fields)) if fields.is_empty() => Vec::new(),
            _ => return Err(ShapeError::new("events", "a list")),
        };
        let text = |key| fields.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(Self { id, lang, published: text("published"), title: text("title"), text: text("text"), events })
    }
}

/// The documents of a file in its order, one for each id.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    ordered: Vec<Document>,
    positions: HashMap<Scalar, usize>,
}

impl Documents {
    /// Adds a document. One with an id that is known takes the earlier one's place.
    pub fn insert(&mut self, document: Document) {
        if let Some(position) = self.positions.get(&document.id) {
            self.ordered[*position] = document;
        } else {
            self.positions.insert(document.id.clone(), self.ordered.len());
            self.ordered.push(document);
        }
    }

    /// The document of an id.
    #[must_use]
    pub fn get(&self, id: &Scalar) -> Option<&Document> {
        self.ordered.get(*self.positions.get(id)?)
    }

    /// The documents in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Document> {
        self.ordered.iter()
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ordered.len()
    }

    /// Whether there is no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }
}

impl<'a> IntoIterator for &'a Documents {
    type Item = &'a Document;
    type IntoIter = std::slice::Iter<'a, Document>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Document> for Documents {
    fn from_iter<I: IntoIterator<Item = Document>>(documents: I) -> Self {
        let mut all = Self::default();
        documents.into_iter().for_each(|document| all.insert(document));
        all
    }
}

/// Reads the documents of a gold or output file, one a line; blank lines are passed over.
///
/// `name` is what errors call the file.
///
/// # Errors
///
/// When the file cannot be read, or a line is no document.
pub fn read_documents(mut reader: impl Read, name: &str) -> Result<Documents, EvalError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|source| EvalError::Read { name: name.to_owned(), source })?;
    let mut documents = Documents::default();
    for (position, line) in lines(&bytes).enumerate() {
        let document = read_line(line).map_err(|source| EvalError::Line {
            name: name.to_owned(),
            line: position + 1,
            source,
        })?;
        if let Some(document) = document {
            documents.insert(document);
        }
    }
    Ok(documents)
}

/// Lines ended by a line feed, a carriage return or both.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .flat_map(|line| line.strip_suffix(b"\r").unwrap_or(line).split(|byte| *byte == b'\r'))
}

fn read_line(line: &[u8]) -> Result<Option<Document>, LineError> {
    let line = std::str::from_utf8(line).map_err(|_| LineError::Encoding)?;
    if line.chars().all(super::fold::is_space) {
        return Ok(None);
    }
    Ok(Some(Document::from_json(serde_json::from_str(line)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Documents, EvalError> {
        read_documents(text.as_bytes(), "gold.jsonl")
    }

    fn fault(bytes: &[u8]) -> String {
        read_documents(bytes, "gold.jsonl").expect_err("an unreadable file").to_string()
    }

    #[test]
    fn blank_lines_and_any_line_end_are_passed_over() {
        let documents = read(
            "\n{\"id\": \"a\", \"events\": []}\r\n \u{a0}\n{\"id\": 2, \"events\": [], \"lang\": null}\r{\"id\": \"c\", \"events\": [], \"lang\": \"it\"}",
        )
        .expect("readable");
        let read: Vec<String> = documents.iter().map(|d| format!("{}/{}", d.id, d.lang)).collect();
        assert_eq!(read, ["a/?", "2/None", "c/it"]);
        assert!(documents.get(&Scalar::Text("2".to_owned())).is_none());
    }

    #[test]
    fn a_later_document_takes_the_earlier_place() {
        let documents = read(
            "{\"id\": \"a\", \"events\": [], \"title\": \"old\"}\n{\"id\": \"b\", \"events\": []}\n{\"id\": \"a\", \"events\": [], \"title\": \"new\"}",
        )
        .expect("readable");
        assert_eq!(documents.len(), 2);
        let first = documents.iter().next().expect("a document");
        assert_eq!(first.title.as_deref(), Some("new"));
    }

    #[test]
    fn faults_name_the_line() {
        assert!(fault(b"\n\n{").starts_with("gold.jsonl:3: not a document line: not JSON: "));
        assert!(fault("\u{feff}{\"id\": 1, \"events\": []}".as_bytes()).starts_with("gold.jsonl:1: "));
        assert_eq!(
            fault(b"{\"id\": 1, \"events\": []}\r\n\xff"),
            "gold.jsonl:2: not a document line: not UTF-8 text"
        );
        assert_eq!(fault(b"[]"), "gold.jsonl:1: not a document line: it is not an object");
        assert_eq!(fault(b"{\"events\": []}"), "gold.jsonl:1: not a document line: `id` is not given");
        assert_eq!(fault(b"{\"id\": 1}"), "gold.jsonl:1: not a document line: `events` is not given");
        assert_eq!(
            fault(b"{\"id\": 1, \"events\": null}"),
            "gold.jsonl:1: not a document line: `events` is not a list"
        );
        assert_eq!(
            fault(b"{\"id\": 1, \"events\": [{\"dates\": [{}, 2]}]}"),
            "gold.jsonl:1: not a document line: `events[0].dates[1]` is not an object"
        );
    }
}
