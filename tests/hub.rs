//! Models from folders, from the hub's cache, and from a hub on the loopback.

#[path = "support/hub_server.rs"]
mod hub_server;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;
use hub_server::{Content, HubServer};
use siglato::model::TokenClassifier;
use siglato::model::hub::{Hub, show};
use tempfile::TempDir;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

fn tiny(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join("tiny").join(family)
}

/// A hub with a cache of its own that nothing answers for.
fn hub(cache: &TempDir) -> Hub {
    Hub {
        cache: cache.path().to_owned(),
        endpoint: "http://127.0.0.1:9".to_owned(),
        token: None,
        offline: true,
    }
}

fn online(cache: &TempDir, server: &HubServer) -> Hub {
    Hub { endpoint: server.endpoint(), offline: false, ..hub(cache) }
}

fn temporary() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn content(files: BTreeMap<String, Vec<u8>>) -> Content {
    Content {
        id: "org/tiny".to_owned(),
        commit: COMMIT.to_owned(),
        files,
        refuse: None,
        cut: 0,
        breaks: false,
    }
}

fn bert() -> BTreeMap<String, Vec<u8>> {
    let read = |name: &str| (name.to_owned(), fs::read(tiny("bert").join(name)).expect(name));
    FILES.into_iter().map(read).chain([("README.md".to_owned(), b"# tiny".to_vec())]).collect()
}

/// A cache as Hugging Face's tools leave it, with the files themselves in place of links.
fn cached(cache: &Path, folder: &str, commit: &str, revision: Option<&str>, family: &str) -> PathBuf {
    let snapshot = cache.join(folder).join("snapshots").join(commit);
    fs::create_dir_all(&snapshot).expect("a folder");
    for file in FILES {
        fs::copy(tiny(family).join(file), snapshot.join(file)).expect(file);
    }
    if let Some(revision) = revision {
        let path = cache.join(folder).join("refs").join(revision);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, commit).expect("written");
    }
    snapshot
}

fn failure<T>(result: Result<T, siglato::model::ModelError>) -> String {
    result.err().expect("an error").to_string()
}

#[test]
fn folders_and_cached_models_resolve_without_network() {
    let cache = temporary();
    let hub = hub(&cache);
    let main = cached(cache.path(), "models--org--name", COMMIT, Some("main"), "bert");
    let pr = cached(cache.path(), "models--org--name", "feed", Some("refs/pr/1"), "roberta");
    let old = cached(cache.path(), "models--oldest", "beef", Some("main"), "distilbert");
    for (name, folder) in [
        ("org/name", &main),
        ("org/name@main", &main),
        (&format!("org/name@{COMMIT}"), &main),
        ("org/name@refs/pr/1", &pr),
        ("oldest", &old),
    ] {
        assert_eq!(hub.resolve(name).ok().as_ref(), Some(folder), "{name}");
    }
    let folder = tiny("bert");
    assert_eq!(hub.resolve(folder.to_str().expect("UTF-8")).ok(), Some(folder.clone()));
    assert!(failure(hub.resolve("org/other")).contains("not in the cache"));
    assert!(failure(hub.resolve("org/name@v2")).contains("pull it first"));
    assert!(
        failure(hub.resolve(folder.join("config.json").to_str().expect("UTF-8"))).contains("this is a file")
    );
    fs::remove_file(main.join("model.safetensors")).expect("removed");
    assert!(failure(hub.resolve("org/name")).contains("model.safetensors; pull it again"));
}

#[test]
fn odd_names_and_odd_caches_are_errors() {
    let cache = temporary();
    let hub = hub(&cache);
    fs::create_dir_all(cache.path().join("x")).expect("a folder");
    for name in ["", "../x", "a/b/c", "a/b@../../x", "\0", "a\\..\\b", "con/../x", "@", "a/b@"] {
        assert!(failure(hub.resolve(name)).contains("no name on the hub"), "{name:?}");
        assert!(failure(hub.pull(name, |_| {})).contains("no name on the hub"), "{name:?}");
    }
    // A reference that leads out of the cache leads nowhere.
    let refs = cache.path().join("models--a--b").join("refs");
    fs::create_dir_all(&refs).expect("a folder");
    fs::create_dir_all(cache.path().join("models--a--b").join("snapshots")).expect("a folder");
    for odd in ["../../x", "", "\u{1f600}", "\0"] {
        fs::write(refs.join("main"), odd).expect("written");
        assert!(failure(hub.resolve("a/b")).contains("not in the cache"), "{odd:?}");
    }
    fs::write(refs.join("main"), [0xff, 0xfe]).expect("written");
    assert!(hub.resolve("a/b").is_err());
    assert!(hub.list().expect("an empty list").is_empty());
    let nowhere = Hub { cache: cache.path().join("nowhere"), ..hub };
    assert!(nowhere.list().expect("an empty list").is_empty());
    assert!(nowhere.resolve("a/b").is_err());
}

#[test]
fn the_cache_is_listed_with_what_runs() {
    let cache = temporary();
    cached(cache.path(), "models--org--name", COMMIT, Some("main"), "bert");
    cached(cache.path(), "models--org--name", "feed", None, "deberta-v3");
    cached(cache.path(), "models--oldest", "beef", Some("refs/pr/1"), "distilbert");
    let other = cached(cache.path(), "models--org--other", "cafe", Some("main"), "bert");
    fs::write(other.join("config.json"), r#"{"model_type": "llama"}"#).expect("written");
    let broken = cached(cache.path(), "models--org--broken", "cafe", Some("main"), "bert");
    fs::write(broken.join("config.json"), "{").expect("written");
    fs::create_dir_all(cache.path().join("datasets--org--data").join("snapshots").join("a"))
        .expect("a folder");
    fs::write(cache.path().join("version.txt"), "1").expect("written");
    let list = hub(&cache).list().expect("a list");
    let found: Vec<(&str, &str, Option<&str>, bool)> = list
        .iter()
        .map(|m| (m.id.as_str(), m.revision.as_str(), m.model_type.as_deref(), m.supported))
        .collect();
    assert_eq!(
        found,
        [
            ("oldest", "refs/pr/1", Some("distilbert"), true),
            ("org/broken", "main", None, false),
            ("org/name", "feed", Some("deberta-v2"), true),
            ("org/name", "main", Some("bert"), true),
            ("org/other", "main", Some("llama"), false),
        ]
    );
    let size: u64 = FILES.iter().map(|file| fs::metadata(tiny("bert").join(file)).expect(file).len()).sum();
    assert_eq!(list[3].bytes, size);
}

#[test]
fn facts_come_from_the_headers() {
    let facts = show(&tiny("deberta-v3")).expect("facts");
    assert_eq!((facts.model_type.as_str(), facts.supported), ("deberta-v2", true));
    assert_eq!(facts.architecture.as_deref(), Some("DebertaV2ForTokenClassification"));
    assert_eq!((facts.hidden_size, facts.layers, facts.heads), (Some(32), Some(2), Some(4)));
    assert_eq!((facts.vocabulary, facts.positions, facts.labels.len()), (Some(224), Some(64), 7));
    assert_eq!(facts.dtypes.keys().collect::<Vec<_>>(), ["BF16"]);
    assert_eq!(facts.dtypes["BF16"], facts.tensors);
    assert!(facts.parameters * 2 < facts.bytes);
    let distil = show(&tiny("distilbert")).expect("facts");
    assert_eq!((distil.hidden_size, distil.layers, distil.heads), (Some(16), Some(2), Some(4)));
    let folder = temporary();
    assert!(failure(show(folder.path())).contains("config.json"));
    fs::copy(tiny("bert").join("config.json"), folder.path().join("config.json")).expect("copied");
    for bytes in [&b""[..], b"1234567", &[0xff; 40], b"\x02\0\0\0\0\0\0\0{]"] {
        fs::write(folder.path().join("model.safetensors"), bytes).expect("written");
        assert!(failure(show(folder.path())).contains("model.safetensors: not a safetensors file"));
    }
}

#[test]
fn a_model_is_pulled_and_then_found_offline() {
    let cache = temporary();
    let server = HubServer::start(content(bert()));
    let hub_online = Hub { token: Some("hf_secret".to_owned()), ..online(&cache, &server) };
    let mut last: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let folder = hub_online
        .pull("org/tiny", |progress| {
            last.insert(progress.file.to_owned(), (progress.done, progress.total));
        })
        .expect("a model");
    assert_eq!(
        last.keys().map(String::as_str).collect::<Vec<_>>(),
        ["config.json", "model.safetensors", "tokenizer.json"]
    );
    for (file, bytes) in bert().iter().filter(|(name, _)| *name != "README.md") {
        assert_eq!(&fs::read(folder.join(file)).expect(file), bytes, "{file}");
        assert_eq!(last[file], (bytes.len() as u64, bytes.len() as u64), "{file}");
    }
    assert!(!folder.join("README.md").exists());
    assert!(server.seen().contains(&"/api/models/org/tiny/revision/main Bearer hf_secret".to_owned()));
    // Once more: only the question for the commit.
    let before = server.seen().len();
    assert_eq!(hub_online.pull("org/tiny", |_| {}).ok(), Some(folder.clone()));
    assert_eq!(server.seen().len(), before + 1);
    drop(server);

    let offline = hub(&cache);
    assert_eq!(offline.resolve("org/tiny").ok(), Some(folder.clone()));
    assert_eq!(offline.resolve(&format!("org/tiny@{COMMIT}")).ok(), Some(folder.clone()));
    let listed = offline.list().expect("a list");
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].id.as_str(), listed[0].revision.as_str(), listed[0].supported),
        ("org/tiny", "main", true)
    );
    let model = TokenClassifier::load(&folder, &Device::Cpu).expect("a model");
    assert!(!model.recognize("Torvalia Meccanica di Köln").expect("spans").is_empty());
    assert!(failure(offline.pull("org/tiny", |_| {})).contains("HF_HUB_OFFLINE"));
    assert!(failure(hub_online.pull("org/tiny", |_| {})).contains("cannot be reached"));
}

#[test]
fn parts_are_pulled_by_their_index() {
    let cache = temporary();
    let mut files = bert();
    let weights = files.remove("model.safetensors").expect("weights");
    files.insert("part-1.safetensors".to_owned(), weights);
    files.insert("unused.safetensors".to_owned(), vec![1]);
    files.insert(
        "model.safetensors.index.json".to_owned(),
        br#"{"weight_map": {"classifier.weight": "part-1.safetensors"}}"#.to_vec(),
    );
    let server = HubServer::start(content(files));
    let folder = online(&cache, &server).pull(&format!("org/tiny@{COMMIT}"), |_| {}).expect("a model");
    assert!(TokenClassifier::load(&folder, &Device::Cpu).is_ok());
    assert!(!folder.join("unused.safetensors").exists());
    assert_eq!(hub(&cache).resolve(&format!("org/tiny@{COMMIT}")).ok(), Some(folder));
}

/// Pull from a server that leaves out the last 1,000 bytes of the weights, then from one that does not.
fn pull_in_two(breaks: bool) -> Vec<String> {
    let cache = temporary();
    let server = HubServer::start(Content { cut: 1000, breaks, ..content(bert()) });
    let error = failure(online(&cache, &server).pull("org/tiny", |_| {}));
    assert!(error.contains("model.safetensors"), "{error}");
    assert!(failure(hub(&cache).resolve("org/tiny")).contains("not in the cache"));
    drop(server);
    let server = HubServer::start(content(bert()));
    let folder = online(&cache, &server).pull("org/tiny", |_| {}).expect("a model");
    assert_eq!(fs::read(folder.join("model.safetensors")).ok().as_ref(), bert().get("model.safetensors"));
    assert!(
        !server.seen().iter().any(|path| path.ends_with("config.json")),
        "what was there is not fetched again"
    );
    server.seen()
}

#[test]
fn a_download_that_breaks_off_is_no_model_and_is_resumed() {
    let size = bert()["model.safetensors"].len();
    assert!(pull_in_two(true).contains(&format!("/cdn/model.safetensors+{}", size - 1000)));
}

#[test]
fn a_file_that_comes_short_is_no_model_and_is_fetched_again() {
    assert!(!pull_in_two(false).iter().any(|path| path.contains('+')));
}

#[test]
fn a_part_that_cannot_be_resumed_is_fetched_again() {
    for spare in [0, 10] {
        let cache = temporary();
        let server = HubServer::start(content(bert()));
        let blobs = cache.path().join("models--org--tiny").join("blobs");
        fs::create_dir_all(&blobs).expect("a folder");
        let size = bert()["model.safetensors"].len();
        fs::write(blobs.join("emodelsafetensors.part"), vec![0; size + spare]).expect("written");
        let folder = online(&cache, &server).pull("org/tiny", |_| {}).expect("a model");
        assert_eq!(fs::read(folder.join("model.safetensors")).ok().as_ref(), bert().get("model.safetensors"));
    }
}

#[test]
fn refusals_are_explained() {
    let cache = temporary();
    for (status, words) in [
        (401, "set HF_TOKEN"),
        (403, "accept its terms"),
        (404, "has no such model"),
        (429, "too many requests"),
        (500, "answered with status 500"),
        (200, "does not answer as the hub does"),
    ] {
        let server = HubServer::start(Content { refuse: Some(status), ..content(bert()) });
        let error = failure(online(&cache, &server).pull("org/tiny", |_| {}));
        assert!(error.starts_with("org/tiny: ") && error.contains(words), "{error}");
    }
    let server = HubServer::start(content(bert()));
    assert!(failure(online(&cache, &server).pull("org/else", |_| {})).contains("has no such model"));
    let mut files = bert();
    files.remove("tokenizer.json");
    let server = HubServer::start(content(files));
    assert!(
        failure(online(&cache, &server).pull("org/tiny", |_| {})).contains("the model has no tokenizer.json")
    );
    let mut files = bert();
    files.remove("model.safetensors");
    files.insert("pytorch_model.bin".to_owned(), vec![0]);
    let server = HubServer::start(content(files));
    assert!(failure(online(&cache, &server).pull("org/tiny", |_| {})).contains("PyTorch pickle"));
    let nobody = Hub { offline: false, ..hub(&cache) };
    assert!(failure(nobody.pull("org/tiny", |_| {})).contains("http://127.0.0.1:9 cannot be reached"));
    let nonsense = Hub { endpoint: "not a url".to_owned(), ..nobody };
    assert!(failure(nonsense.pull("org/tiny", |_| {})).starts_with("org/tiny: not a url"));
    assert!(hub(&cache).resolve("org/tiny").is_err());
}
