//! Events: clusters of triggers with a type, attributes, participants and terms.

use super::arguments::{Arguments, same_event};
use super::cluster::cluster;
use super::mentions::{Mention, mentions};
use super::merge::mergeable;
use super::probability::{argmax, rounded, softmax, softmax_or_none};
use super::reading::Reading;
use super::terms::{Candidate, Normalizer, Terms};
use super::things::{Thing, things};
use super::triggers::{Trigger, triggers};
use crate::model::ModelError;
use crate::model::deal::{AttributeLogits, DealModel};
use crate::schema::{Certainty, DealType, Event, Evidence, Participant, Role, Salience, Stage, TermKind};
use crate::text::sentences;

/// Mentions of a participant that are shown.
const SHOWN_MENTIONS: usize = 20;
/// Sentences that are shown as an event's evidence.
const SHOWN_SENTENCES: usize = 3;

/// A deal before it is put into words: everything by index.
pub(super) struct Draft {
    pub triggers: Vec<usize>,
    pub deal_type: DealType,
    pub stage: Stage,
    pub certainty: Certainty,
    pub salience: Salience,
    pub type_probability: f32,
    /// (thing, role, probability)
    pub participants: Vec<(usize, Role, f32)>,
    pub terms: Terms,
}

/// Everything about one document that events are read from.
struct Scene<'a> {
    reading: &'a Reading,
    model: &'a DealModel,
    mentions: &'a [Mention],
    triggers: &'a [Trigger],
    things: &'a [Thing],
    arguments: &'a Arguments,
    attributes: &'a AttributeLogits,
    normalizer: &'a Normalizer<'a>,
}

/// The deals of a document, from its hidden states `[n, h]`.
///
/// # Errors
/// When the tensor library fails.
pub fn events(
    reading: &Reading,
    model: &DealModel,
    hidden: &candle_core::Tensor,
) -> Result<Vec<Event>, ModelError> {
    if reading.tokens.is_empty() {
        return Ok(Vec::new());
    }
    let limits = model.config.thresholds;
    let tags = model.heads.tags(hidden)?;
    let triggers = triggers(reading, &tags.trigger, limits.trigger);
    let mentions = mentions(reading, &model.config, &tags);
    if triggers.is_empty() || !mentions.iter().any(|m| m.kind.is_name()) {
        return Ok(Vec::new());
    }
    let spans: Vec<(usize, usize, usize)> =
        mentions.iter().map(|m| (m.first, m.last, m.kind_index)).collect();
    let mention_vectors = model.heads.mention_vectors(hidden, &spans)?;
    let anchors: Vec<(usize, usize)> = triggers.iter().map(|t| (t.first, t.last)).collect();
    let trigger_vectors = model.heads.trigger_vectors(hidden, &anchors)?;
    let things = things(reading, model, &mentions, &mention_vectors)?;
    let scene = Scene {
        reading,
        model,
        mentions: &mentions,
        triggers: &triggers,
        things: &things,
        arguments: &Arguments::score(
            reading,
            model,
            &triggers,
            &trigger_vectors,
            &mentions,
            &mention_vectors,
        )?,
        attributes: &model.heads.attributes(&trigger_vectors)?,
        normalizer: &Normalizer::new(reading, &mentions),
    };
    let link = same_event(reading, model, &triggers, &trigger_vectors)?;
    let clusters = cluster(triggers.len(), &[], &link, limits.same_event);
    let mut events = scene.tell(scene.merged(clusters));
    events.retain(|e| e.confidence >= limits.confidence);
    Ok(events)
}

impl Scene<'_> {
    /// Drafts of the clusters; drafts that tell one deal are drafted again as one, until none are left.
    fn merged(&self, clusters: Vec<Vec<usize>>) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = clusters.into_iter().filter_map(|c| self.draft(c)).collect();
        'again: loop {
            for i in 0..drafts.len() {
                for j in i + 1..drafts.len() {
                    if mergeable(&drafts[i], &drafts[j]) {
                        let other = drafts.remove(j);
                        let first = drafts.remove(i);
                        let mut both = first.triggers;
                        both.extend(other.triggers);
                        both.sort_unstable();
                        drafts.extend(self.draft(both));
                        continue 'again;
                    }
                }
            }
            break;
        }
        drafts.sort_by_key(|d| d.triggers[0]);
        drafts
    }

    /// Read one cluster of triggers as a deal; `None` when no named party takes part.
    fn draft(&self, cluster: Vec<usize>) -> Option<Draft> {
        let config = &self.model.config;
        let best = cluster.iter().map(|t| self.triggers[*t].score).fold(0.0, f32::max);
        if best < config.thresholds.event {
            return None;
        }
        let share = softmax(&cluster.iter().map(|t| self.attributes.weights[*t]).collect::<Vec<_>>());
        let mean = |rows: &[Vec<f32>]| -> Vec<f32> {
            let mut sum = vec![0.0; rows.first().map_or(0, Vec::len)];
            for (t, w) in cluster.iter().zip(&share) {
                for (s, x) in sum.iter_mut().zip(&rows[*t]) {
                    *s += w * x;
                }
            }
            softmax(&sum)
        };
        let roles = self.role_logits(&cluster);
        let terms = self.normalizer.terms(self.candidates(&cluster));
        let (deal_type, type_probability) = self.type_of(&mean(&self.attributes.types), &roles, &terms)?;
        let participants = self.participants(deal_type, &roles);
        if !participants.iter().any(|(_, role, _)| *role != Role::Advisor) {
            return None;
        }
        let pick = |probabilities: Vec<f32>| argmax(&probabilities).map(|(at, _)| at);
        Some(Draft {
            deal_type,
            type_probability,
            stage: *config.stages.get(pick(mean(&self.attributes.stages))?)?,
            certainty: *config.certainties.get(pick(mean(&self.attributes.certainties))?)?,
            salience: *config.saliences.get(pick(mean(&self.attributes.saliences))?)?,
            participants,
            terms,
            triggers: cluster,
        })
    }

    /// For each named thing that is near enough, its logit in each role.
    fn role_logits(&self, cluster: &[usize]) -> Vec<(usize, Vec<f32>)> {
        let roles = self.model.config.roles.len();
        let near = |thing: &Thing| -> Option<Vec<f32>> {
            (0..roles).map(|r| self.arguments.pooled(cluster, &thing.mentions, r)).collect()
        };
        (0..self.things.len())
            .filter(|t| self.things[*t].name.is_some())
            .filter_map(|t| Some((t, near(&self.things[t])?)))
            .collect()
    }

    /// The type that agrees best with the triggers, with the roles that things take in it, and with the terms.
    fn type_of(&self, types: &[f32], roles: &[(usize, Vec<f32>)], terms: &Terms) -> Option<(DealType, f32)> {
        let config = &self.model.config;
        let all: Vec<Vec<f32>> = roles.iter().map(|(_, logits)| softmax_or_none(logits)).collect();
        let scores: Vec<f32> = config
            .types
            .iter()
            .zip(types)
            .enumerate()
            .map(|(at, (t, p))| {
                let agreement: f32 = all
                    .iter()
                    .map(|probabilities| {
                        let outside: f32 = probabilities
                            .iter()
                            .zip(&config.roles)
                            .filter(|(_, role)| !t.allows(**role))
                            .map(|(p, _)| p)
                            .sum();
                        (1.0 - outside).max(1e-4).ln()
                    })
                    .sum();
                p.max(1e-9).ln() + 0.5 * agreement + config.term_rates.get(at).map_or(0.0, |r| terms.fit(r))
            })
            .collect();
        let (at, p) = argmax(&softmax(&scores))?;
        Some((*config.types.get(at)?, p))
    }

    /// The things that take a role of this type, in order of their first mention.
    fn participants(&self, deal_type: DealType, roles: &[(usize, Vec<f32>)]) -> Vec<(usize, Role, f32)> {
        let config = &self.model.config;
        let own: Vec<usize> =
            (0..config.roles.len()).filter(|r| deal_type.allows(config.roles[*r])).collect();
        roles
            .iter()
            .filter_map(|(thing, logits)| {
                let p = softmax_or_none(&own.iter().map(|r| logits[*r]).collect::<Vec<_>>());
                let (at, best) = argmax(&p)?;
                (best > config.thresholds.role).then(|| (*thing, config.roles[own[at]], best))
            })
            .collect()
    }

    fn candidates(&self, cluster: &[usize]) -> Vec<Candidate> {
        let config = &self.model.config;
        let mut out = Vec::new();
        for (m, mention) in self.mentions.iter().enumerate() {
            let options: Vec<usize> =
                (0..config.terms.len()).filter(|t| config.terms[*t].mention_kind() == mention.kind).collect();
            let logits: Option<Vec<f32>> = options
                .iter()
                .map(|t| self.arguments.pooled(cluster, &[m], config.roles.len() + t))
                .collect();
            let Some(logits) = logits.filter(|l| !l.is_empty()) else { continue };
            if let Some((at, probability)) = argmax(&softmax_or_none(&logits))
                && probability > config.thresholds.term
            {
                let term: TermKind = config.terms[options[at]];
                out.push(Candidate { mention: m, term, probability });
            }
        }
        out
    }

    /// Drafts as events of the schema.
    fn tell(&self, drafts: Vec<Draft>) -> Vec<Event> {
        let sentences: Vec<std::ops::Range<usize>> = if drafts.is_empty() {
            Vec::new()
        } else {
            sentences(self.reading.text.as_str()).iter().map(|r| self.reading.text.from_bytes(r)).collect()
        };
        drafts.into_iter().map(|d| self.event(d, &sentences)).collect()
    }

    fn event(&self, draft: Draft, sentences: &[std::ops::Range<usize>]) -> Event {
        let best = draft.triggers.iter().map(|t| self.triggers[*t].score).fold(0.0, f32::max);
        let parties =
            draft.participants.iter().map(|(_, _, p)| *p).sum::<f32>() / draft.participants.len() as f32;
        Event {
            deal_type: draft.deal_type,
            stage: draft.stage,
            certainty: draft.certainty,
            salience: draft.salience,
            confidence: rounded((best * draft.type_probability * parties).cbrt()),
            participants: draft.participants.iter().map(|p| self.participant(*p)).collect(),
            value: draft.terms.value,
            valuation: draft.terms.valuation,
            stake_percent: draft.terms.stake_percent,
            duration: draft.terms.duration,
            dates: draft.terms.dates,
            evidence: self.evidence(&draft.triggers, sentences),
        }
    }

    fn participant(&self, (thing, role, probability): (usize, Role, f32)) -> Participant {
        let thing = &self.things[thing];
        Participant {
            role,
            name: thing.name.clone().unwrap_or_default(),
            confidence: rounded(probability),
            mentions: thing
                .mentions
                .iter()
                .take(SHOWN_MENTIONS)
                .map(|m| self.mentions[*m].evidence(self.reading))
                .collect(),
        }
    }

    /// The sentences of the strongest triggers, in the document's order.
    fn evidence(&self, cluster: &[usize], sentences: &[std::ops::Range<usize>]) -> Vec<Evidence> {
        let mut order = cluster.to_vec();
        order.sort_by(|a, b| self.triggers[*b].score.total_cmp(&self.triggers[*a].score).then(a.cmp(b)));
        let mut chosen: Vec<&std::ops::Range<usize>> = Vec::new();
        for t in order {
            let at = self.triggers[t].start;
            let sentence = sentences.get(sentences.partition_point(|s| s.end <= at));
            if let Some(s) = sentence.filter(|s| s.start <= at && !chosen.contains(s)) {
                chosen.push(s);
            }
            if chosen.len() == SHOWN_SENTENCES {
                break;
            }
        }
        chosen.sort_by_key(|s| s.start);
        chosen
            .into_iter()
            .map(|s| Evidence {
                start: s.start,
                end: s.end,
                text: self.reading.text.slice(s.clone()).to_owned(),
                kind: None,
            })
            .collect()
    }
}
