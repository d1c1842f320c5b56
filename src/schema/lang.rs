//! The languages that siglato reads.

use std::fmt;
use std::str::FromStr;

/// A language of the news that siglato reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Italian.
    It,
    /// English.
    En,
    /// French.
    Fr,
    /// German.
    De,
    /// Spanish.
    Es,
}

impl Lang {
    /// All of them, Italian first.
    pub const ALL: [Self; 5] = [Self::It, Self::En, Self::Fr, Self::De, Self::Es];

    /// The ISO 639-1 code, e.g. `it`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Es => "es",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names none of the languages that siglato reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("language {0:?} is not one of it, en, fr, de, es")]
pub struct ParseLangError(String);

impl FromStr for Lang {
    type Err = ParseLangError;

    /// Accepts the bare code and codes with a region (`it-IT`, `en_GB`), in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let primary = text.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.as_str().eq_ignore_ascii_case(primary))
            .ok_or_else(|| ParseLangError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_and_without_region() {
        assert_eq!("it".parse(), Ok(Lang::It));
        assert_eq!("de-CH".parse(), Ok(Lang::De));
        assert_eq!("EN_gb".parse(), Ok(Lang::En));
        for wrong in ["", "pt", "italian", "-it"] {
            assert!(wrong.parse::<Lang>().is_err(), "{wrong}");
        }
    }
}
