//! What all calls share, and what is done for one document.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::admission::Admission;
use super::failure::Failure;
use super::limits::Limits;
use super::models::Models;
use super::trace::Trace;
use super::validate::{self, Id};
use super::{convert, pb};

/// The state of a server.
pub(super) struct Shared {
    pub models: Models,
    pub limits: Limits,
    /// Turns true when the server is to take no more work.
    pub closing: watch::Receiver<bool>,
    admission: Admission,
}

/// Who asks for a document's deals.
pub(super) enum Caller {
    /// A call of its own.
    Call,
    /// A stream, which reads its next request when this is dropped: when the document has its place in the work.
    Stream(oneshot::Sender<()>),
}

impl Shared {
    pub fn new(models: Models, limits: Limits, closing: watch::Receiver<bool>) -> Self {
        let admission = Admission::new(&limits);
        Self { models, limits, closing, admission }
    }

    /// The deals of one document, with the document's id. Dropping the future withdraws the document.
    pub async fn extract(
        &self,
        request: pb::ExtractRequest,
        caller: Caller,
    ) -> Result<pb::ExtractResponse, Failure> {
        let pb::ExtractRequest { document, min_confidence, model } = request;
        let (method, id) = match caller {
            Caller::Call => ("Extract", Id::Optional),
            Caller::Stream(_) => ("ExtractStream", Id::Required),
        };
        let (name, characters) = document
            .as_ref()
            .map_or(("", 0), |d| (d.id.as_str(), d.title.chars().count() + d.text.chars().count()));
        let trace = Trace::begin(method, name, characters);
        let result = async {
            let (document, min_confidence) =
                validate::extract(document, min_confidence, id, self.models.max_characters())?;
            let (extractor, model) = self.models.extractor(&model)?;
            let place = match caller {
                Caller::Call => self.admission.enter().await?,
                Caller::Stream(read_on) => {
                    let place = self.admission.wait().await?;
                    drop(read_on);
                    place
                }
            };
            let mut found = Arc::clone(extractor).extract_async(document).await?;
            drop(place);
            found.events.retain(|event| event.confidence >= min_confidence);
            let id = std::mem::take(&mut found.id);
            Ok(pb::ExtractResponse { id, extraction: Some(convert::extraction(found, model)) })
        }
        .await;
        trace.end(&result, |response| response.extraction.as_ref().map_or(0, |e| e.events.len()));
        result
    }

    /// The labelled stretches of a text. Dropping the future withdraws the text.
    pub async fn recognize(
        &self,
        mut request: pb::RecognizeRequest,
    ) -> Result<pb::RecognizeResponse, Failure> {
        let model = std::mem::take(&mut request.model);
        let trace = Trace::begin("Recognize", &model, request.text.chars().count());
        let result = async {
            let (text, min_confidence) = validate::recognize(request, self.models.max_characters())?;
            let recognizer = self.models.recognizer(&model)?;
            let place = self.admission.enter().await?;
            let mut spans = recognizer.recognize(text).await?;
            drop(place);
            spans.retain(|span| span.score >= min_confidence);
            let entities = spans.into_iter().map(convert::entity).collect();
            Ok(pb::RecognizeResponse { entities, model: recognizer.name().to_owned() })
        }
        .await;
        trace.end(&result, |response| response.entities.len());
        result
    }
}
