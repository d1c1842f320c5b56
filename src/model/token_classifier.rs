//! Any Hugging Face token-classification model: an encoder, a linear head and the labels of its configuration.

use std::path::Path;

use candle_core::{DType, Device, Tensor};

use super::aggregate::{self, Labelled, Tag};
use super::config::ModelConfig;
use super::encoder::Encoder;
use super::encoder::layers::Linear;
use super::files::{self, WeightFiles};
use super::weights::Weights;
use super::{ModelError, Packed, PackedModel, Token, Tokenizer};
use crate::text::{Windows, windows};

/// How many tokens go through the encoder at once, so that a long document's memory stays bounded.
const AT_ONCE: usize = 8192;

/// A stretch of text that the model gives a label.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LabelledSpan {
    /// Where it starts, in Unicode scalar values.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The characters between.
    pub text: String,
    /// The entity type: the label without `B-`, `I-` and the like.
    pub label: String,
    /// The mean probability of its tokens' labels, 0 to 1.
    pub score: f32,
}

/// A text made ready for the model.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The text.
    pub text: String,
    /// Its tokens, without special ones.
    pub tokens: Vec<Token>,
    /// The windows over the tokens.
    pub windows: Windows,
    /// One sequence a window, special tokens included; none for a text without tokens.
    pub packed: Packed,
}

/// A token-classification model with its tokenizer.
pub struct TokenClassifier {
    encoder: Encoder,
    head: Linear,
    labels: Vec<String>,
    tags: Vec<Tag>,
    tokenizer: Tokenizer,
    /// The tokens of a text that fit a sequence.
    window: usize,
    device: Device,
}

impl TokenClassifier {
    /// From a folder with `config.json`, `tokenizer.json` and `model.safetensors` (or its parts with their index).
    ///
    /// # Errors
    /// When a file is missing or broken, or describes what siglato does not run.
    pub fn load(dir: &Path, device: &Device) -> Result<Self, ModelError> {
        let path = dir.join(files::CONFIG);
        let config = ModelConfig::from_bytes(&files::read(&path)?, &path.display().to_string())?;
        let labels = config.labels()?;
        let tokenizer = Tokenizer::from_file(&dir.join(files::TOKENIZER))?;
        let found = WeightFiles::find(dir)?;
        let bytes = found.parts.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = found.parts.iter().map(|path| path.display().to_string()).collect();
        let parts = || bytes.iter().map(Vec::as_slice).zip(names.iter().map(String::as_str));
        let weights = Weights::from_shards(parts(), &found.named.display().to_string(), device)?;
        let head_weights = Weights::from_shards(parts(), &found.named.display().to_string(), device)?;
        let encoder = Encoder::load(&config, weights)?;
        let head = Linear::load(&head_weights, "classifier", encoder.hidden(), labels.len())?;
        let (before, after) = tokenizer.frame();
        let frame = before.len() + after.len();
        let window =
            encoder.max_length().checked_sub(frame).filter(|window| *window > 0).ok_or_else(|| {
                config.invalid(&format!(
                    "{} positions leave no room beside {frame} special tokens",
                    encoder.max_length()
                ))
            })?;
        let tags = aggregate::tags(&labels);
        Ok(Self { encoder, head, labels, tags, tokenizer, window, device: device.clone() })
    }

    /// The tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The labels, by class index, with their prefixes.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Tokens, overlapping windows and sequences of a text. Nothing is cut off.
    ///
    /// # Errors
    /// When the tokenizer cannot process the text.
    pub fn prepare(&self, text: &str) -> Result<Prepared, ModelError> {
        let tokens = self.tokenizer.tokens(text)?;
        let windows = windows(tokens.len(), self.window, self.window / 4);
        let (before, after) = self.tokenizer.frame();
        let mut packed = Packed::default();
        if !tokens.is_empty() {
            for span in &windows.spans {
                let inner = tokens.get(span.clone()).unwrap_or_default().iter().map(|token| token.id);
                let ids: Vec<u32> =
                    before.iter().copied().chain(inner).chain(after.iter().copied()).collect();
                packed.push(&ids, &vec![0; ids.len()]);
            }
        }
        Ok(Prepared { text: text.to_owned(), tokens, windows, packed })
    }

    /// The labelled stretches of a text from the logits of its sequences, `[packed tokens, labels]`.
    ///
    /// # Errors
    /// When the logits are not those of this text.
    pub fn assemble(&self, prepared: &Prepared, logits: &Tensor) -> Result<Vec<LabelledSpan>, ModelError> {
        let expected = [prepared.packed.tokens(), self.labels.len()];
        if logits.dims() != expected {
            let why = format!("logits of shape {:?} for a text that needs {expected:?}", logits.dims());
            return Err(candle_core::Error::Msg(why).into());
        }
        if prepared.tokens.is_empty() {
            return Ok(Vec::new());
        }
        let rows = logits.to_dtype(DType::F32)?.to_vec2::<f32>()?;
        let (before, after) = self.tokenizer.frame();
        let labelled: Vec<Labelled> = prepared
            .windows
            .rows(before.len(), after.len())
            .into_iter()
            .zip(&prepared.tokens)
            .filter_map(|(row, token)| {
                let (label, score) = likeliest(rows.get(row)?);
                Some(Labelled { start: token.start, end: token.end, label, score })
            })
            .collect();
        let characters: Vec<char> = prepared.text.chars().collect();
        Ok(aggregate::group(&labelled, &self.tags)
            .iter()
            .filter_map(|group| span(group, &characters))
            .collect())
    }

    /// The labelled stretches of a text of any length.
    ///
    /// # Errors
    /// When the tokenizer or the tensor library fails.
    pub fn recognize(&self, text: &str) -> Result<Vec<LabelledSpan>, ModelError> {
        let prepared = self.prepare(text)?;
        let logits = self.forward(&prepared.packed)?;
        self.assemble(&prepared, &logits)
    }
}

impl PackedModel for TokenClassifier {
    /// The logits, `[tokens, labels]`.
    fn forward(&self, batch: &Packed) -> Result<Tensor, ModelError> {
        let parts = portions(batch)
            .iter()
            .map(|part| self.head.forward(&self.encoder.forward(part)?))
            .collect::<Result<Vec<_>, _>>()?;
        match parts.as_slice() {
            [] => Ok(Tensor::zeros((0, self.labels.len()), DType::F32, &self.device)?),
            [whole] => Ok(whole.clone()),
            _ => Ok(Tensor::cat(&parts, 0)?),
        }
    }

    fn max_length(&self) -> usize {
        self.encoder.max_length()
    }
}

/// The sequences of a batch in portions of at most [`AT_ONCE`] tokens, or one sequence; without tokens none.
fn portions(batch: &Packed) -> Vec<Packed> {
    let mut portions: Vec<Packed> = Vec::new();
    let mut at = 0;
    for &length in batch.lengths.iter().filter(|length| **length > 0) {
        let (ids, types) = (batch.ids.get(at..at + length), batch.types.get(at..at + length));
        let (ids, types) = (ids.unwrap_or_default(), types.unwrap_or_default());
        match portions.last_mut() {
            Some(last) if last.tokens() + length <= AT_ONCE => last.push(ids, types),
            _ => {
                let mut next = Packed::default();
                next.push(ids, types);
                portions.push(next);
            }
        }
        at += length;
    }
    portions
}

/// The index of the greatest logit and its softmax.
fn likeliest(logits: &[f32]) -> (usize, f32) {
    let (label, greatest) = logits
        .iter()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, (n, x)| if *x > best.1 { (n, *x) } else { best });
    (label, 1.0 / logits.iter().map(|x| (x - greatest).exp()).sum::<f32>())
}

/// A group with its characters, trimmed; `None` when it is white space alone.
fn span(group: &aggregate::Group<'_>, characters: &[char]) -> Option<LabelledSpan> {
    let inside = characters.get(group.start..group.end)?;
    let blank = |c: &&char| c.is_whitespace();
    let left = inside.iter().take_while(blank).count();
    let right = inside.iter().rev().take_while(blank).count();
    let (start, end) = (group.start + left, group.end.saturating_sub(right));
    let text: String = characters.get(start..end)?.iter().collect();
    (!text.is_empty()).then(|| LabelledSpan {
        start,
        end,
        text,
        label: group.kind.to_owned(),
        score: group.score,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_label_is_a_probability() {
        let (label, score) = likeliest(&[0.0, 2.0, 0.0]);
        assert_eq!(label, 1);
        let e2 = 2.0_f32.exp();
        assert!((score - e2 / (e2 + 2.0)).abs() < 1e-6);
        assert_eq!(likeliest(&[f32::NAN, 1.0]).0, 1);
    }

    #[test]
    fn a_large_batch_is_cut_between_sequences() {
        let mut batch = Packed::default();
        for n in 0..5_u32 {
            batch.push(&vec![n; 3000], &vec![0; 3000]);
        }
        batch.push(&[], &[]);
        let parts = portions(&batch);
        assert_eq!(parts.iter().map(|part| part.lengths.len()).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(parts.iter().flat_map(|part| part.ids.clone()).collect::<Vec<_>>(), batch.ids);
        assert!(portions(&Packed::default()).is_empty());
    }

    #[test]
    fn stretches_are_trimmed() {
        let characters: Vec<char> = " è a ".chars().collect();
        let of = |start, end| span(&aggregate::Group { start, end, kind: "X", score: 1.0 }, &characters);
        assert_eq!(of(0, 5).map(|s| (s.start, s.end, s.text)), Some((1, 4, "è a".to_owned())));
        assert_eq!(of(2, 3), None);
        assert_eq!(of(4, 9), None);
    }
}
