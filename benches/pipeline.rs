//! Where the time of an extraction goes: tokenising, the encoder, the whole path, on the sample article.

use std::hint::black_box;

use candle_core::Device;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use siglato::extract::reading::Reading;
use siglato::extract::{Extractor, Options};
use siglato::model::{PackedModel, embedded};
use siglato::schema::{Document, Lang};

const SAMPLE: &str = include_str!("../samples/accordo-cloud.txt");

fn document() -> Document {
    let (title, text) = SAMPLE.split_once("\n\n").unwrap_or(("", SAMPLE));
    Document {
        id: "sample".into(),
        title: title.into(),
        text: text.into(),
        published: "2025-11-03".parse().ok(),
        lang: Some(Lang::It),
    }
}

fn stages(c: &mut Criterion) {
    let model = embedded::load(&Device::Cpu).expect("the embedded model");
    let document = document();
    let (reading, packed) = Reading::prepare(&document, &model).expect("readable");
    let mut group = c.benchmark_group("one article");
    group.throughput(Throughput::Elements(packed.tokens() as u64)).sample_size(10);
    group.bench_function("tokenise and window", |b| {
        b.iter(|| Reading::prepare(black_box(&document), &model).expect("readable"));
    });
    group.bench_function("encoder", |b| b.iter(|| model.forward(black_box(&packed)).expect("hidden states")));
    let rows = model.forward(&packed).expect("hidden states");
    let hidden = reading.stitch(&rows).expect("stitched");
    group.bench_function("heads and assembly", |b| {
        b.iter(|| siglato::extract::events::events(&reading, &model, black_box(&hidden)).expect("events"));
    });
    group.bench_function("start the built-in model", |b| {
        b.iter(|| embedded::load(&Device::Cpu).expect("the embedded model"));
    });
    let extractor = Extractor::new(model, Options::default()).expect("a thread");
    group.bench_function("whole", |b| b.iter(|| extractor.extract(black_box(&document)).expect("events")));
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
