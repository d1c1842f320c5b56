//! A hub on the loopback that serves one model as huggingface.co does: what a model consists of, small files at their
//! address, and the weights through a redirection.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the server does.
pub struct Content {
    /// The model's name.
    pub id: String,
    /// Its commit.
    pub commit: String,
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Answer every request with this status instead.
    pub refuse: Option<u16>,
    /// Bytes to leave out at the end of the weights.
    pub cut: usize,
    /// Whether an answer that is cut claims to be whole, so that it looks as if the connection broke.
    pub breaks: bool,
}

/// A server that stops when dropped.
pub struct HubServer {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl HubServer {
    pub fn start(content: Content) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stopping, log) = (Arc::clone(&stop), Arc::clone(&seen));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(stream) = stream {
                    answer(stream, &content, address, &log).ok();
                }
            }
        });
        Self { address, stop, seen, thread: Some(thread) }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, as `PATH`, `PATH TOKEN` or `PATH+FIRST BYTE`.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("the log").clone()
    }
}

impl Drop for HubServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        TcpStream::connect(self.address).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn answer(
    mut stream: TcpStream,
    content: &Content,
    address: SocketAddr,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut from, mut to, mut token) = (0, usize::MAX, String::new());
    for line in lines {
        let line = line?;
        let Some((key, value)) = line.split_once(':') else { break };
        match key.to_lowercase().as_str() {
            "range" => {
                let (first, last) =
                    value.trim().trim_start_matches("bytes=").split_once('-').unwrap_or_default();
                from = first.parse().unwrap_or(0);
                to = last.parse().unwrap_or(usize::MAX);
            }
            "authorization" => token = value.to_owned(),
            _ => {}
        }
    }
    let resumed = if from > 0 { format!("+{from}") } else { String::new() };
    log.lock().expect("the log").push(format!("{path}{token}{resumed}"));
    if let Some(status) = content.refuse {
        return reply(&mut stream, status, &[], b"{}");
    }
    let Content { id, commit, files, .. } = content;
    let base = format!("/{id}/resolve/{commit}/");
    if path == format!("/api/models/{id}/revision/main")
        || path == format!("/api/models/{id}/revision/{commit}")
    {
        let siblings: Vec<_> = files.keys().map(|name| serde_json::json!({"rfilename": name})).collect();
        let body = serde_json::json!({"sha": commit, "siblings": siblings}).to_string();
        return reply(&mut stream, 200, &[], body.as_bytes());
    }
    if let Some((name, body)) = path.strip_prefix(&base).and_then(|name| files.get_key_value(name)) {
        let etag = format!("e{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
        if name.ends_with(".safetensors") {
            let headers = [
                format!("Location: http://{address}/cdn/{name}"),
                format!("X-Repo-Commit: {commit}"),
                format!("X-Linked-ETag: \"{etag}\""),
                format!("X-Linked-Size: {}", body.len()),
            ];
            return reply(&mut stream, 302, &headers, b"");
        }
        let headers = [format!("ETag: \"{etag}\""), format!("X-Repo-Commit: {commit}")];
        return partial(&mut stream, &headers, body, from..to, 0, false);
    }
    match path.strip_prefix("/cdn/").and_then(|name| files.get(name)) {
        Some(body) => partial(&mut stream, &[], body, from..to, content.cut, content.breaks),
        None => reply(&mut stream, 404, &[], b"Entry not found"),
    }
}

/// A stretch of a file, `cut` bytes short at the file's end.
fn partial(
    stream: &mut TcpStream,
    headers: &[String],
    body: &[u8],
    wanted: Range<usize>,
    cut: usize,
    breaks: bool,
) -> std::io::Result<()> {
    let from = wanted.start;
    if from >= body.len() {
        return reply(stream, 416, &[], b"");
    }
    let end = wanted.end.saturating_add(1).min(body.len());
    let range = format!("Content-Range: bytes {from}-{}/{}", end - 1, body.len());
    let headers: Vec<String> = headers.iter().cloned().chain([range]).collect();
    let sent = end.saturating_sub(if end == body.len() { cut } else { 0 }).max(from);
    head(stream, 206, &headers, if breaks { end } else { sent } - from)?;
    stream.write_all(&body[from..sent])
}

fn reply(stream: &mut TcpStream, status: u16, headers: &[String], body: &[u8]) -> std::io::Result<()> {
    head(stream, status, headers, body.len())?;
    stream.write_all(body)
}

fn head(stream: &mut TcpStream, status: u16, headers: &[String], length: usize) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status} Status\r\nConnection: close\r\nContent-Length: {length}\r\n")?;
    for header in headers {
        write!(stream, "{header}\r\n")?;
    }
    stream.write_all(b"\r\n")
}
