//! `siglato model`: the built-in model and Hugging Face models on this machine.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use super::CliError;
use crate::model::embedded;
use crate::model::hub::{Hub, ModelFacts, Progress, show};

/// List, inspect and download models
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// The built-in model and the models in the Hugging Face cache
    List {
        /// Print JSON lines
        #[arg(long)]
        json: bool,
    },
    /// What a model is: architecture, labels, size
    Show {
        /// A folder, or the id of a cached model (org/name, org/name@revision)
        #[arg(value_name = "DIR-OR-ID")]
        model: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Download a model into the Hugging Face cache
    Pull {
        /// The model's id (org/name, org/name@revision)
        #[arg(value_name = "ID")]
        model: String,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    let mut out = std::io::stdout().lock();
    let printed = match arguments.action {
        Action::List { json } => list(&mut out, json)?,
        Action::Show { model, json } => facts(&mut out, &Hub::from_env().resolve(&model)?, json)?,
        Action::Pull { model } => {
            let folder = Hub::from_env().pull(&model, progress())?;
            writeln!(out, "{}", folder.display())
        }
    };
    printed.and_then(|()| out.flush()).map_err(CliError::io("standard output"))?;
    Ok(ExitCode::SUCCESS)
}

fn list(out: &mut impl Write, json: bool) -> Result<std::io::Result<()>, CliError> {
    let cached = Hub::from_env().list()?;
    Ok((|| {
        if json {
            for model in &cached {
                serde_json::to_writer(&mut *out, model)?;
                writeln!(out)?;
            }
            return Ok(());
        }
        writeln!(
            out,
            "{:<44} {:>9}  deal model, built in",
            embedded::NAME,
            megabytes(embedded::size() as u64)
        )?;
        for model in &cached {
            let kind = model.model_type.as_deref().unwrap_or("unknown");
            let note = if model.supported { "" } else { ", not supported" };
            let name = if model.revision == "main" {
                model.id.clone()
            } else {
                format!("{}@{}", model.id, model.revision)
            };
            writeln!(out, "{name:<44} {:>9}  {kind}{note}", megabytes(model.bytes))?;
        }
        Ok(())
    })())
}

fn facts(out: &mut impl Write, folder: &Path, json: bool) -> Result<std::io::Result<()>, CliError> {
    let facts = show(folder)?;
    Ok(if json {
        serde_json::to_writer_pretty(&mut *out, &facts).map_err(Into::into).and_then(|()| writeln!(out))
    } else {
        describe(out, folder, &facts)
    })
}

fn describe(out: &mut impl Write, folder: &Path, facts: &ModelFacts) -> std::io::Result<()> {
    let number = |n: Option<usize>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let mut line = |name: &str, value: String| writeln!(out, "{name:<14} {value}");
    line("folder", folder.display().to_string())?;
    line("type", facts.model_type.clone())?;
    line("architecture", facts.architecture.clone().unwrap_or_else(|| "?".to_owned()))?;
    line(
        "runs here",
        if facts.supported { "yes".to_owned() } else { "not as a token classifier".to_owned() },
    )?;
    line(
        "encoder",
        format!(
            "{} layers, hidden {}, {} heads, {} positions, vocabulary {}",
            number(facts.layers),
            number(facts.hidden_size),
            number(facts.heads),
            number(facts.positions),
            number(facts.vocabulary)
        ),
    )?;
    if !facts.labels.is_empty() {
        line("labels", facts.labels.join(" "))?;
    }
    let types: Vec<String> = facts.dtypes.iter().map(|(t, n)| format!("{n} {t}")).collect();
    line(
        "weights",
        format!("{} parameters in {} tensors ({})", facts.parameters, facts.tensors, types.join(", ")),
    )?;
    line("size", megabytes(facts.bytes))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Tells on standard error which file is being fetched and how far it is, in steps of a tenth.
fn progress() -> impl FnMut(Progress<'_>) {
    let mut last = (String::new(), u64::MAX);
    move |p| {
        let tenth = (p.done * 10).checked_div(p.total).unwrap_or(10);
        if last.0 != p.file || last.1 != tenth {
            last = (p.file.to_owned(), tenth);
            eprintln!("{}: {} of {}", p.file, megabytes(p.done), megabytes(p.total));
        }
    }
}
