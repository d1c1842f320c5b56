//! The program as its users run it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn siglato(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_siglato"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that has already refused its arguments does not read its input.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path.display().to_string()
}

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tiny/bert");
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

#[test]
fn the_samples_give_a_line_a_document_in_order() {
    let output = siglato(&["extract", SAMPLES], b"");
    assert!(output.status.success(), "{}", errors(&output));
    let ids: Vec<String> =
        lines(&output).iter().map(|l| l["id"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(ids[0], "accordo-cloud");
    let told = std::fs::read_to_string(format!("{SAMPLES}/rassegna.jsonl")).expect("the samples");
    let mut want = vec!["accordo-cloud".to_owned()];
    want.extend(told.lines().map(|l| {
        let line: Value = serde_json::from_str(l).expect("JSON");
        line["id"].as_str().unwrap_or_default().to_owned()
    }));
    assert_eq!(ids, want);
    assert!(lines(&output).iter().any(|l| l["events"].as_array().is_some_and(|e| !e.is_empty())));
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let dump = write(
        folder.path(),
        "dump.jsonl",
        b"{\"id\":\"a\",\"text\":\"Piove.\"}\n{broken\n{\"id\":\"b\"}\n{\"id\":\"c\",\"text\":\"Sole.\",\"lang\":\"xx\"}\n{\"id\":\"d\",\"text\":\"\"}\n",
    );
    let latin = write(folder.path(), "latin1.txt", b"Perch\xe9 no");
    let long = write(folder.path(), "long.txt", "parola ".repeat(1_500_000).as_bytes());
    let output = siglato(&["extract", &dump, &latin, &long, "/no/such/file.txt", "image.png"], b"");
    assert_eq!(output.status.code(), Some(1));
    let ids: Vec<Value> = lines(&output).iter().map(|l| l["id"].clone()).collect();
    assert_eq!(ids, ["a", "d"]);
    let said = errors(&output);
    for part in [
        "dump.jsonl:2: not a JSON document",
        "dump.jsonl:3: `text` is missing",
        "dump.jsonl:4: `lang` is not known",
        "latin1.txt:1: not valid UTF-8 at byte 5",
        "long: 10500000 characters are more than the limit of 500000",
        "/no/such/file.txt: ",
        "image.png: ",
        "7 of 9 documents could not be read",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
}

#[test]
fn standard_input_and_output_files_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("events.jsonl").display().to_string();
    let output =
        siglato(&["extract", "-", "-o", &out], b"{\"id\": 7, \"text\": \"Oggi piove su tutta la costa.\"}");
    assert!(output.status.success() && output.stdout.is_empty(), "{}", errors(&output));
    let line: Value = serde_json::from_str(&std::fs::read_to_string(&out).expect("written")).expect("JSON");
    assert_eq!((&line["id"], &line["lang"]), (&Value::from("7"), &Value::from("it")));
    let table = siglato(&["extract", "-", "--format", "table"], b"Oggi piove su tutta la costa.");
    assert_eq!(String::from_utf8_lossy(&table.stdout), "stdin [it]  no deal\n");
}

#[test]
fn a_command_that_cannot_be_done_exits_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().display().to_string();
    for (arguments, part) in [
        (vec!["extract", "-", "--model", "/no/such/model"], "/no/such/model: "),
        (vec!["extract", "-", "--model", &empty], "config.json: "),
        (vec!["extract", "-", "--model", TINY], "bert/config.json: no `siglato` section"),
        (vec!["extract", "-", "-o", "/no/such/folder/out"], "/no/such/folder/out: "),
        (vec!["eval", "/no/such/gold.jsonl"], "/no/such/gold.jsonl: "),
        (vec!["extract", "-", "--min-confidence", "2"], "not a number from 0 to 1"),
        (vec!["extract"], "Usage"),
    ] {
        let output = siglato(&arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", errors(&output));
        assert!(errors(&output).contains(part), "{arguments:?}: {}", errors(&output));
    }
    let none = siglato(&["extract", &empty], b"");
    assert_eq!(none.status.code(), Some(1));
    assert!(errors(&none).contains("no .txt or .jsonl file in this folder"));
}

#[test]
fn eval_scores_a_given_output_and_extracts_without_one() {
    let case = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/eval/every_slot");
    let (gold, made) = (format!("{case}/gold.jsonl"), format!("{case}/output.jsonl"));
    let output = siglato(&["eval", &gold, "--output", &made, "--format", "json"], b"");
    assert!(output.status.success(), "{}", errors(&output));
    let score: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(score["slot"]["f1"].as_f64().is_some());
    let extracted = siglato(&["eval", &gold], b"");
    assert!(String::from_utf8_lossy(&extracted.stdout).contains("slot (headline)"), "{}", errors(&extracted));
}
