//! Requests that cannot be right.

use siglato::server::pb;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::support::{document, request, server};

/// Wrong requests, each with the fields that are wrong.
fn wrong() -> Vec<(pb::ExtractRequest, &'static [&'static str])> {
    let with = |change: &dyn Fn(&mut pb::Document)| {
        let mut article = document("a");
        change(&mut article);
        request(article)
    };
    let date = |year, month, day| with(&|d| d.published = Some(pb::Date { year, month, day }));
    let at_least = |p| pb::ExtractRequest { min_confidence: Some(p), ..request(document("a")) };
    let mut both = with(&|d| d.lang = "q".to_owned());
    both.min_confidence = Some(f32::NAN);
    vec![
        (pb::ExtractRequest::default(), &["document"]),
        (with(&|d| d.lang = "klingon".to_owned()), &["document.lang"]),
        (date(2025, 2, 29), &["document.published"]),
        (date(2025, 11, 0), &["document.published"]),
        (date(0, 0, 0), &["document.published"]),
        (date(-1, i32::MIN, i32::MAX), &["document.published"]),
        (at_least(-0.5), &["min_confidence"]),
        (at_least(1.5), &["min_confidence"]),
        (at_least(f32::NAN), &["min_confidence"]),
        (with(&|d| d.text = "è".repeat(500_001)), &["document.text"]),
        // Ten megabytes: within the limit of a message, beyond that of a text.
        (with(&|d| d.text = "a".repeat(10_000_000)), &["document.text"]),
        (both, &["min_confidence", "document.lang"]),
    ]
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let mut client = server().await.client().await;
    for (request, fields) in wrong() {
        let status = client.extract(request).await.expect_err("invalid");
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        let details = status.get_details_bad_request().expect("details");
        let got: Vec<&str> = details.field_violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(got, fields);
        assert!(details.field_violations.iter().all(|v| !v.description.is_empty()));
    }
    client.extract(request(document("a"))).await.expect("the server goes on");
}

#[tokio::test]
async fn an_unknown_model_is_not_found() {
    let mut client = server().await.client().await;
    let other = pb::ExtractRequest { model: "siglato-huge".to_owned(), ..request(document("a")) };
    let status = client.extract(other).await.expect_err("no such model");
    assert_eq!(status.code(), Code::NotFound);
    assert!(status.message().contains("siglato-huge") && status.message().contains("siglato-small"));
    assert_eq!(status.get_details_resource_info().expect("details").resource_name, "siglato-huge");
    let named = pb::ExtractRequest { model: "siglato-small".to_owned(), ..request(document("a")) };
    client.extract(named).await.expect("the model's own name");
    // A deal model recognises no names.
    let ner = pb::RecognizeRequest { model: "siglato-small".to_owned(), ..Default::default() };
    assert_eq!(client.recognize(ner).await.expect_err("wrong kind").code(), Code::NotFound);
}

#[tokio::test]
async fn a_message_over_the_limit_is_refused() {
    let mut client = server().await.client().await;
    let mut article = document("a");
    article.text = "a".repeat(17 << 20);
    let status = client.extract(request(article)).await.expect_err("too large");
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
}

/// Sends bytes as they are.
#[derive(Clone, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        bytes_into(out, &item);
        Ok(())
    }
}

fn bytes_into(out: &mut EncodeBuf<'_>, bytes: &[u8]) {
    prost::bytes::BufMut::put_slice(out, bytes);
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(prost::bytes::Buf::copy_to_bytes(from, prost::bytes::Buf::remaining(from)).to_vec()))
    }
}

#[tokio::test]
async fn bytes_that_are_no_message_are_an_error_of_the_call() {
    let server = server().await;
    let bad: [&[u8]; 4] = [
        b"\xff\xff\xff\xff",
        // A document whose text is not UTF-8, one that ends early, and one of the wrong wire type.
        b"\x0a\x04\x1a\x02\xff\xfe",
        b"\x0a\x7f\x0a\x01a",
        b"\x08\x01",
    ];
    for bytes in bad {
        let mut raw = tonic::client::Grpc::new(server.channel().await);
        raw.ready().await.expect("a connection");
        let path = "/siglato.v1.DealExtractor/Extract".parse().expect("a path");
        let result: Result<tonic::Response<Vec<u8>>, Status> =
            raw.unary(Request::new(bytes.to_vec()), path, Raw).await;
        assert_eq!(result.expect_err("no message").code(), Code::Internal);
    }
    server.client().await.extract(request(document("a"))).await.expect("the server goes on");
}
