//! An event in the form that is compared.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::error::ShapeError;
use super::fold::fold;
use super::number::Number;
use super::scalar::{Scalar, is_filled, plain_text};

type Fields = Map<String, Value>;

/// A gold or output event; absent keys read as `null`.
///
/// Attributes, roles and currencies are kept as they are: what an output says is judged, not
/// whether it keeps to the schema. A `stage` that is a list is a wrong slot, and no reason to
/// refuse the file.
#[derive(Debug, Clone)]
pub struct Event {
    /// What kind of deal it is.
    pub kind: Scalar,
    /// How far the deal has come.
    pub stage: Value,
    /// How sure the document is.
    pub certainty: Value,
    /// Whether the document is about the deal.
    pub salience: Value,
    /// The parties.
    pub participants: Vec<Participant>,
    /// The price or worth of the deal.
    pub value: Option<Money>,
    /// The worth of a whole company.
    pub valuation: Option<Money>,
    /// The share that changes hands.
    pub stake_percent: Option<Number>,
    /// The duration, compared as text.
    pub duration: Option<String>,
    /// The dates, each as its kind and the date.
    pub dates: Vec<(Scalar, Scalar)>,
    source: Value,
}

/// A party of an event.
#[derive(Debug, Clone)]
pub struct Participant {
    /// What the party is in the deal.
    pub role: Value,
    /// The folded names that the party goes by.
    pub names: BTreeSet<String>,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    /// The lower bound.
    pub min: Option<Number>,
    /// The upper bound.
    pub max: Option<Number>,
    /// The currency's code.
    pub currency: Value,
    /// Whether the text gives the amount as approximate.
    pub approx: bool,
}

impl Event {
    /// Reads an event of the schema.
    ///
    /// # Errors
    ///
    /// When a part of it has a shape that cannot be compared, such as participants that are no
    /// list of objects. Unknown values of the right shape are kept, and judged wrong.
    pub fn from_json(source: Value) -> Result<Self, ShapeError> {
        let Value::Object(fields) = &source else {
            return Err(ShapeError::new("", "an object"));
        };
        Ok(Self {
            kind: scalar(fields, "type")?,
            stage: plain(fields, "stage"),
            certainty: plain(fields, "certainty"),
            salience: plain(fields, "salience"),
            participants: objects(fields, "participants", Participant::from_fields)?,
            value: money(fields, "value")?,
            valuation: money(fields, "valuation")?,
            stake_percent: stated(fields, "stake_percent").and_then(Number::from_json),
            duration: stated(fields, "duration").map(plain_text),
            dates: objects(fields, "dates", |date| Ok((scalar(date, "kind")?, scalar(date, "date")?)))?,
            source,
        })
    }
}

/// As it was read.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.source.serialize(serializer)
    }
}

impl Participant {
    fn from_fields(fields: &Fields) -> Result<Self, ShapeError> {
        Ok(Self { role: plain(fields, "role"), names: names(fields)? })
    }

    /// Whether the two share a name.
    #[must_use]
    pub fn shares_name_with(&self, other: &Self) -> bool {
        !self.names.is_disjoint(&other.names)
    }
}

/// The names of a participant: the list `names`, or the one `name` where the list is absent or
/// empty.
fn names(fields: &Fields) -> Result<BTreeSet<String>, ShapeError> {
    let folded = |name: &Value| is_filled(name).then(|| fold(&plain_text(name)));
    match fields.get("names").filter(|names| is_filled(names)) {
        Some(Value::Array(names)) => Ok(names.iter().filter_map(folded).collect()),
        // The reference reads any sequence as a list of names, a bare string by its characters.
        Some(Value::String(text)) => Ok(text.chars().map(|c| fold(c.encode_utf8(&mut [0; 4]))).collect()),
        Some(_) => Err(ShapeError::new("names", "a list")),
        None => Ok(fields.get("name").and_then(folded).into_iter().collect()),
    }
}

fn money(fields: &Fields, key: &'static str) -> Result<Option<Money>, ShapeError> {
    match stated(fields, key) {
        None => Ok(None),
        Some(Value::Object(amount)) => {
            let bound = |key| amount.get(key).and_then(Number::from_json);
            Ok(Some(Money {
                min: bound("min"),
                max: bound("max"),
                currency: plain(amount, "currency"),
                approx: amount.get("approx").is_some_and(is_filled),
            }))
        }
        Some(_) => Err(ShapeError::new(key, "an object")),
    }
}

/// The value of a term; `None` where it is null or empty. Zero and `false` are stated.
fn stated<'a>(fields: &'a Fields, key: &str) -> Option<&'a Value> {
    fields.get(key).filter(|value| is_filled(value) || value.is_number() || value.is_boolean())
}

/// What is only tested for equality, and may therefore be of any shape.
fn plain(fields: &Fields, key: &str) -> Value {
    fields.get(key).cloned().unwrap_or_default()
}

/// What is counted by, and must therefore be neither list nor object.
fn scalar(fields: &Fields, key: &'static str) -> Result<Scalar, ShapeError> {
    match fields.get(key) {
        None => Ok(Scalar::Null),
        Some(value) => Scalar::from_json(value).ok_or_else(|| ShapeError::new(key, "a plain value")),
    }
}

/// The objects of a list, each read by `read`; none where the list is absent or empty.
fn objects<T>(
    fields: &Fields,
    key: &'static str,
    read: impl Fn(&Fields) -> Result<T, ShapeError>,
) -> Result<Vec<T>, ShapeError> {
    let Some(list) = fields.get(key).filter(|list| is_filled(list)) else {
        return Ok(Vec::new());
    };
    let Value::Array(items) = list else {
        return Err(ShapeError::new(key, "a list"));
    };
    let read_at = |(position, item): (usize, &Value)| {
        let at = format!("{key}[{position}]");
        match item {
            Value::Object(fields) => read(fields).map_err(|error| error.inside(at)),
            _ => Err(ShapeError::new(at, "an object")),
        }
    };
    items.iter().enumerate().map(read_at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(source: Value) -> Event {
        Event::from_json(source).expect("a readable event")
    }

    fn fault(source: Value) -> String {
        Event::from_json(source).expect_err("an unreadable event").to_string()
    }

    #[test]
    fn absent_null_and_empty_are_one() {
        for source in [
            json!({}),
            json!({"participants": null, "value": null, "stake_percent": null, "duration": null, "dates": null}),
            json!({"participants": [], "value": {}, "stake_percent": "", "duration": "", "dates": ""}),
        ] {
            let event = event(source);
            assert!(event.participants.is_empty() && event.dates.is_empty());
            assert!(event.value.is_none() && event.valuation.is_none());
            assert!(event.stake_percent.is_none() && event.duration.is_none());
        }
    }

    #[test]
    fn zero_is_stated() {
        let event = event(json!({"stake_percent": 0, "duration": 0}));
        assert!(event.stake_percent.is_some());
        assert_eq!(event.duration.as_deref(), Some("0"));
    }

    #[test]
    fn names_come_before_name() {
        let event = event(json!({"participants": [
            {"role": "PARTY", "names": ["Alfa SpA", "", null, "ALFA", "Gruppo Alfa"], "name": "Beta"},
            {"role": "PARTY", "names": [], "name": "Beta"},
            {"role": "PARTY", "names": "Ab"},
            {"role": "PARTY", "name": 3},
            {"role": "PARTY"}]}));
        let names: Vec<Vec<&str>> =
            event.participants.iter().map(|p| p.names.iter().map(String::as_str).collect()).collect();
        assert_eq!(names, [vec!["alfa", "gruppo alfa"], vec!["beta"], vec!["a", "b"], vec!["3"], vec![]]);
    }

    #[test]
    fn faults_are_named_by_their_place() {
        assert_eq!(fault(json!(3)), "it is not an object");
        assert_eq!(fault(json!({"value": "3"})), "`value` is not an object");
        assert_eq!(fault(json!({"type": []})), "`type` is not a plain value");
        assert_eq!(fault(json!({"dates": [{}, {"kind": {}}]})), "`dates[1].kind` is not a plain value");
        assert_eq!(fault(json!({"participants": [{"names": 5}]})), "`participants[0].names` is not a list");
        assert_eq!(fault(json!({"dates": ["2025"]})), "`dates[0]` is not an object");
        assert_eq!(fault(json!({"dates": {"a": 1}})), "`dates` is not a list");
    }
}
