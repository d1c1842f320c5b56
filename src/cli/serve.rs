//! `siglato serve`: the gRPC service.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use candle_core::Device;

use super::{CliError, ModelArguments};
use crate::model::embedded;
use crate::model::files::{CONFIG, TOKENIZER, WEIGHTS};
use crate::model::hub::Hub;
use crate::server::{Limits, ModelInfo, Models, Recognizer, listen, serve};

/// Serve deal events over gRPC
///
/// Gives siglato.v1.DealExtractor with health checks and reflection. Prints the address on standard error when it is
/// ready to serve. Ctrl-C or SIGTERM ends it: calls in work are finished, a second signal cuts them off. There is no
/// authentication and no TLS: listen on the loopback address, or behind something that has them.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Address to listen on; port 0 takes a free port
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50051")]
    listen: String,
    /// A token-classification model for Recognize, a folder or a pulled model's name on the hub; may be repeated
    #[arg(long, value_name = "DIR-OR-ID")]
    ner: Vec<String>,
    /// Documents in work at once
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_in_flight, value_parser = positive)]
    max_in_flight: usize,
    /// Documents of one stream that are in work or done and not yet fetched
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_in_flight_per_stream, value_parser = positive)]
    max_in_flight_per_stream: usize,
    /// The largest message, in MiB
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().max_message_bytes >> 20, value_parser = mebibytes)]
    max_message: usize,
    /// Seconds that calls in work get to finish at the end
    #[arg(long, value_name = "S", default_value_t = Limits::default().grace.as_secs())]
    grace: u64,
    #[command(flatten)]
    model: ModelArguments,
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "not a whole number above 0".to_owned())
}

/// HTTP/2 and protobuf count to 2³¹ bytes.
fn mebibytes(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|n| (1..=2047).contains(n))
        .ok_or_else(|| "not a whole number from 1 to 2047".to_owned())
}

impl Arguments {
    fn limits(&self) -> Limits {
        Limits {
            max_in_flight: self.max_in_flight,
            max_in_flight_per_stream: self.max_in_flight_per_stream,
            max_message_bytes: self.max_message << 20,
            grace: Duration::from_secs(self.grace),
            ..Limits::default()
        }
    }

    fn models(&self) -> Result<Models, CliError> {
        let extractor = Arc::new(self.model.extractor()?);
        let recognizers = self.ner.iter().map(|name| recognizer(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Models::new(deal_info(self.model.model.as_deref())?, extractor, recognizers)?)
    }
}

/// What is told about the deal model.
fn deal_info(model: Option<&str>) -> Result<ModelInfo, CliError> {
    let (name, size_bytes) = match model {
        None => (embedded::NAME.to_owned(), embedded::size() as u64),
        Some(model) => {
            let folder = Hub::from_env().resolve(model)?;
            let size = |file| folder.join(file).metadata().map_or(0, |file| file.len());
            (model_name(model), [CONFIG, TOKENIZER, WEIGHTS].map(size).iter().sum())
        }
    };
    // The one encoder that deal models have.
    Ok(ModelInfo { name, architecture: "bert".to_owned(), size_bytes })
}

fn recognizer(name: &str) -> Result<Recognizer, CliError> {
    let folder = Hub::from_env().resolve(name)?;
    Ok(Recognizer::load(&model_name(name), &folder, &Device::Cpu)?)
}

/// What requests call a model: its name on the hub, or the last part of its folder's path.
fn model_name(model: &str) -> String {
    let folder = Path::new(model);
    if folder.is_dir() { folder_name(folder) } else { model.to_owned() }
}

/// The last part of a folder's path, `bert` for `models/bert/` and for `.` inside of it.
fn folder_name(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    whole
        .components()
        .next_back()
        .map_or_else(String::new, |part| part.as_os_str().to_string_lossy().into_owned())
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Thread)?;
    let served = runtime.block_on(async {
        // Before the models are loaded: a taken address is told at once.
        let listener = listen(&arguments.listen).await?;
        let address = listener.local_addr().map_err(CliError::io(arguments.listen.as_str()))?;
        let mut signals = Signals::new().map_err(CliError::io("signals"))?;
        let models = arguments.models()?;
        if !address.ip().is_loopback() {
            tracing::warn!(
                "{address} can be reached from other machines, and the service asks nobody who they are"
            );
        }
        eprintln!("siglato: listening on {address}");
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = serve(listener, models, arguments.limits(), async {
            // Closed only when the select below is done.
            let _ = stopped.await;
        });
        let twice = async {
            signals.next().await;
            let _ = stop.send(());
            signals.next().await;
        };
        tokio::select! {
            served = serving => served.map_err(CliError::from),
            () = twice => Ok(()),
        }
    });
    // Calls that were cut off must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served.map(|()| ExitCode::SUCCESS)
}

/// The signals that ask the program to end.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg_attr(not(unix), allow(clippy::unnecessary_wraps))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    /// Wait for the next one. Without a way to hear of Ctrl-C it still ends by the other.
    async fn next(&mut self) {
        let interrupt = async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        tokio::select! {
            () = interrupt => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        interrupt.await;
    }
}
