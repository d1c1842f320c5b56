//! Our encoders against transformers, family by family, on tiny models with random weights.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use siglato::model::config::ModelConfig;
use siglato::model::encoder::bert::BertEncoder;
use siglato::model::token_classifier::Prepared;
use siglato::model::weights::Weights;
use siglato::model::{LabelledSpan, Packed, PackedModel, TokenClassifier};

const FAMILIES: [&str; 7] =
    ["bert", "distilbert", "roberta", "xlm-roberta", "camembert", "deberta-v2", "deberta-v3"];

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join("tiny")
}

fn load(family: &str) -> TokenClassifier {
    TokenClassifier::load(&tiny().join(family), &Device::Cpu).expect(family)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("a count") as usize
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// A stretch without the white space at its ends; an empty one lies behind it.
fn trim(characters: &[char], mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end && characters[start].is_whitespace() {
        start += 1;
    }
    while end > start && characters[end - 1].is_whitespace() {
        end -= 1;
    }
    (start, end)
}

fn rows(logits: &Tensor) -> Vec<Vec<f32>> {
    logits.to_vec2().expect("a matrix of f32")
}

/// The greatest difference between two matrices of one shape.
fn difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    assert_eq!(a.len(), b.len(), "rows");
    let mut greatest = 0.0_f32;
    for (a, b) in a.iter().zip(b) {
        assert_eq!(a.len(), b.len(), "columns");
        for (a, b) in a.iter().zip(b) {
            assert!(a.is_finite() && b.is_finite());
            greatest = greatest.max((a - b).abs());
        }
    }
    greatest
}

fn expected_logits(row: &Value) -> Vec<Vec<f32>> {
    let float = |x: &Value| x.as_f64().expect("a number") as f32;
    list(&row["logits"]).iter().map(|row| list(row).iter().map(float).collect()).collect()
}

#[test]
fn ids_offsets_and_logits_are_those_of_transformers() {
    for family in FAMILIES {
        let model = load(family);
        let mut greatest = 0.0_f32;
        for row in list(&json(&tiny().join(family).join("expected.json"))) {
            let text = text(&row["text"]);
            let characters: Vec<char> = text.chars().collect();
            let prepared = model.prepare(text).expect(text);
            let ids: Vec<u32> = list(&row["input_ids"]).iter().map(|id| number(id) as u32).collect();
            assert_eq!(prepared.packed.ids, ids, "{family}: {text}");
            let offsets: Vec<(usize, usize)> = list(&row["offsets"])
                .iter()
                .map(|pair| trim(&characters, number(&pair[0]), number(&pair[1])))
                .collect();
            let found: Vec<(usize, usize)> =
                prepared.tokens.iter().map(|token| (token.start, token.end)).collect();
            assert_eq!(found, offsets[1..offsets.len() - 1], "{family}: {text}");
            let logits = model.forward(&prepared.packed).expect(text);
            greatest = greatest.max(difference(&rows(&logits), &expected_logits(row)));
        }
        println!("{family}: logits differ by at most {greatest:e}");
        assert!(greatest < 1e-4, "{family}: {greatest}");
    }
}

#[test]
fn a_batch_changes_nothing() {
    for family in FAMILIES {
        let model = load(family);
        let expected = json(&tiny().join(family).join("expected.json"));
        let prepared: Vec<Prepared> =
            list(&expected).iter().map(|row| model.prepare(text(&row["text"])).expect("tokens")).collect();
        let mut batch = Packed::default();
        let mut alone = Vec::new();
        for one in &prepared {
            batch.extend(&one.packed);
            alone.extend(rows(&model.forward(&one.packed).expect("logits")));
        }
        let together = rows(&model.forward(&batch).expect("logits"));
        let greatest = difference(&together, &alone);
        println!("{family}: a batch differs by at most {greatest:e}");
        assert!(greatest < 1e-5, "{family}: {greatest}");
    }
}

#[test]
fn entities_are_those_of_the_pipeline() {
    let aggregation = json(&tiny().join("aggregation.json"));
    for (family, texts) in aggregation["families"].as_object().expect("families") {
        let model = load(family);
        for row in list(texts) {
            let text = text(&row["text"]);
            let characters: Vec<char> = text.chars().collect();
            let expected: Vec<(usize, usize, String, f32)> = list(&row["entities"])
                .iter()
                .map(|entity| {
                    let (start, end) = trim(&characters, number(&entity["start"]), number(&entity["end"]));
                    let label = entity["entity_group"].as_str().expect("a label").to_owned();
                    (start, end, label, entity["score"].as_f64().expect("a score") as f32)
                })
                // White space alone is an entity to the pipeline and none to us.
                .filter(|(start, end, ..)| start < end)
                .collect();
            let found = model.recognize(text).expect(text);
            let plain = |span: &LabelledSpan| (span.start, span.end, span.label.clone());
            assert_eq!(
                found.iter().map(plain).collect::<Vec<_>>(),
                expected
                    .iter()
                    .map(|(start, end, label, _)| (*start, *end, label.clone()))
                    .collect::<Vec<_>>(),
                "{family}: {text}"
            );
            for (span, (.., score)) in found.iter().zip(&expected) {
                assert!((span.score - score).abs() < 1e-4, "{family}: {span:?} against {score}");
                assert_eq!(span.text, characters[span.start..span.end].iter().collect::<String>());
            }
        }
    }
}

#[test]
fn a_text_of_one_window_is_read_in_one() {
    for family in FAMILIES {
        let model = load(family);
        for row in list(&json(&tiny().join(family).join("expected.json"))) {
            assert_eq!(model.prepare(text(&row["text"])).expect("tokens").packed.lengths.len(), 1);
        }
        assert!(model.recognize("").expect("nothing to read").is_empty());
        assert!(model.recognize(" \n\t ").expect("nothing to read").is_empty());
    }
}

#[test]
fn a_long_text_loses_nothing() {
    let words = ["Torvalia", "Meccanica", "vende", "a", "Margaret", "Oxley", "di", "Köln,", "e", "Peña."];
    let long = words.iter().cycle().take(5000).copied().collect::<Vec<_>>().join(" ");
    let characters: Vec<char> = long.chars().collect();
    for family in ["bert", "deberta-v2", "deberta-v3"] {
        let model = load(family);
        let prepared = model.prepare(&long).expect("tokens");
        assert!(prepared.tokens.len() >= 5000);
        assert_eq!(prepared.tokens.last().map(|token| token.end), Some(characters.len()));
        assert!(prepared.packed.lengths.iter().all(|length| *length <= model.max_length()));
        let logits = rows(&model.forward(&prepared.packed).expect("logits"));
        assert_eq!(logits.len(), prepared.packed.tokens());
        // Each window among hundreds gives what it gives alone: seen at the last one, the first, and one between.
        let mut first = 0;
        for (n, &length) in prepared.packed.lengths.iter().enumerate() {
            if [0, 100, prepared.packed.lengths.len() - 1].contains(&n) {
                let mut alone = Packed::default();
                alone.push(&prepared.packed.ids[first..first + length], &vec![0; length]);
                let alone = rows(&model.forward(&alone).expect("logits"));
                assert!(difference(&alone, &logits[first..first + length]) < 1e-5, "{family}: window {n}");
            }
            first += length;
        }
        // The spans are in order, hold their text, and go on to the end: with these weights some lie in the last
        // window, which the next but last does not reach.
        let spans = model.recognize(&long).expect("spans");
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{family}");
        assert!(
            spans.iter().all(|s| s.text == characters[s.start..s.end].iter().collect::<String>()),
            "{family}"
        );
        let windows = &prepared.windows.spans;
        let reached = prepared.tokens[windows[windows.len() - 2].end - 1].end;
        assert!(spans.iter().any(|span| span.start >= reached), "{family}");
        assert_eq!(
            model.assemble(&prepared, &model.forward(&prepared.packed).expect("logits")).expect("spans"),
            spans
        );
    }
}

#[test]
fn logits_of_another_text_are_refused() {
    let model = load("bert");
    let (one, other) =
        (model.prepare("a").expect("tokens"), model.prepare("Torvalia Leeds").expect("tokens"));
    let logits = model.forward(&one.packed).expect("logits");
    assert!(model.assemble(&one, &logits).is_ok());
    assert!(model.assemble(&other, &logits).is_err());
}

#[test]
fn any_text_gives_spans_inside_it() {
    let models = ["bert", "roberta", "xlm-roberta", "deberta-v3"].map(load);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(128) });
    // Words that the tokenizers know among any characters, long enough for several windows.
    let piece =
        prop_oneof!["\\PC{0,12}", "[ \\t\\n\u{300}\u{200d}\u{feff}…ﬁ]{0,4}", Just("Torvalia".to_owned())];
    runner
        .run(&prop::collection::vec(piece, 0..40), |pieces| {
            let text = pieces.concat();
            let characters: Vec<char> = text.chars().collect();
            for model in &models {
                for span in model.recognize(&text).expect("spans") {
                    prop_assert!(span.start < span.end && span.end <= characters.len());
                    prop_assert_eq!(&span.text, &characters[span.start..span.end].iter().collect::<String>());
                    prop_assert_eq!(span.text.trim(), &span.text);
                    prop_assert!(span.score > 0.0 && span.score <= 1.0);
                }
            }
            Ok(())
        })
        .expect("all texts");
}

#[test]
fn our_bert_is_candles_bert() {
    let folder = tiny().join("bert");
    let weights = std::fs::read(folder.join("model.safetensors")).expect("weights");
    let config = std::fs::read(folder.join("config.json")).expect("a configuration");
    let ours = BertEncoder::load(
        &ModelConfig::from_bytes(&config, "config.json").expect("a configuration"),
        Weights::from_bytes(&weights, "model.safetensors", &Device::Cpu).expect("weights"),
    )
    .expect("an encoder");
    let tensors = candle_core::safetensors::load_buffer(&weights, &Device::Cpu).expect("weights");
    let variables = candle_nn::VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    let config: candle_transformers::models::bert::Config =
        serde_json::from_slice(&config).expect("a configuration");
    let theirs = candle_transformers::models::bert::BertModel::load(variables, &config).expect("an encoder");
    for row in list(&json(&folder.join("expected.json"))) {
        let ids: Vec<u32> = list(&row["input_ids"]).iter().map(|id| number(id) as u32).collect();
        let mut packed = Packed::default();
        packed.push(&ids, &vec![0; ids.len()]);
        let input = Tensor::new(ids.as_slice(), &Device::Cpu).and_then(|t| t.unsqueeze(0)).expect("ids");
        let types = input.zeros_like().expect("types");
        let states = theirs.forward(&input, &types, None).and_then(|t| t.squeeze(0)).expect("states");
        let greatest = difference(&rows(&ours.forward(&packed).expect("states")), &rows(&states));
        assert!(greatest < 1e-5, "{greatest}");
    }
}
