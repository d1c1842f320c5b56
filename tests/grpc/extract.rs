//! One document a call.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siglato::server::pb;

use crate::json::{events, without_confidence};
use crate::support::{ENGLISH, TEXT, TITLE, document, english, extractor, long, request, server, spans};

/// What the program writes for [`document`] and [`english`].
fn command_line() -> Vec<Value> {
    let lines = [
        json!({"id": "a", "title": TITLE, "text": TEXT, "published": "2025-11-04", "lang": "it"}),
        json!({"id": "b", "text": ENGLISH, "published": "2025-11-04"}),
    ];
    let mut program = Command::new(env!("CARGO_BIN_EXE_siglato"))
        .args(["extract", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut input = program.stdin.take().expect("a pipe");
    for line in lines {
        writeln!(input, "{line}").expect("written");
    }
    drop(input);
    let output = program.wait_with_output().expect("an end");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[tokio::test]
async fn the_events_are_those_of_the_command_line() {
    let expected = tokio::task::spawn_blocking(command_line).await.expect("an end");
    assert_eq!(expected.len(), 2);
    let mut client = server().await.client().await;
    for (article, expected) in [document("a"), english("b")].into_iter().zip(expected) {
        let response = client.extract(request(article)).await.expect("an answer").into_inner();
        let extraction = response.extraction.expect("an extraction");
        assert_eq!(
            (expected["id"].as_str(), expected["lang"].as_str()),
            (Some(response.id.as_str()), Some(extraction.lang.as_str()))
        );
        assert_eq!(extraction.model, "siglato-small");
        assert_eq!(events(&extraction), without_confidence(&expected["events"]));
        println!("{} events in {}", extraction.events.len(), response.id);
    }
}

#[tokio::test]
async fn offsets_slice_the_text_that_is_read() {
    let article = long("a", 3000);
    let read: Vec<char> = article.text.chars().collect();
    let response =
        server().await.client().await.extract(request(article)).await.expect("an answer").into_inner();
    for event in response.extraction.expect("an extraction").events {
        assert!((0.0..=1.0).contains(&event.confidence));
        for span in spans(&event) {
            let slice: String = read[span.start as usize..span.end as usize].iter().collect();
            assert_eq!(slice, span.text);
        }
    }
}

#[tokio::test]
async fn a_threshold_leaves_out_the_less_sure() {
    let mut client = server().await.client().await;
    let all = client.extract(request(document("a"))).await.expect("an answer").into_inner();
    let all = all.extraction.expect("an extraction").events;
    let strict = pb::ExtractRequest { min_confidence: Some(0.9), ..request(document("a")) };
    let some = client
        .extract(strict)
        .await
        .expect("an answer")
        .into_inner()
        .extraction
        .expect("an extraction")
        .events;
    assert!(some.iter().all(|event| event.confidence >= 0.9));
    assert_eq!(some.len(), all.iter().filter(|event| event.confidence >= 0.9).count());
}

#[tokio::test]
async fn nothing_gives_nothing() {
    let mut client = server().await.client().await;
    for text in ["", " \n\t ", "\u{0}", "🚢"] {
        let article = pb::Document { id: "e".to_owned(), text: text.to_owned(), ..Default::default() };
        let response = client.extract(request(article)).await.expect("an answer").into_inner();
        let extraction = response.extraction.expect("an extraction");
        assert_eq!((response.id.as_str(), extraction.events.len()), ("e", 0), "{text:?}");
    }
}

#[tokio::test]
async fn a_cancelled_call_frees_the_engine() {
    let server = server().await;
    let client = server.client().await;
    // Minutes of work, of which one batch at most is in the encoder.
    let calls: Vec<_> = (0..6)
        .map(|n| {
            let mut client = client.clone();
            tokio::spawn(async move { client.extract(request(long(&n.to_string(), 200_000))).await })
        })
        .collect();
    let within = |limit: u64| Instant::now() + Duration::from_secs(limit);
    let deadline = within(60);
    while extractor().depth() < 4 {
        assert!(Instant::now() < deadline, "the calls never reached the engine");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for call in calls {
        call.abort();
    }
    let begun = Instant::now();
    let mut client = client.clone();
    let answer =
        tokio::time::timeout(Duration::from_secs(60), client.extract(request(document("after")))).await;
    assert_eq!(answer.expect("in time").expect("an answer").into_inner().id, "after");
    let deadline = within(60);
    while extractor().depth() > 0 {
        assert!(Instant::now() < deadline, "cancelled work stays in the queue");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("answered {:?} after the cancellation", begun.elapsed());
}

#[tokio::test]
async fn a_deadline_ends_a_call() {
    let mut client = server().await.client().await;
    let mut call = tonic::Request::new(request(long("slow", 200_000)));
    call.set_timeout(Duration::from_millis(200));
    let status = client.extract(call).await.expect_err("too slow");
    assert!(matches!(status.code(), tonic::Code::DeadlineExceeded | tonic::Code::Cancelled), "{status:?}");
}
