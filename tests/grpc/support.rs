//! Servers and documents for the tests.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use candle_core::Device;
use siglato::extract::{Extractor, Options};
use siglato::model::embedded;
use siglato::server::pb;
use siglato::server::pb::deal_extractor_client::DealExtractorClient;
use siglato::server::{Limits, ModelInfo, Models, Recognizer, ServeError, listen, serve};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

pub const TITLE: &str = "Adriamare rileva Cantieri Valdoro";
pub const TEXT: &str = "Adriamare S.p.A. ha acquisito il 60% di Cantieri Valdoro da Fondo Brenta per circa 120 milioni di \
    euro. L'accordo è stato firmato il 3 novembre 2025 e il closing è atteso entro marzo 2026. 🚢 Nel 2023 la società \
    anconetana aveva siglato con Nordluce un contratto di fornitura di sette anni da oltre 40 milioni di dollari.";

pub const ENGLISH: &str = "Nordluce and Adriamare have signed a partnership agreement to develop batteries, the companies \
    said on Monday. The deal is worth 2 billion dollars.";

/// The built-in model, loaded once for all tests of this program.
pub fn extractor() -> Arc<Extractor> {
    static ONCE: OnceLock<Arc<Extractor>> = OnceLock::new();
    let load = || {
        let model = embedded::load(&Device::Cpu).expect("the built-in model");
        Arc::new(Extractor::new(model, Options::default()).expect("a thread"))
    };
    Arc::clone(ONCE.get_or_init(load))
}

fn models() -> Models {
    let info =
        |name: &str| ModelInfo { name: name.to_owned(), architecture: "bert".to_owned(), size_bytes: 1 };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny/bert");
    let tiny = Recognizer::load("bert", &folder, &Device::Cpu).expect("the tiny model");
    Models::new(info(embedded::NAME), extractor(), vec![tiny]).expect("different names")
}

/// A server on a free port of the loopback address.
pub struct Server {
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub ended: JoinHandle<Result<(), ServeError>>,
}

pub async fn start(limits: Limits) -> Server {
    let listener = listen("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    // Loading blocks, and must not keep the runtime's thread.
    let models = tokio::task::spawn_blocking(models).await.expect("models");
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(serve(listener, models, limits, async {
        if stopped.await.is_err() {
            // The test does not care how the server ends.
            std::future::pending::<()>().await;
        }
    }));
    Server { address, stop, ended }
}

impl Server {
    pub async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address))
            .expect("a URI")
            .connect_timeout(Duration::from_secs(10))
            .connect()
            .await
            .expect("a connection")
    }

    pub async fn client(&self) -> DealExtractorClient<Channel> {
        const LIMIT: usize = 64 << 20;
        DealExtractorClient::new(self.channel().await)
            .max_encoding_message_size(LIMIT)
            .max_decoding_message_size(LIMIT)
    }
}

pub async fn server() -> Server {
    start(Limits::default()).await
}

pub fn document(id: &str) -> pb::Document {
    pb::Document {
        id: id.to_owned(),
        title: TITLE.to_owned(),
        text: TEXT.to_owned(),
        published: Some(pb::Date { year: 2025, month: 11, day: 4 }),
        lang: "it".to_owned(),
    }
}

pub fn request(document: pb::Document) -> pb::ExtractRequest {
    pb::ExtractRequest { document: Some(document), ..Default::default() }
}

pub fn english(id: &str) -> pb::Document {
    pb::Document { title: String::new(), text: ENGLISH.to_owned(), lang: String::new(), ..document(id) }
}

/// An article of so many characters at least.
pub fn long(id: &str, characters: usize) -> pb::Document {
    let unit = format!("{TEXT}\n\n{ENGLISH}\n\n");
    let copies = characters / unit.chars().count() + 1;
    pb::Document { id: id.to_owned(), text: unit.repeat(copies), ..Default::default() }
}

/// Every mention and every piece of evidence of an event.
pub fn spans(event: &pb::DealEvent) -> Vec<&pb::Span> {
    let parties = event.participants.iter().flat_map(|p| &p.mentions);
    let money = [&event.value, &event.valuation].into_iter().flatten().flat_map(|t| &t.evidence);
    let stake = event.stake.iter().flat_map(|t| &t.evidence);
    let duration = event.duration.iter().flat_map(|t| &t.evidence);
    let dates = event.dates.iter().flat_map(|t| &t.evidence);
    parties.chain(money).chain(stake).chain(duration).chain(dates).chain(&event.evidence).collect()
}
