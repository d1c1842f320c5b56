//! The methods of the service.

use std::sync::Arc;

use tonic::{Request, Response, Status, Streaming};

use super::pb;
use super::pb::deal_extractor_server::DealExtractor;
use super::shared::{Caller, Shared};
use super::stream::Answers;

/// `siglato.v1.DealExtractor`.
pub(super) struct Service {
    shared: Arc<Shared>,
}

impl Service {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[tonic::async_trait]
impl DealExtractor for Service {
    async fn extract(
        &self,
        request: Request<pb::ExtractRequest>,
    ) -> Result<Response<pb::ExtractResponse>, Status> {
        Ok(Response::new(self.shared.extract(request.into_inner(), Caller::Call).await?))
    }

    type ExtractStreamStream = Answers<Streaming<pb::ExtractStreamRequest>>;

    async fn extract_stream(
        &self,
        request: Request<Streaming<pb::ExtractStreamRequest>>,
    ) -> Result<Response<Self::ExtractStreamStream>, Status> {
        Ok(Response::new(Answers::new(Arc::clone(&self.shared), request.into_inner())))
    }

    async fn recognize(
        &self,
        request: Request<pb::RecognizeRequest>,
    ) -> Result<Response<pb::RecognizeResponse>, Status> {
        Ok(Response::new(self.shared.recognize(request.into_inner()).await?))
    }

    async fn list_models(
        &self,
        _: Request<pb::ListModelsRequest>,
    ) -> Result<Response<pb::ListModelsResponse>, Status> {
        Ok(Response::new(pb::ListModelsResponse { models: self.shared.models.list() }))
    }
}
