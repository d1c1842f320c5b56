//! What is read out of a document, in the JSON form of the contract.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{
    Certainty, Currency, DateKind, DealType, Lang, MentionKind, Money, PartialDate, Period, Role, Salience,
    Stage,
};

/// A stretch of the read text: offsets in Unicode scalar values, end exclusive, and the text itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Offset of the first character.
    pub start: usize,
    /// Offset after the last character.
    pub end: usize,
    /// The characters between.
    pub text: String,
    /// What the mention is; absent for sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MentionKind>,
}

/// A party of a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Participant {
    /// What it does in the deal.
    pub role: Role,
    /// The fullest proper name that the document gives it.
    pub name: String,
    /// How sure the model is of this party in this role, 0 to 1.
    pub confidence: f32,
    /// Where the document speaks of it, names and descriptions.
    pub mentions: Vec<Evidence>,
}

/// A term with the words that state it.
#[derive(Clone, Debug, PartialEq)]
pub struct Term<T> {
    /// The normalised term.
    pub value: T,
    /// How sure the model is that this is the deal's term, 0 to 1.
    pub confidence: f32,
    /// The words that state it.
    pub evidence: Evidence,
}

/// A date of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDate {
    /// What happens on it.
    pub kind: DateKind,
    /// The date, as fine as the text says, with its words.
    pub date: Term<PartialDate>,
}

/// One deal that a document tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What kind of deal it is.
    pub deal_type: DealType,
    /// The latest stage that the document states.
    pub stage: Stage,
    /// On whose word it stands.
    pub certainty: Certainty,
    /// News or recalled.
    pub salience: Salience,
    /// How sure the model is that this deal is told, 0 to 1.
    pub confidence: f32,
    /// The parties, in order of their first mention.
    pub participants: Vec<Participant>,
    /// The price or worth of the deal.
    pub value: Option<Term<Money>>,
    /// The worth of a whole company that the deal implies.
    pub valuation: Option<Term<Money>>,
    /// The share that changes hands, in per cent.
    pub stake_percent: Option<Term<rust_decimal::Decimal>>,
    /// How long the agreement lasts.
    pub duration: Option<Term<Period>>,
    /// The dates, by kind.
    pub dates: Vec<EventDate>,
    /// The sentences that tell it.
    pub evidence: Vec<Evidence>,
}

/// The deals of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extraction {
    /// The document's id.
    pub id: String,
    /// The language it was read in.
    pub lang: Lang,
    /// The deals, in the order in which the document tells them.
    pub events: Vec<Event>,
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("min", &self.min.map(|d| d.to_string()))?;
        map.serialize_entry("max", &self.max.map(|d| d.to_string()))?;
        map.serialize_entry("currency", &self.currency)?;
        map.serialize_entry("approx", &self.approx)?;
        map.end()
    }
}

/// Confidence and words of a term, which the contract's flat form has no place for.
#[derive(Serialize)]
struct Support<'a> {
    confidence: f32,
    evidence: &'a Evidence,
}

impl<'a, T> From<&'a Term<T>> for Support<'a> {
    fn from(term: &'a Term<T>) -> Self {
        Self { confidence: term.confidence, evidence: &term.evidence }
    }
}

/// The terms that the event states.
#[derive(Serialize)]
struct Supports<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Support<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valuation: Option<Support<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stake_percent: Option<Support<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Support<'a>>,
}

#[derive(Serialize)]
struct DateLine<'a> {
    kind: &'static str,
    date: String,
    confidence: f32,
    evidence: &'a Evidence,
}

impl Serialize for Event {
    /// The contract's keys, `null` where the text does not say, and `support`: confidence and words of each term.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let support = Supports {
            value: self.value.as_ref().map(Support::from),
            valuation: self.valuation.as_ref().map(Support::from),
            stake_percent: self.stake_percent.as_ref().map(Support::from),
            duration: self.duration.as_ref().map(Support::from),
        };
        let dates: Vec<DateLine<'_>> = self
            .dates
            .iter()
            .map(|d| DateLine {
                kind: d.kind.as_str(),
                date: d.date.value.to_string(),
                confidence: d.date.confidence,
                evidence: &d.date.evidence,
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.deal_type)?;
        map.serialize_entry("stage", &self.stage)?;
        map.serialize_entry("certainty", &self.certainty)?;
        map.serialize_entry("salience", &self.salience)?;
        map.serialize_entry("confidence", &self.confidence)?;
        map.serialize_entry("participants", &self.participants)?;
        map.serialize_entry("value", &self.value.as_ref().map(|t| &t.value))?;
        map.serialize_entry("valuation", &self.valuation.as_ref().map(|t| &t.value))?;
        map.serialize_entry("stake_percent", &self.stake_percent.as_ref().map(|t| t.value.to_string()))?;
        map.serialize_entry("duration", &self.duration.as_ref().map(|t| t.value.to_string()))?;
        map.serialize_entry("dates", &dates)?;
        map.serialize_entry("evidence", &self.evidence)?;
        map.serialize_entry("support", &support)?;
        map.end()
    }
}
