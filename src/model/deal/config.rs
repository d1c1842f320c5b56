//! The `siglato` section of a deal model's `config.json`.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use crate::model::ModelError;
use crate::model::config::ModelConfig;
use crate::schema::{Certainty, DealType, MentionKind, Role, Salience, Stage, TermKind};

/// Label sets in the order of the heads' outputs, and how text is windowed.
#[derive(Clone, Debug)]
pub struct DealConfig {
    /// Width of mention, trigger and pair vectors.
    pub width: usize,
    /// Tokens in a window, without special tokens.
    pub window: usize,
    /// Tokens that neighbouring windows share.
    pub overlap: usize,
    /// Kinds of mention; the last one is the nominal mention, which has a tag layer of its own.
    pub kinds: Vec<MentionKind>,
    /// Types, in output order.
    pub types: Vec<DealType>,
    /// Stages, in output order.
    pub stages: Vec<Stage>,
    /// Certainties, in output order.
    pub certainties: Vec<Certainty>,
    /// Saliences, in output order.
    pub saliences: Vec<Salience>,
    /// Roles, in output order.
    pub roles: Vec<Role>,
    /// Terms, in output order.
    pub terms: Vec<TermKind>,
    /// Upper bounds (exclusive) of the token-distance buckets.
    pub distances: Vec<usize>,
    /// For each type, in the order of `types`: how often its events state a value, a duration, a stake of more than
    /// half, a smaller stake. Empty when the configuration has none.
    pub term_rates: Vec<[f32; 4]>,
    /// Where scores become answers.
    pub thresholds: Thresholds,
}

/// Where scores become answers; chosen on the held-out part of the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Probability above which a token belongs to a trigger.
    pub trigger: f32,
    /// Probability that an event's best trigger must reach.
    pub event: f32,
    /// Probability above which two triggers tell the same event.
    pub same_event: f32,
    /// Probability above which two mentions are the same thing.
    pub same_thing: f32,
    /// Probability above which a thing takes a role.
    pub role: f32,
    /// Probability above which a mention is a term.
    pub term: f32,
    /// Confidence that an event must have to be told at all.
    pub confidence: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            trigger: 0.5,
            event: 0.6,
            same_event: 0.5,
            same_thing: 0.5,
            role: 0.5,
            term: 0.5,
            confidence: 0.0,
        }
    }
}

#[derive(Deserialize)]
struct Section {
    version: u32,
    width: usize,
    window: usize,
    overlap: usize,
    kinds: Vec<String>,
    name_tags: Vec<String>,
    nominal_tags: Vec<String>,
    types: Vec<String>,
    stages: Vec<String>,
    certainties: Vec<String>,
    saliences: Vec<String>,
    roles: Vec<String>,
    terms: Vec<String>,
    distances: Vec<usize>,
    #[serde(default)]
    term_rates: BTreeMap<String, [f32; 4]>,
    #[serde(default)]
    thresholds: Thresholds,
}

impl DealConfig {
    /// From a model's configuration.
    ///
    /// # Errors
    /// When the section is missing, of another version, or names a label that the contract does not have.
    pub fn from_model_config(config: &ModelConfig) -> Result<Self, ModelError> {
        let Some(section) = config.optional::<Section>("siglato")? else {
            return Err(config.invalid("no `siglato` section: this is not a deal model"));
        };
        if section.version != 1 {
            return Err(
                config.invalid(&format!("deal model version {} is not supported (1 is)", section.version))
            );
        }
        let kinds: Vec<MentionKind> = labels(config, &section.kinds)?;
        let tags = |kinds: &[MentionKind], short: Option<&str>| {
            let mut tags = vec!["O".to_owned()];
            for kind in kinds {
                tags.extend(
                    ["B", "I", "E", "S"].map(|part| format!("{part}-{}", short.unwrap_or(kind.as_str()))),
                );
            }
            tags
        };
        let (nominal, named) =
            kinds.split_last().ok_or_else(|| config.invalid("`siglato.kinds` is empty"))?;
        if section.name_tags != tags(named, None) || section.nominal_tags != tags(&[*nominal], Some("NOM")) {
            return Err(config.invalid("`siglato.name_tags` and `kinds` do not agree"));
        }
        if section.width == 0 || section.window == 0 || section.overlap >= section.window {
            return Err(config.invalid("`siglato.width`, `window` or `overlap` is out of range"));
        }
        Ok(Self {
            width: section.width,
            window: section.window,
            overlap: section.overlap,
            types: labels(config, &section.types)?,
            stages: labels(config, &section.stages)?,
            certainties: labels(config, &section.certainties)?,
            saliences: labels(config, &section.saliences)?,
            roles: labels(config, &section.roles)?,
            terms: labels(config, &section.terms)?,
            term_rates: section.types.iter().map_while(|t| section.term_rates.get(t).copied()).collect(),
            distances: section.distances,
            thresholds: section.thresholds,
            kinds,
        })
    }
}

fn labels<T: FromStr>(config: &ModelConfig, words: &[String]) -> Result<Vec<T>, ModelError>
where
    T::Err: std::fmt::Display,
{
    words.iter().map(|w| w.parse().map_err(|e: T::Err| config.invalid(&format!("`siglato`: {e}")))).collect()
}
