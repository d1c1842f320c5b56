//! The gRPC service: `proto/siglato/v1/siglato.proto` over an [`Extractor`](crate::extract::Extractor) and any number of
//! token-classification models, with health checks and reflection.
//!
//! No work outlives its call: what a call does hangs off its future (or, in a stream, off the answers' stream), and
//! dropping that withdraws the documents from the inference core's queue.

mod admission;
mod convert;
mod failure;
mod limits;
mod models;
pub mod pb;
mod recognizer;
mod service;
mod shared;
mod stream;
mod trace;
mod validate;

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::server::NamedService;
use tonic::transport::server::{Router, TcpIncoming};
use tonic_health::ServingStatus;

pub use limits::Limits;
pub use models::{DuplicateModel, ModelInfo, Models};
pub use recognizer::{RecognizeError, Recognizer};

use pb::deal_extractor_server::DealExtractorServer;
use service::Service;
use shared::Shared;

/// The service cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address belongs to another program.
    #[error("{address} is taken by another program (is siglato running already?); port 0 takes a free one")]
    Taken {
        /// The address.
        address: String,
    },
    /// The address cannot be listened on.
    #[error("listening on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The descriptors that reflection shows are broken.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("serving: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Listen on an address, `HOST:PORT`; port 0 takes a free one.
///
/// # Errors
/// When the address is taken, or is none of this machine.
pub async fn listen(address: &str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken { address: address.to_owned() },
        _ => ServeError::Listen { address: address.to_owned(), source },
    })
}

/// Serve until `shutdown` is done, then finish the calls in work, but for no longer than [`Limits::grace`].
///
/// # Errors
/// When the transport fails.
pub async fn serve(
    listener: TcpListener,
    models: Models,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (close, closing) = watch::channel(false);
    let (health, router) = router(models, limits, closing.clone()).await?;
    let incoming =
        TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(limits.keepalive));
    let mut server = pin!(router.serve_with_incoming_shutdown(incoming, closed(closing)));
    tokio::select! {
        ended = &mut server => return Ok(ended?),
        () = shutdown => {}
    }
    tracing::info!("shutting down");
    for service in ["", DealExtractorServer::<Service>::NAME] {
        health.set_service_status(service, ServingStatus::NotServing).await;
    }
    close.send_replace(true);
    match tokio::time::timeout(limits.grace, server).await {
        Ok(ended) => Ok(ended?),
        Err(_) => {
            tracing::warn!("calls were still open after {:.0} s and are cut off", limits.grace.as_secs_f32());
            Ok(())
        }
    }
}

/// Done when the server is to take no more work.
async fn closed(mut closing: watch::Receiver<bool>) {
    // The sender lives as long as the server; were it gone, there would be nothing left to serve either.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// All services on one port.
async fn router(
    models: Models,
    limits: Limits,
    closing: watch::Receiver<bool>,
) -> Result<(tonic_health::server::HealthReporter, Router), ServeError> {
    let service = Service::new(Arc::new(Shared::new(models, limits, closing)));
    let service = DealExtractorServer::new(service)
        .max_decoding_message_size(limits.max_message_bytes)
        .max_encoding_message_size(limits.max_message_bytes);
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<DealExtractorServer<Service>>().await;
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(pb::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let router = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(limits.keepalive))
        .http2_keepalive_timeout(Some(limits.keepalive_timeout))
        .max_concurrent_streams(limits.max_calls_per_connection)
        .add_service(service)
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        // Older clients (grpcurl before 1.9, some of Python's) ask for this one.
        .add_service(reflection().build_v1alpha()?);
    Ok((health, router))
}
