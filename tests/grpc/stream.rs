//! Many documents over one stream.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use siglato::server::pb::extract_stream_response::Result as Answer;
use siglato::server::{Limits, pb};
use tokio_stream::StreamExt;

use crate::support::{document, extractor, long, server, start};

fn ask(document: pb::Document) -> pb::ExtractStreamRequest {
    pb::ExtractStreamRequest { document: Some(document), ..Default::default() }
}

/// Documents of which every fifth is wrong in its own way.
fn mixed(n: usize) -> pb::ExtractStreamRequest {
    let mut request = ask(pb::Document { title: String::new(), ..document(&format!("d{n}")) });
    let article = request.document.as_mut().expect("a document");
    match n % 25 {
        0 => article.lang = "tlh".to_owned(),
        5 => article.published = Some(pb::Date { year: 2025, month: 2, day: 30 }),
        10 => article.text = "a".repeat(600_000),
        15 => request.min_confidence = Some(7.0),
        20 => request.model = "none-such".to_owned(),
        _ => {}
    }
    request
}

#[tokio::test]
async fn every_document_is_answered_once() {
    const COUNT: usize = 60;
    let mut client = server().await.client().await;
    let answers = client.extract_stream(tokio_stream::iter((0..COUNT).map(mixed))).await.expect("a stream");
    let answers: Vec<_> =
        answers.into_inner().collect::<Result<_, _>>().await.expect("a stream that goes on");
    assert_eq!(answers.len(), COUNT);
    let by_index: BTreeMap<u64, &pb::ExtractStreamResponse> = answers.iter().map(|a| (a.index, a)).collect();
    assert_eq!(by_index.len(), COUNT);
    for (index, answer) in by_index {
        assert_eq!(answer.id, format!("d{index}"));
        let expected = match index % 25 {
            0 => Some((3, "document.lang")),
            5 => Some((3, "document.published")),
            10 => Some((3, "document.text")),
            15 => Some((3, "min_confidence")),
            20 => Some((5, "")),
            _ => None,
        };
        match (answer.result.as_ref().expect("a result"), expected) {
            (Answer::Extraction(extraction), None) => assert_eq!(extraction.lang, "it"),
            (Answer::Error(error), Some((code, field))) => {
                let got = error.field_violations.first().map_or("", |v| v.field.as_str());
                assert_eq!((error.code, got), (code, field));
                assert!(!error.message.is_empty());
            }
            (answer, expected) => panic!("document {index}: {answer:?} instead of {expected:?}"),
        }
    }
}

#[tokio::test]
async fn a_document_without_id_is_told_by_its_index() {
    let mut client = server().await.client().await;
    let requests = [ask(document("a")), ask(document("")), pb::ExtractStreamRequest::default()];
    let answers = client.extract_stream(tokio_stream::iter(requests)).await.expect("a stream");
    let mut answers: Vec<_> = answers.into_inner().collect::<Result<_, _>>().await.expect("answers");
    answers.sort_by_key(|a| a.index);
    let fields: Vec<_> = answers
        .iter()
        .map(|a| match &a.result {
            Some(Answer::Error(error)) => error.field_violations.first().map_or("", |v| v.field.as_str()),
            _ => "",
        })
        .collect();
    assert_eq!(fields, ["", "document.id", "document"]);
}

#[tokio::test]
async fn equal_documents_get_equal_answers_alone_and_in_a_crowd() {
    let mut client = server().await.client().await;
    let alone = client.extract(crate::support::request(document("x"))).await.expect("an answer").into_inner();
    let alone = crate::json::events(&alone.extraction.expect("an extraction"));
    let requests = (0..20).map(|_| ask(document("x")));
    let answers = client.extract_stream(tokio_stream::iter(requests)).await.expect("a stream").into_inner();
    let answers: Vec<_> = answers.collect::<Result<_, _>>().await.expect("answers");
    assert_eq!(answers.len(), 20);
    for answer in answers {
        let Some(Answer::Extraction(extraction)) = answer.result else { panic!("{answer:?}") };
        assert_eq!(crate::json::events(&extraction), alone);
    }
}

#[tokio::test]
async fn a_slow_reader_gets_every_answer() {
    let server = start(Limits { max_in_flight_per_stream: 4, ..Limits::default() }).await;
    let mut client = server.client().await;
    let requests = (0..100)
        .map(|n| ask(pb::Document { id: n.to_string(), text: " ".repeat(50_000), ..Default::default() }));
    let answers = client.extract_stream(tokio_stream::iter(requests)).await.expect("a stream").into_inner();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let answers: Vec<_> = answers.collect::<Result<_, _>>().await.expect("answers");
    assert_eq!(answers.len(), 100);
}

#[tokio::test]
async fn a_full_server_reads_no_further() {
    let server = start(Limits { max_in_flight: 2, max_in_flight_per_stream: 16, ..Limits::default() }).await;
    let mut client = server.client().await;
    let (give, requests) = tokio::sync::mpsc::channel::<pb::ExtractStreamRequest>(1);
    let answers =
        client.extract_stream(tokio_stream::wrappers::ReceiverStream::new(requests)).await.expect("a stream");
    // Minutes of work each, and two of them fill the stream's window (1 MiB): more leave the client only as the server
    // reads them.
    let mut given = 0;
    for n in 0..20 {
        let next = give.send(ask(long(&n.to_string(), 450_000)));
        if tokio::time::timeout(Duration::from_secs(2), next).await.is_err() {
            break;
        }
        given += 1;
    }
    // Two in work, one that waits for its place, two or three on the way, and what the client's side holds.
    assert!((3..=10).contains(&given), "{given} documents were taken");
    drop(answers);
}

#[tokio::test]
async fn requests_and_answers_go_in_turns() {
    let mut client = server().await.client().await;
    let (give, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut answers = client.extract_stream(requests).await.expect("a stream").into_inner();
    for n in 0..5 {
        give.send(ask(document(&n.to_string()))).await.expect("taken");
        let answer = answers.message().await.expect("no error").expect("an answer");
        assert_eq!((answer.id, answer.index), (n.to_string(), n));
    }
    drop(give);
    assert!(answers.message().await.expect("no error").is_none());
}

#[tokio::test]
async fn a_dropped_stream_withdraws_its_documents() {
    let mut client = server().await.client().await;
    let requests = (0..8).map(|n| ask(long(&n.to_string(), 200_000)));
    let answers = client.extract_stream(tokio_stream::iter(requests)).await.expect("a stream");
    let deadline = Instant::now() + Duration::from_secs(60);
    while extractor().depth() < 4 {
        assert!(Instant::now() < deadline, "the documents never reached the engine");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(answers);
    let deadline = Instant::now() + Duration::from_secs(60);
    while extractor().depth() > 0 {
        assert!(Instant::now() < deadline, "the documents stay in the queue");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let again = client.extract_stream(tokio_stream::iter([ask(document("d"))])).await.expect("a stream");
    let answers: Vec<_> = again.into_inner().collect::<Result<_, _>>().await.expect("answers");
    assert_eq!(answers.len(), 1);
}
