//! Text to tokens with offsets in Unicode scalar values.

use std::path::Path;

use super::ModelError;

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id in the vocabulary.
    pub id: u32,
    /// Where it starts in the text, in Unicode scalar values, without the white space the tokenizer attached.
    pub start: usize,
    /// Where it ends. A token of white space alone is empty.
    pub end: usize,
}

/// A Hugging Face fast tokenizer, without truncation or padding.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    before: Vec<u32>,
    after: Vec<u32>,
}

impl Tokenizer {
    /// From a `tokenizer.json`.
    ///
    /// # Errors
    /// When the file is missing or is no tokenizer.
    pub fn from_file(path: &Path) -> Result<Self, ModelError> {
        let bytes = std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes, &path.display().to_string())
    }

    /// From the bytes of a `tokenizer.json`; `name` stands in errors.
    ///
    /// # Errors
    /// When the bytes are no tokenizer.
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self, ModelError> {
        let invalid =
            |error: tokenizers::Error| ModelError::Invalid { file: name.to_owned(), why: error.to_string() };
        let mut inner = tokenizers::Tokenizer::from_bytes(bytes).map_err(invalid)?;
        // Files from the hub may carry the settings of somebody's training run; nothing is cut off here.
        inner.with_truncation(None).map_err(invalid)?;
        inner.with_padding(None);
        let (before, after) = frame(&inner).map_err(invalid)?;
        Ok(Self { inner, before, after })
    }

    /// The tokens of a text, without special tokens.
    ///
    /// # Errors
    /// When the tokenizer cannot process the text.
    pub fn tokens(&self, text: &str) -> Result<Vec<Token>, ModelError> {
        let encoding = self
            .inner
            .encode_char_offsets(text, false)
            .map_err(|error| ModelError::Tokenize(error.to_string()))?;
        let characters: Vec<char> = text.chars().collect();
        let blank = |at: usize| characters.get(at).is_some_and(|c| c.is_whitespace());
        Ok(encoding
            .get_ids()
            .iter()
            .zip(encoding.get_offsets())
            .map(|(&id, &(mut start, mut end))| {
                while start < end && blank(start) {
                    start += 1;
                }
                while end > start && blank(end - 1) {
                    end -= 1;
                }
                Token { id, start, end }
            })
            .collect())
    }

    /// The id of a token, when the vocabulary has it.
    #[must_use]
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// The special tokens that the model expects before and after a sequence, e.g. `[CLS]` and `[SEP]`.
    #[must_use]
    pub fn frame(&self) -> (&[u32], &[u32]) {
        (&self.before, &self.after)
    }

    /// The number of tokens in the vocabulary, added ones included.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.inner.get_vocab_size(true)
    }
}

/// What the post-processor puts before and after a sequence, seen on a short one.
fn frame(inner: &tokenizers::Tokenizer) -> tokenizers::Result<(Vec<u32>, Vec<u32>)> {
    let plain = inner.encode("a", false)?;
    let framed = inner.encode("a", true)?;
    let at =
        framed.get_special_tokens_mask().iter().position(|special| *special == 0).unwrap_or(framed.len());
    let ids = framed.get_ids();
    let after = (at + plain.len()).min(ids.len());
    Ok((ids[..at].to_vec(), ids[after..].to_vec()))
}
