//! The command line: `extract`, `serve`, `eval`, `model`.
//!
//! Results go to standard output, everything else to standard error. The exit status is 0 when all went well, 1 when
//! some documents could not be read (the others are answered), 2 when the command itself could not be done.

mod eval;
mod extract;
mod model;
mod ordered;
mod serve;
mod table;

use std::process::ExitCode;

use candle_core::Device;
use clap::{Parser, Subcommand};

use crate::extract::{Extractor, Options};
use crate::model::deal::DealModel;
use crate::model::hub::Hub;
use crate::model::{ModelError, embedded};

/// Typed deal events from the news, on your own machine.
#[derive(Parser)]
#[command(name = "siglato", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// More words on standard error (-v progress, -vv details); RUST_LOG sets it by module
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Subcommand)]
enum Command {
    Extract(extract::Arguments),
    Eval(eval::Arguments),
    Model(model::Arguments),
    Serve(serve::Arguments),
}

/// Which model, and how documents are read with it.
#[derive(clap::Args)]
struct ModelArguments {
    /// A deal model: a folder, or the id of a model in the Hugging Face cache; the built-in one when absent
    #[arg(long, value_name = "DIR-OR-ID")]
    model: Option<String>,
    /// Leave out events below this confidence, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability)]
    min_confidence: f32,
    /// The longest document that is read, in characters
    #[arg(long, value_name = "N", default_value_t = Options::default().max_characters)]
    max_chars: usize,
}

fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

/// A command could not be done.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error(transparent)]
    Eval(#[from] crate::eval::EvalError),
    #[error("document {id}: {why}")]
    Document { id: String, why: String },
    #[error(transparent)]
    Serve(#[from] crate::server::ServeError),
    #[error(transparent)]
    Models(#[from] crate::server::DuplicateModel),
    #[error("starting a thread: {0}")]
    Thread(std::io::Error),
}

impl CliError {
    fn io(path: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        |source| Self::Io { path, source }
    }

    fn document(id: &crate::eval::Scalar, why: impl std::fmt::Display) -> Self {
        let id = match id {
            crate::eval::Scalar::Text(id) => id.clone(),
            other => format!("{other:?}"),
        };
        Self::Document { id, why: why.to_string() }
    }

    /// The reader of our output has gone (`siglato … | head`): not an error to speak of.
    fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl ModelArguments {
    fn extractor(&self) -> Result<Extractor, CliError> {
        let model = match &self.model {
            Some(name) => DealModel::load(&Hub::from_env().resolve(name)?, &Device::Cpu)?,
            None => embedded::load(&Device::Cpu)?,
        };
        let options = Options {
            max_characters: self.max_chars,
            min_confidence: self.min_confidence,
            ..Options::default()
        };
        Extractor::new(model, options).map_err(CliError::Thread)
    }
}

/// Run the program on the process' arguments.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    log(arguments.verbose);
    let done = match arguments.command {
        Command::Extract(a) => extract::run(a),
        Command::Eval(a) => eval::run(a),
        Command::Model(a) => model::run(a),
        Command::Serve(a) => serve::run(a),
    };
    match done {
        Ok(code) => code,
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("siglato: {error}");
            ExitCode::from(2)
        }
    }
}

fn log(verbose: u8) {
    let level = ["warn", "siglato=info,warn", "siglato=debug,info"][usize::from(verbose.min(2))];
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
