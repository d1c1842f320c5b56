//! The Rust forward pass agrees with the recipe's on the shipped weights: tokens, windows, hidden states, every head.

use candle_core::Tensor;
use serde::Deserialize;
use siglato::extract::arguments::{Arguments, same_event};
use siglato::extract::mentions::Mention;
use siglato::extract::reading::Reading;
use siglato::extract::things::links;
use siglato::extract::triggers::Trigger;
use siglato::model::deal::DealModel;
use siglato::model::deal::features::fold_words;
use siglato::model::{PackedModel, embedded};
use siglato::schema::{Document, MentionKind};

/// f32 on both sides; sums run in another order.
const TOLERANCE: f32 = 2e-3;

#[derive(Deserialize)]
struct Case {
    title: String,
    text: String,
    ids: Vec<u32>,
    offsets: Vec<(usize, usize)>,
    paragraphs: Vec<i64>,
    step: usize,
    hidden: Vec<f32>,
    names: Vec<f32>,
    nominals: Vec<f32>,
    trigger: Vec<f32>,
    mentions: Vec<(usize, usize, usize)>,
    triggers: Vec<(usize, usize)>,
    attributes: Vec<f32>,
    argument: Vec<f32>,
    same_event: Vec<f32>,
    same_thing: Vec<f32>,
    words: Vec<Vec<String>>,
}

fn cases() -> Vec<Case> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/deal.json");
    serde_json::from_str(&std::fs::read_to_string(file).expect("the fixture")).expect("cases")
}

fn near(what: &str, got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len(), "{what}: length");
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        assert!((g - w).abs() <= TOLERANCE * w.abs().max(1.0), "{what}[{i}]: {g} instead of {w}");
    }
}

fn every(rows: &[Vec<f32>], step: usize) -> Vec<f32> {
    rows.iter().step_by(step).flatten().copied().collect()
}

fn logit(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

fn read(case: &Case, model: &DealModel) -> (Reading, Tensor) {
    let document = Document {
        id: String::new(),
        title: case.title.clone(),
        text: case.text.clone(),
        published: None,
        lang: None,
    };
    let (reading, packed) = Reading::prepare(&document, model).expect("readable");
    let rows = model.forward(&packed).expect("hidden states");
    let hidden = reading.stitch(&rows).expect("stitched");
    (reading, hidden)
}

fn spans(case: &Case, reading: &Reading, model: &DealModel) -> (Vec<Mention>, Vec<Trigger>) {
    let ends = |first: usize, last: usize| (reading.tokens[first].start, reading.tokens[last].end);
    let mentions = case.mentions.iter().map(|&(first, last, kind_index)| {
        let (start, end) = ends(first, last);
        let kind: MentionKind = model.config.kinds[kind_index];
        let words = fold_words(reading.text.slice(start..end));
        Mention { first, last, kind_index, kind, score: 1.0, start, end, words }
    });
    let triggers = case.triggers.iter().map(|&(first, last)| {
        let (start, end) = ends(first, last);
        Trigger { first, last, score: 1.0, start, end }
    });
    (mentions.collect(), triggers.collect())
}

#[test]
fn tokens_hidden_states_and_heads_agree_with_the_recipe() {
    let model = embedded::load(&candle_core::Device::Cpu).expect("the embedded model");
    let cases = cases();
    assert!(cases.iter().any(|c| c.ids.len() > model.config.window), "one text spans several windows");
    for case in &cases {
        let (reading, hidden) = read(case, &model);
        let ids: Vec<u32> = reading.tokens.iter().map(|t| t.id).collect();
        assert_eq!(ids, case.ids);
        let offsets: Vec<(usize, usize)> = reading.tokens.iter().map(|t| (t.start, t.end)).collect();
        assert_eq!(offsets, case.offsets);
        assert_eq!(reading.paragraphs, case.paragraphs);

        let rows: Vec<Vec<f32>> = hidden.to_vec2().expect("f32");
        let corner: Vec<f32> = rows.iter().step_by(case.step).flat_map(|row| row[..4].to_vec()).collect();
        near("hidden", &corner, &case.hidden);
        let tags = model.heads.tags(&hidden).expect("tags");
        near("names", &every(&tags.names, case.step), &case.names);
        near("nominals", &every(&tags.nominals, case.step), &case.nominals);
        let trigger: Vec<f32> = tags.trigger.iter().step_by(case.step).copied().collect();
        near("trigger", &trigger, &case.trigger);

        let (mentions, triggers) = spans(case, &reading, &model);
        for (mention, words) in mentions.iter().zip(&case.words) {
            assert_eq!(&mention.words, words);
        }
        let mv = model.heads.mention_vectors(&hidden, &case.mentions).expect("vectors");
        let tv = model.heads.trigger_vectors(&hidden, &case.triggers).expect("vectors");
        let a = model.heads.attributes(&tv).expect("attributes");
        let flat: Vec<f32> = (0..triggers.len())
            .flat_map(|t| {
                let mut row = a.types[t].clone();
                row.extend(&a.stages[t]);
                row.extend(&a.certainties[t]);
                row.extend(&a.saliences[t]);
                row.push(a.weights[t]);
                row
            })
            .collect();
        near("attributes", &flat, &case.attributes);

        let outputs = model.heads.argument.outputs();
        let arguments =
            Arguments::score(&reading, &model, &triggers, &tv, &mentions, &mv).expect("arguments");
        let mut seen = 0;
        for t in 0..triggers.len() {
            for m in 0..mentions.len() {
                for o in 0..outputs {
                    let want = case.argument[(t * mentions.len() + m) * outputs + o];
                    if let Some(got) = arguments.pooled(&[t], &[m], o) {
                        near("argument", &[got], &[want]);
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > case.argument.len() / 2, "most pairs are near enough to be scored");

        for ((i, j), p) in same_event(&reading, &model, &triggers, &tv).expect("links") {
            let want = case.same_event[i * triggers.len() + j];
            assert!(
                (p - 1.0 / (1.0 + (-want).exp())).abs() < TOLERANCE,
                "same_event {i} {j}: {} {want}",
                logit(p)
            );
        }
        let all: Vec<usize> = (0..mentions.len()).collect();
        for ((i, j), p) in links(&reading, &model, &mentions, &mv, &all).expect("links") {
            let want = case.same_thing[i * mentions.len() + j];
            assert!(
                (p - 1.0 / (1.0 + (-want).exp())).abs() < TOLERANCE,
                "same_thing {i} {j}: {} {want}",
                logit(p)
            );
        }
    }
}
