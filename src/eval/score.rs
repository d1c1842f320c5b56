//! The figures.

use std::collections::{BTreeMap, HashSet};

use serde::{Serialize, Serializer};

use super::document::{Document, Documents};
use super::event::Event;
use super::pairing::pair;
use super::scalar::Scalar;
use super::slots::{Counts, Slot, filled, right};

/// How an output does against a gold file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Documents in the gold file.
    pub documents: usize,
    /// Gold documents that the output lacks; their events count as missed.
    pub missing_documents: usize,
    /// All slots of all events: the headline.
    pub slot: Prf,
    /// Events of the right type with at least half of the participants.
    pub event: Prf,
    /// The share of gold events whose type, stage, participants and value are all right.
    pub exact_records: f64,
    /// Documents without a deal that got one.
    pub false_alarms: FalseAlarms,
    /// The slots of each kind, in the order of [`Slot::ALL`].
    #[serde(serialize_with = "slots_as_map")]
    pub by_slot: Vec<(Slot, Prf)>,
    /// The slots of each type of event.
    #[serde(serialize_with = "labels_as_map")]
    pub by_type: BTreeMap<Scalar, Prf>,
    /// The slots of each language.
    #[serde(serialize_with = "labels_as_map")]
    pub by_lang: BTreeMap<Scalar, Prf>,
}

/// Precision, recall and their harmonic mean, with what they are counted over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prf {
    /// The share of the output that is right.
    pub precision: f64,
    /// The share of the gold that is found.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// How many the gold holds.
    pub gold: usize,
    /// How many the output holds.
    pub output: usize,
}

/// Documents without a deal, and those of them that got one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FalseAlarms {
    /// Gold documents without an event.
    pub documents_without_deal: usize,
    /// Those for which the output has one.
    pub with_output: usize,
}

/// An event that is not all right: a pair that differs, a missed gold event or one made up.
#[derive(Debug, Clone, Serialize)]
pub struct Mismatch<'a> {
    /// The document.
    pub id: &'a Scalar,
    /// The gold event, unless the output's has none.
    pub gold: Option<&'a Event>,
    /// The output event, unless the gold's has none.
    pub output: Option<&'a Event>,
}

/// Scores an output against the gold, and lists the events that are not all right in the order of
/// the gold. Output documents that the gold lacks are not judged.
#[must_use]
pub fn score<'a>(gold: &'a Documents, output: &'a Documents) -> (Score, Vec<Mismatch<'a>>) {
    let mut tally = Tally::default();
    let mut mismatches = Vec::new();
    for document in gold {
        let answer = output.get(&document.id);
        tally.missing_documents += usize::from(answer.is_none());
        let events = answer.map_or(&[][..], |answer| &answer.events);
        tally.add_document(document, events, &mut mismatches);
    }
    (tally.score(gold.len()), mismatches)
}

/// What is right, wanted and given.
#[derive(Debug, Clone, Copy, Default)]
struct Ratio {
    hits: usize,
    gold: usize,
    output: usize,
}

impl Ratio {
    fn prf(self) -> Prf {
        let share = |of: usize| {
            if of == 0 { 0.0 } else { quotient(self.hits, of) }
        };
        Prf {
            precision: share(self.output),
            recall: share(self.gold),
            f1: if self.gold + self.output == 0 { 0.0 } else { self.f1() },
            gold: self.gold,
            output: self.output,
        }
    }

    /// F1, which is 1 where nothing is wanted and nothing given.
    fn f1(self) -> f64 {
        if self.gold + self.output == 0 { 1.0 } else { quotient(2 * self.hits, self.gold + self.output) }
    }
}

/// Counts are far below 2^53, so the division is the only rounding.
#[allow(clippy::cast_precision_loss)]
fn quotient(a: usize, b: usize) -> f64 {
    a as f64 / b as f64
}

/// The running counts.
#[derive(Debug, Default)]
struct Tally {
    missing_documents: usize,
    hits: Counts,
    gold: Counts,
    output: Counts,
    by_type: BTreeMap<Scalar, Ratio>,
    by_lang: BTreeMap<Scalar, Ratio>,
    events: Ratio,
    exact_records: usize,
    false_alarms: FalseAlarms,
}

impl Tally {
    fn add_document<'a>(
        &mut self,
        document: &'a Document,
        output: &'a [Event],
        mismatches: &mut Vec<Mismatch<'a>>,
    ) {
        let (id, lang, gold) = (&document.id, &document.lang, &document.events);
        if gold.is_empty() {
            self.false_alarms.documents_without_deal += 1;
            self.false_alarms.with_output += usize::from(!output.is_empty());
        }
        for event in gold {
            let counts = filled(event);
            self.gold += counts;
            entry(&mut self.by_type, &event.kind).gold += counts.total();
            entry(&mut self.by_lang, lang).gold += counts.total();
        }
        for event in output {
            let counts = filled(event);
            self.output += counts;
            entry(&mut self.by_type, &event.kind).output += counts.total();
            entry(&mut self.by_lang, lang).output += counts.total();
        }
        self.events.gold += gold.len();
        self.events.output += output.len();

        let pairs = pair(gold, output);
        for (g, o) in &pairs {
            let (wanted, given) = (&gold[*g], &output[*o]);
            if !self.add_pair(lang, wanted, given) {
                mismatches.push(Mismatch { id, gold: Some(wanted), output: Some(given) });
            }
        }
        let (paired_gold, paired_output): (HashSet<usize>, HashSet<usize>) = pairs.into_iter().unzip();
        mismatches.extend(without(gold, &paired_gold).map(|event| Mismatch {
            id,
            gold: Some(event),
            output: None,
        }));
        mismatches.extend(without(output, &paired_output).map(|event| Mismatch {
            id,
            gold: None,
            output: Some(event),
        }));
    }

    /// Counts a pair, and says whether it is all right.
    fn add_pair(&mut self, lang: &Scalar, gold: &Event, output: &Event) -> bool {
        let hits = right(gold, output);
        self.hits += hits;
        entry(&mut self.by_type, &gold.kind).hits += hits.total();
        entry(&mut self.by_lang, lang).hits += hits.total();

        let same_type = gold.kind == output.kind;
        let participants = Ratio {
            hits: hits[Slot::Participant],
            gold: gold.participants.len(),
            output: output.participants.len(),
        };
        let all_participants = 2 * participants.hits == participants.gold + participants.output;
        self.events.hits += usize::from(same_type && participants.f1() >= 0.5);
        self.exact_records += usize::from(
            same_type && all_participants && gold.stage == output.stage && gold.value == output.value,
        );
        hits.total() >= filled(gold).total().max(filled(output).total())
    }

    fn score(self, documents: usize) -> Score {
        let slots = Ratio { hits: self.hits.total(), gold: self.gold.total(), output: self.output.total() };
        let by_slot = Slot::ALL.map(|slot| {
            let ratio = Ratio { hits: self.hits[slot], gold: self.gold[slot], output: self.output[slot] };
            (slot, ratio.prf())
        });
        Score {
            documents,
            missing_documents: self.missing_documents,
            slot: slots.prf(),
            event: self.events.prf(),
            exact_records: if self.events.gold == 0 {
                0.0
            } else {
                quotient(self.exact_records, self.events.gold)
            },
            false_alarms: self.false_alarms,
            by_slot: by_slot.into(),
            by_type: prfs(self.by_type),
            by_lang: prfs(self.by_lang),
        }
    }
}

fn entry<'a>(ratios: &'a mut BTreeMap<Scalar, Ratio>, label: &Scalar) -> &'a mut Ratio {
    ratios.entry(label.clone()).or_default()
}

fn prfs(ratios: BTreeMap<Scalar, Ratio>) -> BTreeMap<Scalar, Prf> {
    ratios.into_iter().map(|(label, ratio)| (label, ratio.prf())).collect()
}

fn without<'a>(events: &'a [Event], paired: &HashSet<usize>) -> impl Iterator<Item = &'a Event> {
    events.iter().enumerate().filter(|(position, _)| !paired.contains(position)).map(|(_, event)| event)
}

fn slots_as_map<S: Serializer>(slots: &[(Slot, Prf)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(slots.iter().map(|(slot, prf)| (slot.name(), prf)))
}

fn labels_as_map<S: Serializer>(labels: &BTreeMap<Scalar, Prf>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(labels.iter().map(|(label, prf)| (label.json_key(), prf)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::read_documents;

    fn documents(text: &str) -> Documents {
        read_documents(text.as_bytes(), "test").expect("readable")
    }

    const GOLD: &str = r#"{"id": "a", "lang": "it", "events": [{"type": "MERGER", "stage": "SIGNED", "participants": [{"role": "PARTY", "names": ["Alfa"]}, {"role": "PARTY", "names": ["Beta"]}]}]}
{"id": "b", "lang": "en", "events": []}"#;

    #[test]
    fn the_gold_scores_full_marks_against_itself() {
        let gold = documents(GOLD);
        let (score, mismatches) = score(&gold, &gold);
        assert!(mismatches.is_empty());
        assert_eq!((score.slot.f1, score.event.f1, score.exact_records), (1.0, 1.0, 1.0));
        assert_eq!(score.false_alarms, FalseAlarms { documents_without_deal: 1, with_output: 0 });
        assert_eq!(score.by_lang.len(), 1);
    }

    #[test]
    fn an_empty_output_misses_all() {
        let gold = documents(GOLD);
        let nothing = Documents::default();
        let (score, mismatches) = score(&gold, &nothing);
        assert_eq!((score.documents, score.missing_documents, mismatches.len()), (2, 2, 1));
        assert_eq!(score.slot, Prf { precision: 0.0, recall: 0.0, f1: 0.0, gold: 4, output: 0 });
    }

    #[test]
    fn an_empty_gold_gives_zeros_and_no_division() {
        let nothing = Documents::default();
        let (score, _) = score(&nothing, &nothing);
        assert_eq!((score.slot.f1, score.exact_records), (0.0, 0.0));
    }

    #[test]
    fn one_of_two_participants_makes_an_event_but_no_record() {
        let gold = documents(GOLD);
        let output = documents(
            r#"{"id": "a", "events": [{"type": "MERGER", "stage": "SIGNED", "participants": [{"role": "PARTY", "name": "Alfa"}, {"role": "PARTY", "name": "Gamma"}]}]}"#,
        );
        let (score, mismatches) = score(&gold, &output);
        assert_eq!((score.event.f1, score.exact_records, score.slot.f1), (1.0, 0.0, 0.75));
        assert_eq!(mismatches.len(), 1);
    }

    #[test]
    fn an_unknown_type_has_a_row_of_its_own() {
        let gold = documents(GOLD);
        let output = documents(
            r#"{"id": "b", "events": [{"stage": "SIGNED"}, {"type": 7}]}
               "#,
        );
        let (score, _) = score(&gold, &output);
        let labels: Vec<String> = score.by_type.keys().map(ToString::to_string).collect();
        assert_eq!(labels, ["7", "MERGER", "None"]);
        let json = serde_json::to_value(&score).expect("JSON");
        assert_eq!(json["by_type"]["null"]["output"], 1);
        assert_eq!(score.false_alarms.with_output, 1);
    }
}
