//! Things: who is who. Mentions of parties are clustered, and each cluster gets the fullest name the document has for it.

use std::collections::HashMap;

use candle_core::Tensor;

use super::arguments::REACH;
use super::cluster::cluster;
use super::mentions::Mention;
use super::probability::sigmoid;
use super::reading::Reading;
use crate::model::ModelError;
use crate::model::deal::features::{distance_bucket, likeness, paragraph_bucket};
use crate::model::deal::{DealModel, Places};
use crate::schema::MentionKind;

/// Rows of the pair head that are computed at once: bounds memory on documents with thousands of mentions.
const ROWS: usize = 48;

/// One party body, person or place of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Indices of its mentions, in order.
    pub mentions: Vec<usize>,
    /// The fullest proper name; `None` when the document only describes it.
    pub name: Option<String>,
}

/// Cluster the party mentions. `vectors` holds a row for every mention.
///
/// # Errors
/// When the tensor library fails.
pub fn things(
    reading: &Reading,
    model: &DealModel,
    mentions: &[Mention],
    vectors: &Tensor,
) -> Result<Vec<Thing>, ModelError> {
    let party: Vec<usize> = (0..mentions.len()).filter(|i| mentions[*i].kind.is_party()).collect();
    let link = links(reading, model, mentions, vectors, &party)?;
    let mut first_of: HashMap<(bool, &[String]), usize> = HashMap::new();
    let mut given = aliases(reading, mentions, &party);
    for (at, &m) in party.iter().enumerate() {
        let mention = &mentions[m];
        if mention.kind.is_name() && !mention.words.is_empty() {
            // A person and a company of one name ("Ferrero") are two; a company and a place are often one body.
            let key = (mention.kind == MentionKind::Per, mention.words.as_slice());
            match first_of.get(&key) {
                Some(&first) => given.push((first, at)),
                None => drop(first_of.insert(key, at)),
            }
        }
    }
    Ok(cluster(party.len(), &given, &link, model.config.thresholds.same_thing)
        .into_iter()
        .map(|members| {
            let members: Vec<usize> = members.into_iter().map(|at| party[at]).collect();
            Thing { name: fullest_name(reading, mentions, &members), mentions: members }
        })
        .collect())
}

/// Pairs of positions in `party` that the text itself declares to be one: a name with its short form in brackets behind
/// it ("Banca Collina (BC)"), when the one is made of the other's words or initials.
fn aliases(reading: &Reading, mentions: &[Mention], party: &[usize]) -> Vec<(usize, usize)> {
    let named: Vec<usize> = (0..party.len()).filter(|at| mentions[party[*at]].kind.is_name()).collect();
    named
        .windows(2)
        .filter(|pair| {
            let (a, b) = (&mentions[party[pair[0]]], &mentions[party[pair[1]]]);
            let [_, within, first, _, acronym, _] = likeness(&a.words, &b.words);
            a.kind == b.kind
                && reading.text.slice(a.end..b.start).trim() == "("
                && reading.text.slice(b.end..b.end + 1) == ")"
                && within + first + acronym > 0.0
        })
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

/// The longest name of a cluster; of equally long ones the one that is not in capitals, then the first.
fn fullest_name(reading: &Reading, mentions: &[Mention], members: &[usize]) -> Option<String> {
    let shouted = |name: &str| !name.chars().any(char::is_lowercase) && name.chars().count() > 5;
    members
        .iter()
        .map(|m| &mentions[*m])
        .filter(|m| m.kind.is_name())
        .map(|m| reading.text.slice(m.start..m.end))
        .min_by_key(|name| (shouted(name), std::cmp::Reverse(name.chars().count())))
        .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Probabilities that two of the listed mentions are the same thing, by position in the list (smaller first), for near
/// pairs.
///
/// # Errors
/// When the tensor library fails.
pub fn links(
    reading: &Reading,
    model: &DealModel,
    mentions: &[Mention],
    vectors: &Tensor,
    party: &[usize],
) -> Result<HashMap<(usize, usize), f32>, ModelError> {
    let mut link = HashMap::new();
    for start in (0..party.len()).step_by(ROWS) {
        let rows = &party[start..(start + ROWS).min(party.len())];
        let horizon = rows.last().map_or(0, |m| mentions[*m].first + REACH);
        let columns: Vec<usize> =
            party[start..].iter().copied().take_while(|m| mentions[*m].first <= horizon).collect();
        let mut places = Places { buckets: vec![Vec::new(); 2], flags: Vec::new() };
        for &i in rows {
            for &j in &columns {
                let (a, b) = (&mentions[i], &mentions[j]);
                places.buckets[0]
                    .push(distance_bucket(b.first as i64 - a.first as i64, &model.config.distances));
                places.buckets[1]
                    .push(paragraph_bucket(reading.paragraphs[b.first] - reading.paragraphs[a.first]));
                places.flags.extend(likeness(&a.words, &b.words));
            }
        }
        let pick = |ids: &[usize]| -> Result<Tensor, ModelError> {
            let ids: Vec<u32> = ids.iter().map(|i| *i as u32).collect();
            Ok(vectors.index_select(&Tensor::new(ids.as_slice(), vectors.device())?, 0)?)
        };
        let scores = model.heads.same_thing.scores(&pick(rows)?, &pick(&columns)?, &places)?;
        for r in 0..rows.len() {
            // Only later mentions: the head was trained on ordered pairs. Columns begin with the rows themselves.
            for c in r + 1..columns.len() {
                link.insert((start + r, start + c), sigmoid(scores[r * columns.len() + c]));
            }
        }
    }
    Ok(link)
}
