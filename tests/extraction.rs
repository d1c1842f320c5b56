//! What holds for every extraction, on real weights: offsets, long articles, batches, odd input.

use std::sync::{Arc, OnceLock};

use candle_core::Device;
use proptest::prelude::*;
use siglato::engine::{Engine, EngineError};
use siglato::extract::{ExtractError, Extractor, Options};
use siglato::model::{Packed, PackedModel, embedded};
use siglato::schema::{DealType, Document, Event, Evidence, Extraction, Lang};

fn extractor() -> Arc<Extractor> {
    static EXTRACTOR: OnceLock<Arc<Extractor>> = OnceLock::new();
    let start = || {
        let model = embedded::load(&Device::Cpu).expect("the embedded model");
        Arc::new(Extractor::new(model, Options::default()).expect("a thread"))
    };
    Arc::clone(EXTRACTOR.get_or_init(start))
}

fn article(title: &str, text: &str) -> Document {
    Document {
        id: "test".into(),
        title: title.into(),
        text: text.into(),
        published: "2025-11-03".parse().ok(),
        lang: Some(Lang::It),
    }
}

/// A plain deal, told as plainly as a wire tells it.
const TITLE: &str = "Ferraldo compra la maggioranza di Oleificio Sanna";
const DEAL: &str = "MILANO - Ferraldo ha acquistato il 60% di Oleificio Sanna per 12 milioni di euro. L'acquisizione è \
stata completata ieri, ha annunciato Ferraldo in una nota.";

fn spans(event: &Event) -> Vec<&Evidence> {
    let mut out: Vec<&Evidence> = event.evidence.iter().collect();
    out.extend(event.participants.iter().flat_map(|p| &p.mentions));
    out.extend(event.value.iter().map(|t| &t.evidence));
    out.extend(event.valuation.iter().map(|t| &t.evidence));
    out.extend(event.stake_percent.iter().map(|t| &t.evidence));
    out.extend(event.duration.iter().map(|t| &t.evidence));
    out.extend(event.dates.iter().map(|d| &d.date.evidence));
    out
}

/// Every span is exactly the characters at its offsets; confidences are probabilities; roles fit the type.
fn check(document: &Document, extraction: &Extraction) {
    let read: Vec<char> = document.read_text().chars().collect();
    for event in &extraction.events {
        for span in spans(event) {
            let want: String = read[span.start..span.end].iter().collect();
            assert_eq!(span.text, want);
            assert!(!span.text.is_empty());
        }
        assert!((0.0..=1.0).contains(&event.confidence));
        for p in &event.participants {
            assert!(event.deal_type.allows(p.role), "{} in {}", p.role, event.deal_type);
            assert!(!p.name.is_empty() && (0.0..=1.0).contains(&p.confidence));
        }
    }
}

#[test]
fn a_plain_deal_is_read_whole() {
    let document = article(TITLE, DEAL);
    let extraction = extractor().extract(&document).expect("readable");
    check(&document, &extraction);
    assert_eq!(extraction.events.len(), 1, "{:?}", extraction.events);
    let event = &extraction.events[0];
    assert_eq!(event.deal_type, DealType::Acquisition);
    let mut names: Vec<&str> = event.participants.iter().map(|p| p.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ferraldo", "Oleificio Sanna"]);
    assert_eq!(
        event.value.as_ref().and_then(|t| t.value.min).map(|d| d.to_string()).as_deref(),
        Some("12000000")
    );
    assert_eq!(event.stake_percent.as_ref().map(|t| t.value.to_string()).as_deref(), Some("60"));
}

#[test]
fn a_deal_in_the_last_sentence_of_a_long_article_is_found() {
    let filler = "Il museo della città ha riaperto le sale al pubblico dopo i lavori e le scuole potranno visitarlo ogni \
mattina della settimana con una guida. ";
    let words = filler.split_whitespace().count();
    let long = filler.repeat(5_000 / words + 1);
    assert!(long.split_whitespace().count() >= 5_000);
    let document = article("", &format!("{long}\n\n{DEAL}"));
    let extraction = extractor().extract(&document).expect("readable");
    check(&document, &extraction);
    let start = document.text.chars().count() - DEAL.chars().count();
    let found = extraction.events.iter().any(|e| {
        e.participants.iter().any(|p| p.name == "Oleificio Sanna")
            && e.evidence.iter().any(|s| s.start >= start)
    });
    assert!(found, "{:?}", extraction.events);
}

#[test]
fn a_document_reads_the_same_alone_and_in_company() {
    let extractor = extractor();
    let documents: Vec<Document> = (0..24)
        .map(|n| article(TITLE, &format!("{} {DEAL}", "Piove da tre giorni sulla costa. ".repeat(n * 3))))
        .collect();
    let alone: Vec<Extraction> = documents.iter().map(|d| extractor.extract(d).expect("readable")).collect();
    let together: Vec<Extraction> = std::thread::scope(|scope| {
        let running: Vec<_> =
            documents.iter().map(|d| scope.spawn(|| extractor.extract(d).expect("readable"))).collect();
        running.into_iter().map(|r| r.join().expect("no panic")).collect()
    });
    for (a, b) in alone.iter().zip(&together) {
        assert_eq!(a.events.len(), b.events.len());
        for (x, y) in a.events.iter().zip(&b.events) {
            assert_eq!((x.deal_type, x.stage, &x.evidence), (y.deal_type, y.stage, &y.evidence));
            assert!((x.confidence - y.confidence).abs() <= 0.002, "{} {}", x.confidence, y.confidence);
        }
    }
}

#[test]
fn odd_texts_give_an_empty_result_or_a_clear_error() {
    for text in [
        "",
        " ",
        "\n\n\n",
        "\u{0}\u{1}\u{7}\u{1b}[31m",
        "😀😀😀",
        "\u{feff}",
        "…",
        "1234567890",
        "\u{301}\u{301}",
    ] {
        let document = article("", text);
        let extraction = extractor().extract(&document).expect("an empty result");
        assert!(extraction.events.is_empty(), "{text:?}");
    }
    let long = "parola ".repeat(1_500_000);
    match extractor().extract(&article("", &long)) {
        Err(ExtractError::TooLong { characters, limit }) => assert!(characters > limit),
        other => panic!("{other:?}"),
    }
    // One endless word, and control characters inside a deal.
    let document = article("", &"a".repeat(20_000));
    check(&document, &extractor().extract(&document).expect("readable"));
    let document = article(TITLE, &DEAL.replace(' ', "\u{0} "));
    check(&document, &extractor().extract(&document).expect("readable"));
}

#[test]
fn a_job_that_fails_does_not_cost_the_others_in_its_batch() {
    let model = Arc::new(embedded::load(&Device::Cpu).expect("the embedded model"));
    let limit = model.max_length();
    let engine = Engine::start(model, 4_096).expect("a thread");
    let of = |ids: Vec<u32>| {
        let mut packed = Packed::default();
        packed.push(&ids, &vec![0; ids.len()]);
        packed
    };
    // The first job keeps the worker busy while the others gather into one batch.
    let busy = engine.submit(of(vec![5; limit]));
    let good = engine.submit(of(vec![0, 5, 2]));
    let bad = engine.submit(of(vec![0, u32::MAX, 2]));
    let other = engine.submit(of(vec![0, 6, 7, 2]));
    assert_eq!(busy.wait().expect("states").dim(0).ok(), Some(limit));
    assert_eq!(good.wait().expect("states").dim(0).ok(), Some(3));
    assert!(bad.wait().expect_err("no such token").to_string().contains("beyond"));
    assert_eq!(other.wait().expect("states").dim(0).ok(), Some(4));
    let long = engine.submit(of(vec![5; limit + 1])).wait();
    assert!(matches!(long, Err(EngineError::TooLong { length, .. }) if length == limit + 1));
}

#[tokio::test]
async fn a_dropped_extraction_leaves_the_queue() {
    let extractor = extractor();
    let long = article("", &"La società ha firmato un accordo con il gruppo. ".repeat(400));
    let running: Vec<_> =
        (0..8).map(|_| tokio::spawn(Arc::clone(&extractor).extract_async(long.clone()))).collect();
    for task in &running {
        task.abort();
    }
    for task in running {
        let _ = task.await;
    }
    let after = Arc::clone(&extractor).extract_async(article(TITLE, DEAL)).await.expect("readable");
    assert!(!after.events.is_empty());
    assert_eq!(extractor.depth(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Offsets count Unicode scalar values whatever stands between the words.
    #[test]
    fn offsets_hold_among_all_kinds_of_characters(
        bits in prop::collection::vec("[😀é\u{301}\u{200b}ß漢\t\n «»“’-]{0,4}", 12),
    ) {
        let mut mixed = String::new();
        for (i, word) in DEAL.split(' ').enumerate() {
            mixed.push_str(word);
            mixed.push(' ');
            mixed.push_str(&bits[i % bits.len()]);
        }
        let document = article(TITLE, &mixed);
        check(&document, &extractor().extract(&document).expect("readable"));
    }
}
