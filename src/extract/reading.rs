//! A document made ready for the encoder.

use candle_core::{Device, Tensor};
use jiff::civil::Date;

use crate::model::deal::DealModel;
use crate::model::deal::features::paragraphs;
use crate::model::tokenizer::Token;
use crate::model::{ModelError, Packed};
use crate::schema::{Document, Lang};
use crate::text::{Characters, Windows, detect, windows};

/// The tokens and windows of one document.
pub struct Reading {
    /// The document's id.
    pub id: String,
    /// The language it is read in.
    pub lang: Lang,
    /// The day of publication.
    pub published: Option<Date>,
    /// The text that is read and that offsets refer to.
    pub text: Characters,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// For each token the number of line-break runs before it.
    pub paragraphs: Vec<i64>,
    windows: Windows,
    /// Special tokens before and after each window.
    frame: (usize, usize),
}

impl Reading {
    /// Tokenise and window a document; also gives the sequences for the encoder.
    ///
    /// # Errors
    /// When the tokenizer fails on the text.
    pub fn prepare(document: &Document, model: &DealModel) -> Result<(Self, Packed), ModelError> {
        let title = document.title.chars().count();
        let text = document.read_text();
        let tokens = model.tokenizer.tokens(&text)?;
        let (before, after) = model.tokenizer.frame();
        let windows = windows(tokens.len(), model.config.window, model.config.overlap);
        let mut packed = Packed::default();
        let (mut ids, mut types) = (Vec::new(), Vec::new());
        for span in &windows.spans {
            ids.clear();
            ids.extend_from_slice(before);
            ids.extend(tokens[span.clone()].iter().map(|t| t.id));
            ids.extend_from_slice(after);
            types.clear();
            types.resize(before.len(), 0);
            types.extend(tokens[span.clone()].iter().map(|t| u32::from(t.start < title)));
            types.resize(ids.len(), 0);
            packed.push(&ids, &types);
        }
        let reading = Self {
            id: document.id.clone(),
            lang: document.lang.unwrap_or_else(|| detect(&text)),
            published: document.published,
            paragraphs: paragraphs(&text, tokens.iter().map(|t| t.start)),
            text: Characters::new(text),
            tokens,
            windows,
            frame: (before.len(), after.len()),
        };
        Ok((reading, packed))
    }

    /// Each token's hidden state from the window that gives it most context: `[rows of all windows, h]` → `[n, h]`,
    /// on the CPU.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn stitch(&self, rows: &Tensor) -> Result<Tensor, ModelError> {
        let (before, after) = self.frame;
        let index: Vec<u32> = self.windows.rows(before, after).into_iter().map(|row| row as u32).collect();
        let index = Tensor::from_vec(index, self.tokens.len(), rows.device())?;
        Ok(rows.index_select(&index, 0)?.to_device(&Device::Cpu)?)
    }
}
