//! `siglato eval`: the figures of the contract on a gold file.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::ordered::for_each_ordered;
use super::{CliError, ModelArguments};
use crate::eval::{Documents, Scalar, read_documents, score, write_json, write_mismatches, write_table};
use crate::schema::Document;
use crate::text::read::parse_day;

/// Score deal events against a gold file
///
/// Extracts from the gold file's articles (their events are not looked at) and scores the result; with --output it scores
/// a file of events that is there already.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Gold documents: id, lang, published, title, text, events
    gold: PathBuf,
    /// Score these events instead of extracting
    #[arg(long, value_name = "OUTPUT")]
    output: Option<PathBuf>,
    /// How to print the figures
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also print the first N events that are not all right, as JSON lines
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    #[command(flatten)]
    model: ModelArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table by language, type and slot.
    Table,
    /// One JSON object.
    Json,
}

fn read(path: &Path) -> Result<Documents, CliError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(CliError::io(name.as_str()))?;
    Ok(read_documents(BufReader::new(file), &name)?)
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    let gold = read(&arguments.gold)?;
    let output = match &arguments.output {
        Some(path) => read(path)?,
        None => extracted(&gold, &arguments)?,
    };
    let (score, mismatches) = score(&gold, &output);
    let stdout = std::io::stdout().lock();
    let print = |mut out: std::io::StdoutLock<'_>| -> std::io::Result<()> {
        write_mismatches(&mut out, mismatches.iter().take(arguments.errors))?;
        match arguments.format {
            Format::Table => write_table(&mut out, &score)?,
            Format::Json => write_json(&mut out, &score)?,
        }
        out.flush()
    };
    print(stdout).map_err(CliError::io("standard output"))?;
    Ok(ExitCode::SUCCESS)
}

/// The events of the gold documents' texts, as a user's run of `extract` would give them.
fn extracted(gold: &Documents, arguments: &Arguments) -> Result<Documents, CliError> {
    let extractor = arguments.model.extractor()?;
    let mut output = Documents::default();
    for_each_ordered(
        gold.iter(),
        4,
        |document| {
            let read = Document {
                id: String::new(),
                title: document.title.clone().unwrap_or_default(),
                text: document.text.clone().unwrap_or_default(),
                published: document.published.as_deref().and_then(|day| parse_day(day).ok()),
                lang: match &document.lang {
                    Scalar::Text(code) => code.parse().ok(),
                    _ => None,
                },
            };
            (&document.id, extractor.extract(&read))
        },
        |(id, extraction)| -> Result<(), CliError> {
            let extraction = extraction.map_err(|error| CliError::document(id, error))?;
            let value = serde_json::to_value(&extraction).map_err(|error| CliError::document(id, error))?;
            let mut document =
                crate::eval::Document::from_json(value).map_err(|error| CliError::document(id, error))?;
            document.id = id.clone();
            output.insert(document);
            Ok(())
        },
    )?;
    Ok(output)
}
