//! Models, names, health, reflection, and how a server starts and ends.

use std::time::{Duration, Instant};

use siglato::server::{Limits, ServeError, listen, pb};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::support::{document, long, request, server, start};

const SERVICE: &str = "siglato.v1.DealExtractor";

#[tokio::test]
async fn models_are_listed() {
    let mut client = server().await.client().await;
    let models = client.list_models(pb::ListModelsRequest {}).await.expect("models").into_inner().models;
    let [deal, tiny] = models.as_slice() else { panic!("{models:?}") };
    assert_eq!((deal.name.as_str(), deal.kind()), ("siglato-small", pb::ModelKind::Deal));
    assert!(deal.labels.iter().any(|l| l == "ACQUISITION") && deal.languages.iter().any(|l| l == "it"));
    assert_eq!((tiny.name.as_str(), tiny.kind()), ("bert", pb::ModelKind::TokenClassification));
    assert_eq!(
        (tiny.architecture.as_str(), tiny.labels.as_slice()),
        ("bert", &["PER", "ORG", "LOC"].map(String::from)[..])
    );
    assert!(tiny.size_bytes > 50_000 && tiny.max_characters == 500_000);
}

#[tokio::test]
async fn names_are_recognised() {
    let text = "Perché Niccolò è andato all'Adriatica di Forlì?";
    let mut client = server().await.client().await;
    let ask = |model: &str, min_confidence| pb::RecognizeRequest {
        text: text.to_owned(),
        model: model.to_owned(),
        min_confidence,
    };
    let response = client.recognize(ask("", None)).await.expect("names").into_inner();
    assert_eq!(response.model, "bert");
    assert!(!response.entities.is_empty());
    let characters: Vec<char> = text.chars().collect();
    for entity in &response.entities {
        let slice: String = characters[entity.start as usize..entity.end as usize].iter().collect();
        assert_eq!(slice, entity.text);
        assert!(["PER", "ORG", "LOC"].contains(&entity.label.as_str()));
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny/bert");
    let direct =
        siglato::model::TokenClassifier::load(&folder, &candle_core::Device::Cpu).expect("the tiny model");
    let expected: Vec<_> =
        direct.recognize(text).expect("names").into_iter().map(|s| (s.text, s.label)).collect();
    let got: Vec<_> = response.entities.into_iter().map(|e| (e.text, e.label)).collect();
    assert_eq!(got, expected);
    let none = client.recognize(ask("bert", Some(1.0))).await.expect("names").into_inner();
    assert!(none.entities.is_empty());
    let empty = client.recognize(pb::RecognizeRequest::default()).await.expect("an answer").into_inner();
    assert!(empty.entities.is_empty());
    let status = client.recognize(ask("bert", Some(2.0))).await.expect_err("no probability");
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn health_is_told_by_service() {
    let mut client = HealthClient::new(server().await.channel().await);
    for service in ["", SERVICE] {
        let ask = HealthCheckRequest { service: service.to_owned() };
        let status = client.check(ask).await.expect("a status").into_inner().status();
        assert_eq!(status, ServingStatus::Serving);
    }
    let other = HealthCheckRequest { service: "siglato.v2".to_owned() };
    assert_eq!(client.check(other).await.expect_err("no such service").code(), Code::NotFound);
}

#[tokio::test]
async fn reflection_shows_the_services_and_their_messages() {
    let mut client = ServerReflectionClient::new(server().await.channel().await);
    let ask = |message| ServerReflectionRequest { host: String::new(), message_request: Some(message) };
    let requests = [
        ask(MessageRequest::ListServices(String::new())),
        ask(MessageRequest::FileContainingSymbol("siglato.v1.DealEvent".to_owned())),
    ];
    let answers =
        client.server_reflection_info(tokio_stream::iter(requests)).await.expect("a stream").into_inner();
    let answers: Vec<_> = answers.collect::<Result<_, _>>().await.expect("answers");
    let Some(MessageResponse::ListServicesResponse(list)) = &answers[0].message_response else {
        panic!("{answers:?}")
    };
    let names: Vec<&str> = list.service.iter().map(|s| s.name.as_str()).collect();
    assert!(names.contains(&SERVICE) && names.contains(&"grpc.health.v1.Health"), "{names:?}");
    assert!(matches!(answers[1].message_response, Some(MessageResponse::FileDescriptorResponse(_))));
}

#[tokio::test]
async fn a_taken_address_is_told() {
    let first = listen("127.0.0.1:0").await.expect("a free port");
    let address = first.local_addr().expect("an address").to_string();
    let error = listen(&address).await.expect_err("taken");
    assert!(matches!(error, ServeError::Taken { .. }) && error.to_string().contains(&address), "{error}");
    assert!(matches!(listen("nowhere.invalid:1").await, Err(ServeError::Listen { .. })));
}

#[tokio::test]
async fn a_server_that_ends_finishes_what_it_has_begun() {
    let server = start(Limits { grace: Duration::from_secs(300), ..Limits::default() }).await;
    let mut client = server.client().await;
    let call = tokio::spawn({
        let mut client = client.clone();
        async move { client.extract(request(long("begun", 8_000))).await }
    });
    // A stream without end, with one document in it.
    let (give, requests) = tokio::sync::mpsc::channel(1);
    let ask = pb::ExtractStreamRequest { document: Some(document("d")), ..Default::default() };
    give.send(ask).await.expect("room");
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut answers = client.extract_stream(requests).await.expect("a stream").into_inner();
    assert_eq!(answers.message().await.expect("no error").expect("an answer").id, "d");
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).expect("a running server");
    let response = call.await.expect("no panic").expect("the answer to what was begun");
    assert_eq!(response.into_inner().id, "begun");
    assert_eq!(answers.message().await.expect_err("the server ends").code(), Code::Unavailable);
    drop((client, answers, give));
    server.ended.await.expect("no panic").expect("a good end");
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err(), "the port is free again");
}

#[tokio::test]
async fn the_end_is_not_put_off_for_ever() {
    let server = start(Limits { grace: Duration::from_millis(300), ..Limits::default() }).await;
    let mut client = server.client().await;
    let call = tokio::spawn(async move { client.extract(request(long("endless", 300_000))).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = Instant::now();
    server.stop.send(()).expect("a running server");
    server.ended.await.expect("no panic").expect("an end");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    call.abort();
}

#[tokio::test]
async fn too_many_waiting_calls_are_turned_away() {
    let server = start(Limits { max_in_flight: 1, max_waiting: 0, ..Limits::default() }).await;
    let mut client = server.client().await;
    let slow = tokio::spawn({
        let mut client = client.clone();
        async move { client.extract(request(long("slow", 200_000))).await }
    });
    // The slow one first: two that come at once would leave it to chance which is turned away.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let deadline = Instant::now() + Duration::from_secs(30);
    let status = loop {
        match client.extract(request(document("b"))).await {
            Err(status) => break status,
            Ok(_) => assert!(Instant::now() < deadline, "never turned away"),
        }
    };
    assert_eq!(status.code(), Code::ResourceExhausted);
    slow.abort();
}
