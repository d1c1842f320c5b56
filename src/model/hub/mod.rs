//! Where models come from: a folder, or the Hugging Face hub through its cache on this machine.
//!
//! [`Hub::resolve`] never leaves the machine; [`Hub::pull`] alone downloads. The cache is that of Hugging Face's own
//! tools: what `hf download` has fetched is found here, and the other way round.

mod cache;
mod facts;
mod name;
mod pull;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

pub use cache::CachedModel;
pub use facts::{ModelFacts, show};
pub use name::HubName;
pub use pull::Progress;

/// The hub's cache on this machine and the way to the hub.
#[derive(Clone, PartialEq, Eq)]
pub struct Hub {
    /// The folder of the cache, with a folder `models--ORG--NAME` for each model.
    pub cache: PathBuf,
    /// The hub, e.g. `https://huggingface.co`.
    pub endpoint: String,
    /// What private and gated models ask for.
    pub token: Option<String>,
    /// Whether downloads are forbidden.
    pub offline: bool,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token stays out of logs.
        f.debug_struct("Hub")
            .field("cache", &self.cache)
            .field("endpoint", &self.endpoint)
            .field("token", &self.token.as_ref().map(|_| "set"))
            .field("offline", &self.offline)
            .finish()
    }
}

impl Hub {
    /// As the environment says: `HF_HUB_CACHE`, `HF_HOME`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_variables(|key| std::env::var_os(key), std::env::home_dir())
    }

    /// As these variables say, which are read as Hugging Face's Python library reads them.
    fn from_variables(get: impl Fn(&str) -> Option<OsString>, user: Option<PathBuf>) -> Self {
        let set = |key: &str| get(key).filter(|value| !value.is_empty());
        let folder = |key: &str| set(key).map(PathBuf::from);
        let text = |key: &str| {
            set(key).and_then(|value| value.into_string().ok()).map(|text| text.trim().to_owned())
        };
        let home = folder("HF_HOME").unwrap_or_else(|| {
            let caches = folder("XDG_CACHE_HOME").unwrap_or_else(|| user.unwrap_or_default().join(".cache"));
            caches.join("huggingface")
        });
        let cache = folder("HF_HUB_CACHE")
            .or_else(|| folder("HUGGINGFACE_HUB_CACHE"))
            .unwrap_or_else(|| home.join("hub"));
        let token_file = folder("HF_TOKEN_PATH").unwrap_or_else(|| home.join("token"));
        let stored = || std::fs::read_to_string(token_file).ok().map(|token| token.trim().to_owned());
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_owned());
        let offline = text("HF_HUB_OFFLINE").or_else(|| text("TRANSFORMERS_OFFLINE"));
        Self {
            cache: std::path::absolute(&cache).unwrap_or(cache),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: text("HF_TOKEN").or_else(stored).filter(|token| !token.is_empty()),
            offline: offline
                .is_some_and(|word| matches!(word.to_uppercase().as_str(), "1" | "ON" | "YES" | "TRUE")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Hub {
        let get = |key: &str| {
            variables.iter().find(|(name, _)| *name == key).map(|(_, value)| OsString::from(value))
        };
        Hub::from_variables(get, Some(std::env::temp_dir().join("somebody")))
    }

    #[test]
    fn the_environment_is_read_as_pythons_library_reads_it() {
        let user = std::env::temp_dir().join("somebody");
        let plain = from(&[("HF_TOKEN", "")]);
        assert_eq!(plain.cache, user.join(".cache").join("huggingface").join("hub"));
        assert_eq!(
            (plain.endpoint.as_str(), plain.token, plain.offline),
            ("https://huggingface.co", None, false)
        );
        let home = user.join("h");
        let home = home.to_str().expect("a UTF-8 folder");
        let set = from(&[
            ("HF_HOME", home),
            ("HF_ENDPOINT", "http://mirror/"),
            ("HF_TOKEN", "t\n"),
            ("HF_HUB_OFFLINE", "yes"),
        ]);
        assert_eq!(set.cache, user.join("h").join("hub"));
        assert_eq!(
            (set.endpoint.as_str(), set.token.as_deref(), set.offline),
            ("http://mirror", Some("t"), true)
        );
        assert_eq!(from(&[("HF_HOME", "h"), ("HF_HUB_CACHE", home)]).cache, user.join("h"));
        assert_eq!(from(&[("XDG_CACHE_HOME", home)]).cache, user.join("h").join("huggingface").join("hub"));
    }

    #[test]
    fn the_token_stays_out_of_logs() {
        assert!(!format!("{:?}", from(&[("HF_TOKEN", "hf_secret")])).contains("secret"));
    }
}
