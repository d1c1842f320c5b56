//! Broken models give errors that name the file, and never a panic.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;
use serde_json::{Value, json};
use siglato::model::{LabelledSpan, TokenClassifier};
use tempfile::TempDir;

/// A copy of a tiny model that may be broken.
fn copy(family: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join("tiny").join(family);
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(from.join(file), folder.path().join(file)).expect(file);
    }
    folder
}

fn load(folder: &TempDir) -> Result<TokenClassifier, String> {
    TokenClassifier::load(folder.path(), &Device::Cpu).map_err(|error| error.to_string())
}

/// Change a configuration's field; `null` takes it away.
fn set(folder: &TempDir, key: &str, value: Value) {
    let path = folder.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    config[key] = value;
    fs::write(&path, config.to_string()).expect("a file");
}

/// The error of a model that was broken so; it must name the file by its path.
fn error(family: &str, file: &str, spoil: impl Fn(&TempDir, PathBuf)) -> String {
    let folder = copy(family);
    spoil(&folder, folder.path().join(file));
    let error = load(&folder).err().expect("a broken model");
    let path = folder.path().join(file).display().to_string();
    assert!(error.contains(&path), "{error} does not name {path}");
    error.replace(&path, file)
}

#[test]
fn missing_files_are_named() {
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        error("bert", file, |_, path| fs::remove_file(path).expect("removed"));
    }
    let nowhere = TokenClassifier::load(Path::new("no/such/folder"), &Device::Cpu).err().expect("no folder");
    assert!(nowhere.to_string().contains("config.json"));
    let pickled = error("bert", "pytorch_model.bin", |folder, path| {
        fs::rename(folder.path().join("model.safetensors"), path).expect("renamed");
    });
    assert!(pickled.contains("PyTorch pickle") && pickled.contains("safetensors"), "{pickled}");
}

#[test]
fn broken_json_is_named() {
    for file in ["config.json", "tokenizer.json"] {
        for text in ["", "{", "[]", "\u{0}\u{1}", "{\"model\": 3}", "null"] {
            error("bert", file, |_, path| fs::write(path, text).expect("written"));
        }
    }
}

#[test]
fn broken_weights_are_named() {
    error("bert", "model.safetensors", |_, path| fs::write(path, b"").expect("written"));
    error("bert", "model.safetensors", |_, path| {
        fs::write(path, b"not safetensors at all").expect("written")
    });
    error("bert", "model.safetensors", |_, path| {
        let bytes = fs::read(&path).expect("weights");
        fs::write(path, &bytes[..bytes.len() - 100]).expect("written");
    });
    error("bert", "model.safetensors", |_, path| fs::write(path, [0xff; 64]).expect("written"));
}

#[test]
fn unknown_architectures_are_named_with_the_known_ones() {
    let unknown = error("bert", "config.json", |folder, _| set(folder, "model_type", json!("gpt2")));
    assert!(unknown.contains("\"gpt2\"") && unknown.contains("deberta-v2"), "{unknown}");
    for (family, key, value) in [
        ("bert", "model_type", Value::Null),
        ("bert", "position_embedding_type", json!("relative_key")),
        ("bert", "hidden_act", json!("swiglu")),
        ("bert", "num_attention_heads", json!(5)),
        ("bert", "max_position_embeddings", json!(2)),
        ("deberta-v3", "pos_att_type", json!("p2p")),
        ("deberta-v3", "position_buckets", json!(1)),
        ("deberta-v2", "attention_head_size", json!(16)),
        ("deberta-v2", "conv_kernel_size", json!(2)),
        ("deberta-v2", "conv_groups", json!(5)),
    ] {
        error(family, "config.json", |folder, _| set(folder, key, value.clone()));
    }
}

#[test]
fn missing_and_misshapen_tensors_are_named() {
    let shape = |family, key, value: Value| {
        error(family, "model.safetensors", |folder, _| set(folder, key, value.clone()))
    };
    let labels = shape("bert", "id2label", json!({"0": "O", "1": "X"}));
    assert!(labels.contains("\"classifier.weight\" has shape [7, 32], expected [2, 32]"), "{labels}");
    assert!(shape("bert", "intermediate_size", json!(63)).contains("expected [63, 32]"));
    assert!(
        shape("deberta-v3", "position_buckets", json!(8))
            .contains("rel_embeddings.weight\" has shape [32, 32]")
    );
    assert!(shape("deberta-v2", "conv_kernel_size", json!(5)).contains("conv.weight"));
    assert!(shape("bert", "num_hidden_layers", json!(3)).contains("no tensor \"bert.encoder.layer.2."));
    assert!(
        shape("deberta-v3", "share_att_key", json!(false))
            .contains("no tensor \"deberta.encoder.layer.0.attention.self.pos_key_proj")
    );
    assert!(
        shape("deberta-v3", "position_biased_input", json!(true))
            .contains("no tensor \"deberta.embeddings.position_embeddings")
    );
    assert!(shape("deberta-v3", "embedding_size", json!(16)).contains("embed_proj"));
}

#[test]
fn a_tokenizer_of_another_model_is_an_error_when_it_shows() {
    let folder = copy("bert");
    fs::copy(copy("roberta").path().join("tokenizer.json"), folder.path().join("tokenizer.json"))
        .expect("copied");
    let model = load(&folder).expect("each file is sound");
    let error = model.recognize("Torvalia Meccanica, Köln, Größe, Peña €").expect_err("ids beyond the table");
    assert!(error.to_string().contains("do not match"), "{error}");
}

#[test]
fn odd_numbers_in_a_configuration_never_panic() {
    let odd = [
        json!(0),
        json!(-1),
        json!(1),
        json!(3),
        json!(u64::MAX),
        json!(i64::MAX),
        json!(1e308),
        json!("x"),
        json!([1]),
        Value::Null,
    ];
    for family in ["bert", "distilbert", "roberta", "deberta-v2", "deberta-v3"] {
        let folder = copy(family);
        let path = folder.path().join("config.json");
        let whole = fs::read(&path).expect("a configuration");
        let fields: serde_json::Map<String, Value> = serde_json::from_slice(&whole).expect("an object");
        for key in fields.keys() {
            for value in &odd {
                set(&folder, key, value.clone());
                if let Ok(model) = load(&folder) {
                    model.recognize("Torvalia Meccanica di Köln.").ok();
                }
                fs::write(&path, &whole).expect("restored");
            }
        }
    }
}

/// The weights of a model in two files and an index.
fn shard(folder: &TempDir) {
    let whole = folder.path().join("model.safetensors");
    let bytes = fs::read(&whole).expect("weights");
    let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("weights");
    let mut parts = [HashMap::new(), HashMap::new()];
    let mut map = serde_json::Map::new();
    for (n, (name, tensor)) in tensors.tensors().into_iter().enumerate() {
        map.insert(name.clone(), json!(format!("model-0000{}-of-00002.safetensors", n % 2 + 1)));
        parts[n % 2].insert(name, tensor);
    }
    for (n, part) in parts.into_iter().enumerate() {
        let path = folder.path().join(format!("model-0000{}-of-00002.safetensors", n + 1));
        fs::write(path, safetensors::serialize(part, None).expect("a file")).expect("written");
    }
    let index = json!({"metadata": {}, "weight_map": map}).to_string();
    fs::write(folder.path().join("model.safetensors.index.json"), index).expect("written");
    fs::remove_file(whole).expect("removed");
}

#[test]
fn weights_may_be_in_parts() {
    let text = "Torvalia Meccanica di Köln vende a Margaret Oxley.";
    let spans = |folder: &TempDir| -> Vec<LabelledSpan> {
        load(folder)
            .and_then(|model| model.recognize(text).map_err(|error| error.to_string()))
            .expect("spans")
    };
    let folder = copy("deberta-v2");
    let whole = spans(&folder);
    assert!(!whole.is_empty());
    shard(&folder);
    assert_eq!(spans(&folder), whole);
}

#[test]
fn broken_parts_are_named() {
    let part = "model-00002-of-00002.safetensors";
    let index = "model.safetensors.index.json";
    error("bert", part, |folder, path| {
        shard(folder);
        fs::remove_file(path).expect("removed");
    });
    error("bert", part, |folder, path| {
        shard(folder);
        fs::write(path, b"broken").expect("written");
    });
    for text in ["", "{}", "{\"weight_map\": {\"a\": \"../../secret.safetensors\"}}"] {
        error("bert", index, |folder, path| {
            shard(folder);
            fs::write(path, text).expect("written");
        });
    }
    let missing = error("bert", index, |folder, _| {
        shard(folder);
        set(folder, "num_hidden_layers", json!(3));
    });
    assert!(missing.contains("no tensor"), "{missing}");
}
