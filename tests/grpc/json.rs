//! The service's messages in the JSON form of `siglato extract`, to compare the two.

use serde_json::{Value, json};
use siglato::server::pb;

/// The events of a document, without confidences.
pub fn events(extraction: &pb::Extraction) -> Value {
    extraction.events.iter().map(event).collect()
}

/// What `siglato extract` wrote, without what [`events`] leaves out.
pub fn without_confidence(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_confidence).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "confidence")
            .map(|(k, v)| (k.clone(), without_confidence(v)))
            .collect(),
        other => other.clone(),
    }
}

fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).expect("the enum's prefix").to_owned()
}

fn event(event: &pb::DealEvent) -> Value {
    let parties: Vec<Value> = event
        .participants
        .iter()
        .map(|p| json!({"role": word(p.role().as_str_name(), "ROLE_"), "name": p.name, "mentions": spans(&p.mentions)}))
        .collect();
    let dates: Vec<Value> = event
        .dates
        .iter()
        .map(|d| {
            let kind = word(d.kind().as_str_name(), "DATE_KIND_").to_lowercase();
            json!({"kind": kind, "date": d.date.as_ref().map(date), "evidence": d.evidence.as_ref().map(span)})
        })
        .collect();
    let mut support = serde_json::Map::new();
    let terms = [
        ("value", event.value.as_ref().and_then(|t| t.evidence.as_ref())),
        ("valuation", event.valuation.as_ref().and_then(|t| t.evidence.as_ref())),
        ("stake_percent", event.stake.as_ref().and_then(|t| t.evidence.as_ref())),
        ("duration", event.duration.as_ref().and_then(|t| t.evidence.as_ref())),
    ];
    for (name, evidence) in terms {
        if let Some(evidence) = evidence {
            support.insert(name.to_owned(), json!({"evidence": span(evidence)}));
        }
    }
    json!({
        "type": word(event.r#type().as_str_name(), "DEAL_TYPE_"),
        "stage": word(event.stage().as_str_name(), "STAGE_"),
        "certainty": word(event.certainty().as_str_name(), "CERTAINTY_"),
        "salience": word(event.salience().as_str_name(), "SALIENCE_"),
        "participants": parties,
        "value": event.value.as_ref().and_then(|t| t.money.as_ref()).map(money),
        "valuation": event.valuation.as_ref().and_then(|t| t.money.as_ref()).map(money),
        "stake_percent": event.stake.as_ref().map(|t| &t.percent),
        "duration": event.duration.as_ref().and_then(|t| t.period.as_ref()).map(|p| &p.iso8601),
        "dates": dates,
        "evidence": spans(&event.evidence),
        "support": support,
    })
}

fn money(money: &pb::Money) -> Value {
    json!({"min": money.min, "max": money.max, "currency": money.currency, "approx": money.approx})
}

fn date(date: &pb::Date) -> String {
    match (date.month, date.day) {
        (0, _) => format!("{:04}", date.year),
        (month, 0) => format!("{:04}-{month:02}", date.year),
        (month, day) => format!("{:04}-{month:02}-{day:02}", date.year),
    }
}

fn spans(spans: &[pb::Span]) -> Value {
    spans.iter().map(span).collect()
}

fn span(span: &pb::Span) -> Value {
    let mut value = json!({"start": span.start, "end": span.end, "text": span.text});
    if span.kind() != pb::MentionKind::Unspecified {
        value["kind"] = word(span.kind().as_str_name(), "MENTION_KIND_").into();
    }
    value
}
