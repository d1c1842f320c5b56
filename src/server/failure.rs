//! What a request may fail with, as a status of the call or as the error of one document in a stream.

use std::fmt;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::pb;
use super::recognizer::RecognizeError;
use crate::engine::EngineError;
use crate::extract::ExtractError;

/// A field of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// The field's path.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why)
    }
}

/// A request is not answered as it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{}", joined(.0))]
    Invalid(Vec<Violation>),
    #[error("no model {name:?} is loaded for this; there are: {loaded}")]
    UnknownModel { name: String, loaded: String },
    #[error("too many calls wait for their turn; try again later")]
    Busy,
    #[error("the server is shutting down")]
    Closing,
    #[error("{0}")]
    Internal(String),
}

fn joined(violations: &[Violation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Failure {
    /// One wrong field.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation { field, why: why.into() }])
    }

    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::UnknownModel { .. } => Code::NotFound,
            Self::Busy => Code::ResourceExhausted,
            Self::Closing => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn details(&self) -> ErrorDetails {
        match self {
            Self::Invalid(violations) => ErrorDetails::with_bad_request(
                violations.iter().map(|v| FieldViolation::new(v.field, v.why.as_str())).collect::<Vec<_>>(),
            ),
            Self::UnknownModel { name, .. } => {
                ErrorDetails::with_resource_info("siglato.v1.Model", name.as_str(), "", "not loaded")
            }
            Self::Busy => ErrorDetails::with_retry_info(Some(Duration::from_secs(1))),
            Self::Closing | Self::Internal(_) => ErrorDetails::new(),
        }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        Self::with_error_details(failure.code(), failure.to_string(), failure.details())
    }
}

impl From<Failure> for pb::DocumentError {
    fn from(failure: Failure) -> Self {
        let (code, message) = (failure.code() as i32, failure.to_string());
        let field_violations = match failure {
            Failure::Invalid(violations) => violations
                .into_iter()
                .map(|v| pb::FieldViolation { field: v.field.to_owned(), description: v.why })
                .collect(),
            _ => Vec::new(),
        };
        Self { code, message, field_violations }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Stopped => Self::Closing,
            EngineError::Model(_) | EngineError::TooLong { .. } => Self::Internal(error.to_string()),
        }
    }
}

impl From<ExtractError> for Failure {
    fn from(error: ExtractError) -> Self {
        match error {
            ExtractError::TooLong { .. } => Self::invalid("document.text", error.to_string()),
            ExtractError::Engine(error) => error.into(),
            ExtractError::Model(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<RecognizeError> for Failure {
    fn from(error: RecognizeError) -> Self {
        match error {
            RecognizeError::Engine(error) => error.into(),
            RecognizeError::Model(error) => Self::Internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Failure {
        let violation = |field, why: &str| Violation { field, why: why.to_owned() };
        Failure::Invalid(vec![violation("document.id", "is empty"), violation("document.lang", "is odd")])
    }

    #[test]
    fn a_status_carries_the_violations() {
        let status = Status::from(both());
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "document.id: is empty; document.lang: is odd");
        let details = status.get_details_bad_request().expect("details");
        let fields: Vec<&str> = details.field_violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["document.id", "document.lang"]);
    }

    #[test]
    fn a_documents_error_says_the_same() {
        let error = pb::DocumentError::from(both());
        assert_eq!((error.code, error.field_violations.len()), (3, 2));
        assert_eq!(pb::DocumentError::from(Failure::Closing).code, 14);
        assert!(Status::from(Failure::Busy).get_details_retry_info().is_some());
    }
}
