//! Many documents over one stream: answered as they are done, read no faster than they are.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_stream::Stream;
use tonic::Status;

use super::failure::Failure;
use super::pb;
use super::pb::extract_stream_response::Result as Answer;
use super::shared::{Caller, Shared};

/// The answers to a stream of requests.
///
/// Requests are read when the transport asks for answers, so that a client that fetches none is not read from either.
/// At most [`max_in_flight_per_stream`](super::Limits::max_in_flight_per_stream) documents are read and not yet fetched,
/// and only one of them waits for its place in the work: while the server is full, the stream reads no further. The
/// documents are tasks of this stream and end with it.
pub(super) struct Answers<R> {
    shared: Arc<Shared>,
    /// `None` when no more is read.
    requests: Option<R>,
    /// How the stream ends once all answers are given; well when `None`.
    end: Option<Status>,
    next: u64,
    /// Resolves when the last document read has its place.
    placed: Option<oneshot::Receiver<()>>,
    documents: JoinSet<Result<pb::Extraction, Failure>>,
    /// Whom each task answers.
    asked: HashMap<Id, (String, u64)>,
    closing: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<R> Answers<R> {
    pub fn new(shared: Arc<Shared>, requests: R) -> Self {
        let closing = Box::pin(super::closed(shared.closing.clone()));
        Self {
            shared,
            requests: Some(requests),
            end: None,
            next: 0,
            placed: None,
            documents: JoinSet::new(),
            asked: HashMap::new(),
            closing,
        }
    }

    fn begin(&mut self, request: pb::ExtractStreamRequest) {
        let pb::ExtractStreamRequest { document, min_confidence, model } = request;
        let id = document.as_ref().map(|d| d.id.clone()).unwrap_or_default();
        let request = pb::ExtractRequest { document, min_confidence, model };
        let (place, placed) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        let task = self.documents.spawn(async move {
            let response = shared.extract(request, Caller::Stream(place)).await?;
            Ok(response.extraction.unwrap_or_default())
        });
        self.asked.insert(task.id(), (id, self.next));
        self.next += 1;
        self.placed = Some(placed);
    }

    fn answer(
        &mut self,
        done: Result<(Id, Result<pb::Extraction, Failure>), JoinError>,
    ) -> pb::ExtractStreamResponse {
        let (task, result) = done.unwrap_or_else(|error| {
            tracing::error!("a document's task: {error}");
            (error.id(), Err(Failure::Internal("the document could not be processed".to_owned())))
        });
        let (id, index) = self.asked.remove(&task).unwrap_or_default();
        let result = match result {
            Ok(extraction) => Answer::Extraction(extraction),
            Err(failure) => Answer::Error(failure.into()),
        };
        pb::ExtractStreamResponse { id, index, result: Some(result) }
    }
}

impl<R: Stream<Item = Result<pb::ExtractStreamRequest, Status>> + Unpin> Answers<R> {
    /// Read requests while there is room for them.
    fn read(&mut self, cx: &mut Context<'_>) {
        while self.documents.len() < self.shared.limits.max_in_flight_per_stream.max(1) {
            if let Some(placed) = &mut self.placed {
                if Pin::new(placed).poll(cx).is_pending() {
                    return;
                }
                self.placed = None;
            }
            let Some(requests) = &mut self.requests else { return };
            match Pin::new(requests).poll_next(cx) {
                Poll::Pending => return,
                Poll::Ready(Some(Ok(request))) => self.begin(request),
                Poll::Ready(Some(Err(status))) => {
                    // What was understood is still answered.
                    self.end = Some(status);
                    self.requests = None;
                }
                Poll::Ready(None) => self.requests = None,
            }
        }
    }
}

impl<R: Stream<Item = Result<pb::ExtractStreamRequest, Status>> + Unpin> Stream for Answers<R> {
    type Item = Result<pb::ExtractStreamResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.requests.is_some() && this.closing.as_mut().poll(cx).is_ready() {
            this.requests = None;
            this.end = Some(Failure::Closing.into());
        }
        this.read(cx);
        match ready!(this.documents.poll_join_next_with_id(cx)) {
            Some(done) => Poll::Ready(Some(Ok(this.answer(done)))),
            None if this.requests.is_some() => Poll::Pending,
            None => Poll::Ready(this.end.take().map(Err)),
        }
    }
}
