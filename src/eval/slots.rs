//! What is counted: the slots of events.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::{AddAssign, Index, IndexMut};

use serde_json::Value;

use super::event::{Event, Participant};
use super::scalar::{Scalar, is_filled};

/// A piece of an event that is right or wrong by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The type.
    Type,
    /// The stage.
    Stage,
    /// The certainty.
    Certainty,
    /// The salience.
    Salience,
    /// A participant: role and name together.
    Participant,
    /// The price or worth of the deal.
    Value,
    /// The worth of a whole company.
    Valuation,
    /// The share that changes hands.
    StakePercent,
    /// The duration.
    Duration,
    /// A date with its kind.
    Date,
}

impl Slot {
    /// All slots, in the order of the tables.
    pub const ALL: [Self; 10] = [
        Self::Type,
        Self::Stage,
        Self::Certainty,
        Self::Salience,
        Self::Participant,
        Self::Value,
        Self::Valuation,
        Self::StakePercent,
        Self::Duration,
        Self::Date,
    ];

    /// The slot's name in tables and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Stage => "stage",
            Self::Certainty => "certainty",
            Self::Salience => "salience",
            Self::Participant => "participant",
            Self::Value => "value",
            Self::Valuation => "valuation",
            Self::StakePercent => "stake_percent",
            Self::Duration => "duration",
            Self::Date => "date",
        }
    }
}

/// How many slots of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts([usize; Slot::ALL.len()]);

impl Counts {
    /// All slots together.
    pub(super) fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

impl Index<Slot> for Counts {
    type Output = usize;

    fn index(&self, slot: Slot) -> &usize {
        &self.0[slot as usize]
    }
}

impl IndexMut<Slot> for Counts {
    fn index_mut(&mut self, slot: Slot) -> &mut usize {
        &mut self.0[slot as usize]
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        for slot in Slot::ALL {
            self[slot] += other[slot];
        }
    }
}

/// The slots that an event fills.
pub(super) fn filled(event: &Event) -> Counts {
    let mut counts = Counts::default();
    counts[Slot::Type] = usize::from(event.kind.is_filled());
    for (slot, attribute) in attributes(event) {
        counts[slot] = usize::from(is_filled(attribute));
    }
    counts[Slot::Participant] = event.participants.len();
    counts[Slot::Value] = usize::from(event.value.is_some());
    counts[Slot::Valuation] = usize::from(event.valuation.is_some());
    counts[Slot::StakePercent] = usize::from(event.stake_percent.is_some());
    counts[Slot::Duration] = usize::from(event.duration.is_some());
    counts[Slot::Date] = event.dates.len();
    counts
}

/// The slots of an output event that agree with a gold event.
pub(super) fn right(gold: &Event, output: &Event) -> Counts {
    let mut counts = Counts::default();
    // Two empty strings agree although neither fills a slot: so does the reference count.
    counts[Slot::Type] = usize::from(gold.kind != Scalar::Null && gold.kind == output.kind);
    for ((slot, wanted), (_, given)) in attributes(gold).into_iter().zip(attributes(output)) {
        counts[slot] = usize::from(!wanted.is_null() && wanted == given);
    }
    counts[Slot::Participant] = matching_participants(&gold.participants, &output.participants);
    counts[Slot::Value] = agreeing(gold.value.as_ref(), output.value.as_ref());
    counts[Slot::Valuation] = agreeing(gold.valuation.as_ref(), output.valuation.as_ref());
    counts[Slot::StakePercent] = agreeing(gold.stake_percent.as_ref(), output.stake_percent.as_ref());
    counts[Slot::Duration] = agreeing(gold.duration.as_ref(), output.duration.as_ref());
    counts[Slot::Date] = common(&gold.dates, &output.dates);
    counts
}

/// Whether some name occurs in both events, in whatever role.
pub(super) fn share_a_party(gold: &Event, output: &Event) -> bool {
    output.participants.iter().any(|given| gold.participants.iter().any(|p| p.shares_name_with(given)))
}

/// The attributes but for the type.
fn attributes(event: &Event) -> [(Slot, &Value); 3] {
    [(Slot::Stage, &event.stage), (Slot::Certainty, &event.certainty), (Slot::Salience, &event.salience)]
}

fn agreeing<T: PartialEq>(gold: Option<&T>, output: Option<&T>) -> usize {
    usize::from(gold.is_some() && gold == output)
}

/// How many output participants agree with a gold one in role and name. Each takes the first gold
/// one that is free.
fn matching_participants(gold: &[Participant], output: &[Participant]) -> usize {
    let mut free: Vec<&Participant> = gold.iter().collect();
    for given in output {
        let found = free.iter().position(|p| p.role == given.role && p.shares_name_with(given));
        if let Some(position) = found {
            free.remove(position);
        }
    }
    gold.len() - free.len()
}

/// The size of the intersection of two multisets.
fn common<T: Eq + Hash>(gold: &[T], output: &[T]) -> usize {
    let mut left: HashMap<&T, usize> = HashMap::new();
    for item in gold {
        *left.entry(item).or_default() += 1;
    }
    output
        .iter()
        .filter(|item| match left.get_mut(item) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(source: Value) -> Event {
        Event::from_json(source).expect("a readable event")
    }

    #[test]
    fn every_slot_is_counted() {
        let whole = event(json!({
            "type": "ACQUISITION", "stage": "SIGNED", "certainty": "CONFIRMED", "salience": "MAIN",
            "participants": [{"role": "ACQUIRER", "names": ["Alfa"]}, {"role": "TARGET", "names": ["Beta"]}],
            "value": {"min": "1", "max": "2", "currency": "EUR", "approx": true},
            "valuation": {"min": "3"}, "stake_percent": "9.81", "duration": "P7Y",
            "dates": [{"kind": "signed", "date": "2025"}, {"kind": "signed", "date": "2025"}]}));
        let counts = filled(&whole);
        assert_eq!(counts[Slot::Participant], 2);
        assert_eq!(counts[Slot::Date], 2);
        assert_eq!(counts.total(), 12);
        assert_eq!(right(&whole, &whole), counts);
        assert_eq!(filled(&event(json!({}))).total(), 0);
        assert_eq!(right(&event(json!({})), &event(json!({}))).total(), 0);
    }

    #[test]
    fn two_empty_attributes_agree_without_a_slot() {
        let empty = event(json!({"stage": ""}));
        assert_eq!(filled(&empty).total(), 0);
        assert_eq!(right(&empty, &empty)[Slot::Stage], 1);
    }

    #[test]
    fn participants_take_the_first_free_match() {
        let gold = event(json!({"participants": [
            {"role": "PARTY", "names": ["Alfa", "Gruppo Alfa"]}, {"role": "PARTY", "names": ["Alfa"]}]}));
        let greedy = event(json!({"participants": [
            {"role": "PARTY", "name": "Alfa"}, {"role": "PARTY", "name": "Gruppo Alfa"}]}));
        assert_eq!(right(&gold, &greedy)[Slot::Participant], 1);
        let lucky = event(json!({"participants": [
            {"role": "PARTY", "name": "Gruppo Alfa"}, {"role": "PARTY", "name": "Alfa"}]}));
        assert_eq!(right(&gold, &lucky)[Slot::Participant], 2);
    }

    #[test]
    fn swapped_roles_share_parties_but_no_slot() {
        let gold = event(
            json!({"participants": [{"role": "SELLER", "names": ["Alfa"]}, {"role": "ACQUIRER", "names": ["Beta"]}]}),
        );
        let swapped = event(
            json!({"participants": [{"role": "SELLER", "name": "Beta"}, {"role": "ACQUIRER", "name": "Alfa"}]}),
        );
        assert!(share_a_party(&gold, &swapped));
        assert_eq!(right(&gold, &swapped).total(), 0);
    }

    #[test]
    fn dates_are_a_multiset() {
        let once = [1, 2];
        let twice = [2, 2, 3];
        assert_eq!(common(&once, &twice), 1);
        assert_eq!(common(&twice, &twice), 3);
    }
}
