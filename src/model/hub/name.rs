//! Names of models on the hub.

use std::fmt;

use crate::model::ModelError;

/// A model on the hub: `ORG/NAME` or `NAME`, with `@REVISION` when not `main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubName {
    /// `ORG/NAME`, or `NAME` for the hub's oldest models.
    pub id: String,
    /// A branch, a tag or a commit.
    pub revision: String,
}

impl HubName {
    /// Read a name. What passes is safe as a part of a path and of an address on every system.
    ///
    /// # Errors
    /// When the text is no name that the hub gives.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let (id, revision) = text.split_once('@').unwrap_or((text, "main"));
        let mut parts = id.split('/');
        let good = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, _) => is_part(name),
            (Some(organisation), Some(name), None) => is_part(organisation) && is_part(name),
            _ => false,
        };
        // The cache writes "/" as "--".
        if good && !id.contains("--") && is_revision(revision) {
            return Ok(Self { id: id.to_owned(), revision: revision.to_owned() });
        }
        Err(ModelError::NotFound {
            model: if text.is_empty() { "(no name)".to_owned() } else { text.to_owned() },
            why:
                "there is no such folder, and it is no name on the hub either (ORG/NAME or ORG/NAME@REVISION)"
                    .to_owned(),
        })
    }

    /// The model's folder in the cache.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("models--{}", self.id.replace('/', "--"))
    }
}

impl fmt::Display for HubName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.revision == "main" { Ok(()) } else { write!(f, "@{}", self.revision) }
    }
}

/// The hub's rule for organisations and names: letters, digits, `-`, `_`, `.`, with neither `-` nor `.` at an end.
fn is_part(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edge = ['-', '.'];
    (1..=96).contains(&text.len())
        && text.chars().all(inner)
        && !text.contains("..")
        && !text.starts_with(edge)
        && !text.ends_with(edge)
}

/// Branches may have slashes: `refs/pr/1`.
fn is_revision(text: &str) -> bool {
    text.len() <= 200 && text.split('/').all(is_part)
}

/// Whether a text is a commit as the cache and the hub write it.
pub(super) fn is_commit(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_revision() {
        let of = |text: &str| {
            HubName::parse(text).map(|n| (n.id.clone(), n.revision.clone(), n.folder(), n.to_string()))
        };
        let tuple =
            |a: &str, b: &str, c: &str, d: &str| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned());
        assert_eq!(of("o/n").ok(), Some(tuple("o/n", "main", "models--o--n", "o/n")));
        assert_eq!(
            of("o/n-1.5@refs/pr/1").ok(),
            Some(tuple("o/n-1.5", "refs/pr/1", "models--o--n-1.5", "o/n-1.5@refs/pr/1"))
        );
        assert_eq!(
            of("bert-base-cased").ok(),
            Some(tuple("bert-base-cased", "main", "models--bert-base-cased", "bert-base-cased"))
        );
    }

    #[test]
    fn odd_names_are_refused() {
        for odd in [
            "",
            "/",
            "@",
            "a/b/c",
            "../x",
            "x/..",
            "..",
            ".",
            "a/",
            "/a",
            "a//b",
            "a\\b",
            "c:/x",
            "C:\\x",
            "a b",
            "a/b@",
            "a/b@../x",
            "a/b@/x",
            "a/b@x/",
            "a/b@c@d",
            "a--b/c",
            "nul\0",
            "a/è",
            "a/b:c",
            "a/b*",
            "a/.b",
            "a/b.",
            "-a/b",
            "a/b?x",
            "a/b#x",
            "https://huggingface.co/a/b",
            "~/m",
        ] {
            let error = HubName::parse(odd).expect_err(odd);
            assert!(error.to_string().contains("no name on the hub"), "{odd}");
        }
        assert!(HubName::parse(&"x".repeat(1000)).is_err());
    }
}
