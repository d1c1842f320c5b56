//! JSON values that are compared, grouped by and printed, but not interpreted.

use std::cmp::Ordering;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A JSON value that is no list and no object: an id, or what figures are grouped by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `null`, or an absent key.
    #[default]
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
}

impl Scalar {
    /// The scalar that `value` is; `None` for a list or an object.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => Some(Self::Number(number.clone())),
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Whether the scalar states something: not `null`, `false`, zero or the empty string.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Flag(flag) => *flag,
            Self::Number(number) => number.as_f64() != Some(0.0),
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// The scalar as the key of a JSON object.
    pub(super) fn json_key(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// As the reference prints it: `None`, `True`, `False`, or the plain number or text.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.pad("None"),
            Self::Flag(true) => f.pad("True"),
            Self::Flag(false) => f.pad("False"),
            Self::Number(number) => f.pad(&number.to_string()),
            Self::Text(text) => f.pad(text),
        }
    }
}

/// By printed form, which is how the tables are sorted; the kind only separates equal prints.
impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        let kind = |scalar: &Self| match scalar {
            Self::Null => 0,
            Self::Flag(_) => 1,
            Self::Number(_) => 2,
            Self::Text(_) => 3,
        };
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.to_string().cmp(&other.to_string()).then_with(|| kind(self).cmp(&kind(other))),
        }
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a JSON value states something; see [`Scalar::is_filled`].
pub(super) fn is_filled(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => Scalar::from_json(value).is_some_and(|scalar| scalar.is_filled()),
    }
}

/// A JSON value as plain text; lists and objects in their JSON form.
pub(super) fn plain_text(value: &Value) -> String {
    Scalar::from_json(value).map_or_else(|| value.to_string(), |scalar| scalar.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn empty_values_state_nothing() {
        for empty in [json!(null), json!(false), json!(0), json!(0.0), json!(""), json!([]), json!({})] {
            assert!(!is_filled(&empty), "{empty}");
        }
        for filled in [json!(true), json!(-1), json!("0"), json!([null]), json!({"a": null})] {
            assert!(is_filled(&filled), "{filled}");
        }
    }

    #[test]
    fn prints_and_sorts_like_the_reference() {
        let mut labels: Vec<Scalar> = [json!("OTHER"), json!(null), json!("MERGER"), json!(true), json!(7)]
            .iter()
            .filter_map(Scalar::from_json)
            .collect();
        labels.sort();
        let printed: Vec<String> = labels.iter().map(ToString::to_string).collect();
        assert_eq!(printed, ["7", "MERGER", "None", "OTHER", "True"]);
        assert_eq!(format!("[{:<6}]", Scalar::Null), "[None  ]");
        assert_eq!(Scalar::Null.json_key(), "null");
    }

    #[test]
    fn containers_are_no_scalars() {
        assert_eq!(Scalar::from_json(&json!([])), None);
        assert_eq!(Scalar::from_json(&json!({})), None);
    }
}
