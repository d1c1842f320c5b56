//! The figures of `siglato::eval` are those of the reference scorer, to the last digit.
//!
//! Each folder of `fixtures/eval` holds a gold file, an output, and what `score.py` says of them;
//! the folder's README tells how to write them again.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::Value;
use siglato::eval::{
    Documents, Mismatch, Score, read_documents, score, write_json, write_mismatches, write_table,
};

type Outcome = Result<(), Box<dyn Error>>;

/// Runs `check` on every case, with its folder.
fn for_each_case(check: impl Fn(&Path, &Score, &[Mismatch<'_>]) -> Outcome) -> Outcome {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/eval");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(fixtures)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    cases.retain(|path| path.is_dir());
    assert!(!cases.is_empty());
    for case in cases {
        let gold = documents(&case.join("gold.jsonl"))?;
        let output = documents(&case.join("output.jsonl"))?;
        let (score, mismatches) = score(&gold, &output);
        check(&case, &score, &mismatches)?;
    }
    Ok(())
}

fn documents(path: &Path) -> Result<Documents, Box<dyn Error>> {
    Ok(read_documents(File::open(path)?, &path.to_string_lossy())?)
}

#[test]
fn every_figure_is_the_same() -> Outcome {
    for_each_case(|case, score, _| {
        let expected: Value = serde_json::from_str(&fs::read_to_string(case.join("score.json"))?)?;
        assert_eq!(serde_json::to_value(score)?, expected, "{}", case.display());
        Ok(())
    })
}

#[test]
fn the_json_text_is_the_same() -> Outcome {
    for_each_case(|case, score, _| {
        let mut text = Vec::new();
        write_json(&mut text, score)?;
        let expected = fs::read_to_string(case.join("score.json"))?;
        assert_eq!(String::from_utf8(text)?, expected, "{}", case.display());
        Ok(())
    })
}

#[test]
fn the_table_text_is_the_same() -> Outcome {
    for_each_case(|case, score, _| {
        let mut text = Vec::new();
        write_table(&mut text, score)?;
        let expected = fs::read_to_string(case.join("table.txt"))?;
        assert_eq!(String::from_utf8(text)?, expected, "{}", case.display());
        Ok(())
    })
}

#[test]
fn the_mismatches_are_the_same_in_the_same_order() -> Outcome {
    let values = |text: &str| text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>();
    for_each_case(|case, _, mismatches| {
        let mut text = Vec::new();
        write_mismatches(&mut text, mismatches)?;
        let expected = fs::read_to_string(case.join("mismatches.jsonl"))?;
        assert_eq!(values(&String::from_utf8(text)?)?, values(&expected)?, "{}", case.display());
        Ok(())
    })
}
