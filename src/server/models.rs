//! The models that the server has loaded.

use std::sync::Arc;

use super::failure::Failure;
use super::pb;
use super::recognizer::Recognizer;
use crate::extract::Extractor;
use crate::schema::Lang;

/// What the server tells about a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// What requests call it.
    pub name: String,
    /// Its encoder, by Hugging Face's `model_type`.
    pub architecture: String,
    /// The bytes of its files.
    pub size_bytes: u64,
}

/// Two models have one name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two models are called {0:?}")]
pub struct DuplicateModel(String);

/// The models that a server offers: one for deals, any number for names.
pub struct Models {
    deal: ModelInfo,
    extractor: Arc<Extractor>,
    recognizers: Vec<Recognizer>,
}

impl Models {
    /// The models of a server.
    ///
    /// # Errors
    /// When two have the same name.
    pub fn new(
        deal: ModelInfo,
        extractor: Arc<Extractor>,
        recognizers: Vec<Recognizer>,
    ) -> Result<Self, DuplicateModel> {
        let mut names: Vec<&str> = vec![&deal.name];
        names.extend(recognizers.iter().map(Recognizer::name));
        names.sort_unstable();
        match names.windows(2).find(|pair| pair.first() == pair.last()) {
            Some(pair) => Err(DuplicateModel(pair.first().copied().unwrap_or_default().to_owned())),
            None => Ok(Self { deal, extractor, recognizers }),
        }
    }

    /// The deal model by name; the only one for an empty name.
    pub(super) fn extractor(&self, name: &str) -> Result<(&Arc<Extractor>, &str), Failure> {
        if name.is_empty() || name == self.deal.name {
            Ok((&self.extractor, &self.deal.name))
        } else {
            Err(Failure::UnknownModel { name: name.to_owned(), loaded: self.deal.name.clone() })
        }
    }

    /// A token-classification model by name; the only one for an empty name.
    pub(super) fn recognizer(&self, name: &str) -> Result<&Recognizer, Failure> {
        match (name, self.recognizers.as_slice()) {
            ("", [only]) => Ok(only),
            ("", [_, _, ..]) => {
                Err(Failure::invalid("model", format!("is empty, and several are loaded: {}", self.names())))
            }
            _ => self
                .recognizers
                .iter()
                .find(|recognizer| recognizer.name() == name)
                .ok_or_else(|| Failure::UnknownModel { name: name.to_owned(), loaded: self.names() }),
        }
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.recognizers.iter().map(Recognizer::name).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// The longest text that is read, in characters.
    pub(super) fn max_characters(&self) -> usize {
        self.extractor.options().max_characters
    }

    /// All of them, the deal model first.
    pub(super) fn list(&self) -> Vec<pb::Model> {
        let max_characters = self.max_characters() as u64;
        let model = |info: &ModelInfo, kind: pb::ModelKind, labels, languages| pb::Model {
            name: info.name.clone(),
            kind: kind.into(),
            architecture: info.architecture.clone(),
            labels,
            languages,
            size_bytes: info.size_bytes,
            max_characters,
        };
        let types = self.extractor.model().config.types.iter().map(ToString::to_string).collect();
        let languages = Lang::ALL.iter().map(ToString::to_string).collect();
        let deal = model(&self.deal, pb::ModelKind::Deal, types, languages);
        let recognizers = self
            .recognizers
            .iter()
            .map(|r| model(r.info(), pb::ModelKind::TokenClassification, r.labels().to_vec(), Vec::new()));
        std::iter::once(deal).chain(recognizers).collect()
    }
}
