//! Documents from files, folders and standard input, one at a time and in order.
//!
//! A document that cannot be read is one [`ReadError`] that names the file and line; reading goes on behind it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::Value;

use crate::schema::{Document, Lang};

/// The longest JSON line that is read, in bytes; a longer one is an error and is skipped.
pub const MAX_LINE: usize = 64 << 20;

/// What could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file or folder cannot be opened or read.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A file has an ending that is neither `.txt` nor `.jsonl`.
    #[error("{path}: not a .txt or .jsonl file")]
    Ending {
        /// The file.
        path: String,
    },
    /// A folder holds no file that can be read.
    #[error("{path}: no .txt or .jsonl file in this folder")]
    EmptyFolder {
        /// The folder.
        path: String,
    },
    /// A text file or a line is not UTF-8.
    #[error("{path}:{line}: not valid UTF-8 at byte {byte}")]
    Utf8 {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The first bad byte, counted from the start of the line.
        byte: usize,
    },
    /// A line is longer than [`MAX_LINE`].
    #[error("{path}:{line}: line longer than {MAX_LINE} bytes")]
    LineTooLong {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// A line is no JSON object.
    #[error("{path}:{line}: {why}")]
    Json {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What the JSON parser says.
        why: String,
    },
    /// A key of a document holds what it must not.
    #[error("{path}:{line}: `{field}` {why}")]
    Field {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The key.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// Where documents come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A `.txt` or `.jsonl` file, or a folder of them (searched in depth, in order of name).
    Path(PathBuf),
    /// Standard input: JSON Lines when it begins with `{`, otherwise the text of one article with the id `stdin`.
    Stdin,
}

impl Source {
    /// `-` is standard input, anything else a path.
    #[must_use]
    pub fn from_argument(argument: &str) -> Self {
        if argument == "-" { Self::Stdin } else { Self::Path(PathBuf::from(argument)) }
    }
}

/// Every document of the sources, in order.
pub fn documents(sources: Vec<Source>) -> impl Iterator<Item = Result<Document, ReadError>> {
    sources.into_iter().flat_map(open)
}

type Documents = Box<dyn Iterator<Item = Result<Document, ReadError>>>;

fn failed(error: ReadError) -> Documents {
    Box::new(std::iter::once(Err(error)))
}

fn open(source: Source) -> Documents {
    match source {
        Source::Stdin => open_stdin(BufReader::new(io::stdin())),
        Source::Path(path) if path.is_dir() => match files_below(&path) {
            Ok(files) if files.is_empty() => {
                failed(ReadError::EmptyFolder { path: path.display().to_string() })
            }
            Ok(files) => Box::new(files.into_iter().flat_map(|file| open_file(&file))),
            Err(error) => failed(error),
        },
        Source::Path(path) => open_file(&path),
    }
}

/// The readable files of a folder and its folders, by name. Links to folders are not followed, so there are no loops.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let fail = |source| ReadError::Io { path: folder.display().to_string(), source };
    let mut entries = folder.read_dir().map_err(fail)?.collect::<Result<Vec<_>, _>>().map_err(fail)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.path();
        if entry.file_type().map_err(fail)?.is_dir() {
            files.extend(files_below(&path)?);
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("txt" | "jsonl")) {
            files.push(path);
        }
    }
    Ok(files)
}

fn open_file(path: &Path) -> Documents {
    let name = path.display().to_string();
    let file = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(source) => return failed(ReadError::Io { path: name, source }),
    };
    match path.extension().and_then(|e| e.to_str()) {
        Some("jsonl") => Box::new(Lines::new(file, name)),
        Some("txt") => {
            let id = path.file_stem().map_or_else(|| name.clone(), |s| s.to_string_lossy().into_owned());
            Box::new(std::iter::once(plain(file, name, id)))
        }
        _ => failed(ReadError::Ending { path: name }),
    }
}

fn open_stdin(mut input: impl BufRead + 'static) -> Documents {
    let name = "<stdin>".to_owned();
    let json = loop {
        match input.fill_buf() {
            Err(source) => return failed(ReadError::Io { path: name, source }),
            Ok([]) => break false,
            Ok(bytes) => match bytes.iter().position(|b| !b.is_ascii_whitespace()) {
                Some(at) => break bytes[at] == b'{',
                None => {
                    let blank = bytes.len();
                    input.consume(blank);
                }
            },
        }
    };
    if json {
        Box::new(Lines::new(input, name))
    } else {
        Box::new(std::iter::once(plain(input, name, "stdin".to_owned())))
    }
}

/// A text file as a document. A first line that stands alone above a blank line is the title.
fn plain(mut input: impl Read, path: String, id: String) -> Result<Document, ReadError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|source| ReadError::Io { path: path.clone(), source })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..good];
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        ReadError::Utf8 { path: path.clone(), line, byte: good - line_start }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    let (title, body) = match text.split_once("\n\n") {
        Some((head, body)) if is_headline(head) && !body.starts_with('\n') => {
            (head.to_owned(), body.to_owned())
        }
        _ => (String::new(), text),
    };
    Ok(Document { id, title, text: body, published: None, lang: None })
}

fn is_headline(head: &str) -> bool {
    !head.trim().is_empty() && !head.contains('\n') && head.chars().count() <= 250
}

/// The documents of a JSON Lines stream.
struct Lines<R> {
    input: R,
    path: String,
    line: usize,
    failed: bool,
}

impl<R: BufRead> Lines<R> {
    fn new(input: R, path: String) -> Self {
        Self { input, path, line: 0, failed: false }
    }

    /// The next line without its end; `None` at the end of the stream. A line over the limit is read to its end and dropped.
    fn next_line(&mut self) -> io::Result<Option<Result<Vec<u8>, ()>>> {
        let mut line = Vec::new();
        let read = (&mut self.input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if line.len() > MAX_LINE {
            loop {
                let mut skipped = Vec::new();
                (&mut self.input).take(1 << 20).read_until(b'\n', &mut skipped)?;
                if skipped.last().is_none_or(|last| *last == b'\n') {
                    return Ok(Some(Err(())));
                }
            }
        }
        Ok(Some(Ok(line)))
    }

    fn document(&self, line: &[u8]) -> Result<Document, ReadError> {
        let text = std::str::from_utf8(line).map_err(|error| ReadError::Utf8 {
            path: self.path.clone(),
            line: self.line,
            byte: error.valid_up_to(),
        })?;
        let value: Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| ReadError::Json {
                path: self.path.clone(),
                line: self.line,
                why: format!("not a JSON document: {error}"),
            })?;
        let Value::Object(object) = value else {
            return Err(ReadError::Json {
                path: self.path.clone(),
                line: self.line,
                why: "not a JSON object".to_owned(),
            });
        };
        let field =
            |field, why: String| ReadError::Field { path: self.path.clone(), line: self.line, field, why };
        let string = |key: &'static str| match object.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) => Ok(Some(s.clone())),
            Some(Value::Number(n)) if key == "id" => Ok(Some(n.to_string())),
            Some(_) => Err(field(key, "is not a string".to_owned())),
        };
        Ok(Document {
            id: string("id")?.unwrap_or_else(|| format!("{}:{}", self.path, self.line)),
            title: string("title")?.unwrap_or_default(),
            text: string("text")?.ok_or_else(|| field("text", "is missing".to_owned()))?,
            published: match string("published")? {
                Some(date) if !date.trim().is_empty() => {
                    Some(parse_day(&date).map_err(|why| field("published", why))?)
                }
                _ => None,
            },
            lang: match string("lang")? {
                Some(code) if !code.trim().is_empty() => Some(
                    code.trim()
                        .parse::<Lang>()
                        .map_err(|error| field("lang", format!("is not known: {error}")))?,
                ),
                _ => None,
            },
        })
    }
}

/// A day of the form `2025-11-03`; a time behind it (`T…` or after a blank) is left out of account.
///
/// # Errors
/// A sentence fragment that says what is wrong, to stand behind the field's name.
pub fn parse_day(text: &str) -> Result<Date, String> {
    let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
    day.parse().map_err(|_| format!("is not a day of the form 2025-11-03: {text:?}"))
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            match self.next_line() {
                Ok(None) => return None,
                Ok(Some(Ok(line))) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(Ok(line))) => return Some(self.document(&line)),
                Ok(Some(Err(()))) => {
                    return Some(Err(ReadError::LineTooLong { path: self.path.clone(), line: self.line }));
                }
                Err(source) => {
                    self.failed = true;
                    return Some(Err(ReadError::Io { path: self.path.clone(), source }));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &'static [u8]) -> Vec<Result<Document, String>> {
        Lines::new(input, "d.jsonl".to_owned()).map(|r| r.map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn one_bad_line_does_not_cost_the_next() {
        let got = lines(
            b"{\"id\":\"a\",\"text\":\"x\"}\n\nnot json\n{\"id\":2,\"text\":\"y\",\"title\":null,\"other\":[1]}\n\xff\xfe\n[1]\n{\"id\":\"z\"}\n",
        );
        assert_eq!(got.len(), 6);
        assert_eq!(got[0].as_ref().map(|d| d.id.as_str()), Ok("a"));
        assert!(got[1].as_ref().is_err_and(|e| e.starts_with("d.jsonl:3: not a JSON document")));
        assert_eq!(got[2].as_ref().map(|d| d.id.as_str()), Ok("2"));
        assert_eq!(got[3], Err("d.jsonl:5: not valid UTF-8 at byte 0".to_owned()));
        assert_eq!(got[4], Err("d.jsonl:6: not a JSON object".to_owned()));
        assert_eq!(got[5], Err("d.jsonl:7: `text` is missing".to_owned()));
    }

    #[test]
    fn fields_are_checked_by_name() {
        let got = lines(
            b"{\"text\":1}\n{\"text\":\"\",\"published\":\"soon\"}\n{\"text\":\"\",\"lang\":\"pt\"}\n{\"text\":\"\",\"published\":\"2025-11-03T10:00:00Z\",\"lang\":\"it-IT\"}",
        );
        assert_eq!(got[0], Err("d.jsonl:1: `text` is not a string".to_owned()));
        assert!(got[1].as_ref().is_err_and(|e| e.contains("`published` is not a day")));
        assert!(got[2].as_ref().is_err_and(|e| e.contains("`lang` is not known")));
        let d = got[3].as_ref().expect("a document");
        assert_eq!((d.id.as_str(), d.lang), ("d.jsonl:4", Some(Lang::It)));
        assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2025-11-03"));
    }

    #[test]
    fn a_headline_is_the_title_of_a_text_file() {
        let d =
            plain("\u{feff}Titolo\r\n\r\nCorpo.\n".as_bytes(), "a.txt".into(), "a".into()).expect("readable");
        assert_eq!((d.title.as_str(), d.text.as_str()), ("Titolo", "Corpo.\n"));
        let d =
            plain("Una riga\ndi testo.\n\nAltro.".as_bytes(), "a.txt".into(), "a".into()).expect("readable");
        assert_eq!(d.title, "");
        let error = plain(&b"ok\nab\xffcd"[..], "a.txt".into(), "a".into()).expect_err("not UTF-8");
        assert_eq!(error.to_string(), "a.txt:2: not valid UTF-8 at byte 2");
    }

    #[test]
    fn standard_input_is_sniffed() {
        let ids = |input: &'static [u8]| -> Vec<String> {
            open_stdin(input).map(|d| d.map(|d| d.id).unwrap_or_else(|e| e.to_string())).collect()
        };
        assert_eq!(ids(b"\n {\"id\":\"q\",\"text\":\"\"}"), ["q"]);
        assert_eq!(ids(b"Un articolo"), ["stdin"]);
        assert_eq!(ids(b""), ["stdin"]);
    }
}
