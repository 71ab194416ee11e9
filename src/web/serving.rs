//! Connections: accepted, protected, bounded in number and in patience, and
//! ended in good order.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::origin::Peer;
use super::tls::Certificate;

/// So many connections at the same time; the next ones wait to be accepted.
const MOST: usize = 1024;
/// How long a connection may take to be protected.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take, also that of the next one.
const HEAD: Duration = Duration::from_secs(30);
/// So many requests at the same time over one connection.
const STREAMS: u32 = 64;
/// How long requests may go on after the end was asked for.
const LAST: Duration = Duration::from_secs(10);
/// How a connection begins that is to be protected.
const HELLO: u8 = 0x16;

/// What answers, over what, to whom.
pub(crate) struct Serving {
    /// What answers.
    pub(crate) router: Router,
    /// What protects; in the clear without.
    pub(crate) certificate: Option<Certificate>,
    /// Proxies that may ask in the clear from other machines.
    pub(crate) proxies: Vec<IpAddr>,
}

/// Serves until `stopped`, then ends what is under way.
pub(crate) async fn serve(
    listener: TcpListener,
    serving: Serving,
    stopped: impl Future<Output = ()>,
) -> io::Result<()> {
    let serving = Arc::new(serving);
    let places = Arc::new(Semaphore::new(MOST));
    let graceful = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stopped => break,
        };
        let (Ok(place), Ok((stream, address))) = (place, accepted) else {
            // Too many open files, or whoever called is gone already.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (serving, watcher) = (Arc::clone(&serving), graceful.watcher());
        tokio::spawn(async move {
            serving.one(stream, address.ip().to_canonical(), place, watcher).await;
        });
    }
    drop(listener);
    drop(timeout(LAST, graceful.shutdown()).await);
    Ok(())
}

impl Serving {
    async fn one(
        &self,
        stream: TcpStream,
        address: IpAddr,
        place: OwnedSemaphorePermit,
        watcher: Watcher,
    ) {
        drop(stream.set_nodelay(true));
        let Some(certificate) = &self.certificate else {
            if address.is_loopback() || self.proxies.contains(&address) {
                self.speak(stream, Peer { address, tls: false }, place, watcher).await;
            }
            return;
        };
        let handshake = async {
            let mut first = [0];
            if stream.peek(&mut first).await? == 1 && first[0] != HELLO {
                return in_the_clear(stream).await.map(|()| None);
            }
            TlsAcceptor::from(certificate.current()).accept(stream).await.map(Some)
        };
        match timeout(HANDSHAKE, handshake).await {
            Ok(Ok(Some(stream))) => {
                self.speak(stream, Peer { address, tls: true }, place, watcher).await;
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a connection was not protected"),
            Err(_) => tracing::debug!("a connection was not protected in time"),
        }
    }

    async fn speak(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: Peer,
        place: OwnedSemaphorePermit,
        watcher: Watcher,
    ) {
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEAD)
            .keep_alive_timeout(HANDSHAKE)
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(64 << 10);
        let answering = self.router.clone().map_request(known_as(peer));
        let service = TowerToHyperService::new(answering);
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke off");
        }
        drop(place);
    }
}

/// Says with every request who is at the other end.
fn known_as<B>(peer: Peer) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |mut request| {
        request.extensions_mut().insert(peer);
        request
    }
}

/// Tells somebody who speaks in the clear what to do, and hears nothing.
async fn in_the_clear(mut stream: TcpStream) -> io::Result<()> {
    const ANSWER: &[u8] =
        b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Connection: close\r\nContent-Length: 48\r\n\r\n\
        This address is protected: it is with https://.\n";
    stream.write_all(ANSWER).await?;
    stream.shutdown().await
}
