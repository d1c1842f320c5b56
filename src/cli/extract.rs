//! `siglato extract`: articles in, deal events out.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::ValueEnum;
use jiff::civil::Date;

use super::ordered::for_each_ordered;
use super::{CliError, ModelArguments, table};
use crate::schema::{Document, Extraction, Lang};
use crate::text::Source;
use crate::text::read::{documents, parse_day};

/// Extract deal events from articles
///
/// Reads .txt files (one article each; the id is the file's stem), .jsonl files (a JSON object a line: id, title, text,
/// published, lang), folders of them, and `-`, standard input. Writes a JSON line a document, in the order of the input.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// How to write the events
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Publication day of documents that give none (from which "yesterday" is resolved)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    published: Option<Date>,
    /// Language of documents that give none; detected otherwise
    #[arg(long, value_name = "CODE", value_parser = |s: &str| s.parse::<Lang>().map_err(|e| e.to_string()))]
    lang: Option<Lang>,
    /// Documents worked on at once
    #[arg(long, value_name = "N", default_value_t = 4)]
    jobs: usize,
    #[command(flatten)]
    model: ModelArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A JSON line a document.
    Jsonl,
    /// A table for people.
    Table,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    let extractor = arguments.model.extractor()?;
    let name =
        arguments.output.as_ref().map_or_else(|| "standard output".to_owned(), |p| p.display().to_string());
    let mut out: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(CliError::io(name.as_str()))?)),
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let sources = arguments.inputs.iter().map(|i| Source::from_argument(i)).collect();
    let begun = Instant::now();
    let (mut read, mut failed, mut events) = (0usize, 0usize, 0usize);
    let work = |document: Result<Document, String>| -> Result<Extraction, String> {
        let mut document = document?;
        document.published = document.published.or(arguments.published);
        document.lang = document.lang.or(arguments.lang);
        extractor.extract(&document).map_err(|error| format!("{}: {error}", document.id))
    };
    let items = documents(sources).map(|d| d.map_err(|error| error.to_string()));
    let written = for_each_ordered(items, arguments.jobs, work, |result| {
        match result {
            Ok(extraction) => {
                read += 1;
                events += extraction.events.len();
                match arguments.format {
                    Format::Jsonl => {
                        serde_json::to_writer(&mut out, &extraction).map_err(std::io::Error::from)?;
                        out.write_all(b"\n")?;
                    }
                    Format::Table => table::write(&mut out, &extraction)?,
                }
                // A person at a terminal, or a program behind a pipe, sees each document when it is done.
                out.flush()
            }
            Err(why) => {
                failed += 1;
                eprintln!("siglato: {why}");
                Ok(())
            }
        }
    });
    written.map_err(CliError::io(name))?;
    tracing::info!(
        "{read} documents, {events} events, {failed} failed, {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    if failed > 0 {
        eprintln!("siglato: {failed} of {} documents could not be read", read + failed);
    }
    Ok(if failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
