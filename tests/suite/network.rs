//! How the server is reached: protected, by its names, through proxies that it
//! trusts; and what is not heard.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::served::{Server, serve_nobody, yidang};

const NAME: &str = "yidang.example.gov.cn";
/// Answered to everybody.
const PUBLIC: &str = "/api/v1/openapi.json";

/// A new certificate, written where the server reads it.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

/// A founded archive in `folder` with these settings, served.
fn served(folder: &Path, settings: &str) -> (Server, SocketAddr) {
    assert!(yidang(folder).arg("init").output().unwrap().status.success());
    std::fs::write(folder.join("yidang.toml"), settings).unwrap();
    let server = serve_nobody(yidang(folder));
    let port = server.address.rsplit(':').next().unwrap().parse().unwrap();
    (server, SocketAddr::from(([127, 0, 0, 1], port)))
}

const TLS: &str = "[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n";

fn protected() -> String {
    format!("names = [\"{NAME}\"]\n{TLS}")
}

type Version = &'static SupportedProtocolVersion;

/// A protected connection to somebody who has exactly this certificate.
async fn connect(
    to: SocketAddr,
    certificate: &CertificateDer<'static>,
    version: Version,
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(to).await?;
    let name = ServerName::try_from(NAME).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Sends a request and reads to the end; the answer in small letters.
async fn ask(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, head: &str) -> String {
    let text = format!("{}\r\nConnection: close\r\n\r\n", head.replace('\n', "\r\n"));
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).to_lowercase()
}

async fn plainly(to: SocketAddr, head: &str) -> String {
    ask(TcpStream::connect(to).await.unwrap(), head).await
}

#[tokio::test]
async fn the_server_speaks_tls_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let ours = certificate(folder.path());
    let (_server, at) = served(folder.path(), &protected());
    let get = format!("GET {PUBLIC} HTTP/1.1\nHost: {NAME}");
    for version in [&TLS12, &TLS13] {
        let stream = connect(at, &ours, version, "http/1.1").await.unwrap();
        let answer = ask(stream, &get).await;
        assert!(answer.starts_with("http/1.1 200 "), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    }
    let clear = plainly(at, &get).await;
    assert!(clear.starts_with("http/1.1 400 ") && clear.contains("https://"), "{clear}");

    let stream = connect(at, &ours, &TLS13, "http/1.1").await.unwrap();
    let foreign = ask(stream, &format!("GET {PUBLIC} HTTP/1.1\nHost: evil.example")).await;
    assert!(foreign.starts_with("http/1.1 421 "), "{foreign}");
    let stream = connect(at, &ours, &TLS13, "http/1.1").await.unwrap();
    let page = ask(stream, "GET / HTTP/1.1\nHost: evil.example").await;
    assert!(page.starts_with("http/1.1 421 "), "{page}");
    let stream = connect(at, &ours, &TLS13, "http/1.1").await.unwrap();
    let api = ask(stream, "GET /api/v1/status HTTP/1.1\nHost: evil.example").await;
    assert!(api.starts_with("http/1.1 421 "), "before it is asked who it is: {api}");

    let another = generate_simple_self_signed(vec![NAME.to_owned()]).unwrap().cert.der().clone();
    assert!(connect(at, &another, &TLS13, "http/1.1").await.is_err(), "the test looks at it");
}

#[tokio::test]
async fn the_server_speaks_http_2() {
    let folder = tempfile::tempdir().unwrap();
    let ours = certificate(folder.path());
    let (_server, at) = served(folder.path(), &protected());
    for (name, status) in [(NAME, 200), ("evil.example", 421)] {
        let mut stream = connect(at, &ours, &TLS13, "h2").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        // The preface, empty settings, and one request: HEADERS with END_STREAM
        // and END_HEADERS; method GET, scheme https, authority, path.
        let mut head = vec![0x82, 0x87, 0x41, u8::try_from(name.len()).unwrap()];
        head.extend(name.as_bytes());
        head.extend([0x44, u8::try_from(PUBLIC.len()).unwrap()]);
        head.extend(PUBLIC.as_bytes());
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
        bytes.extend([0, 0, u8::try_from(head.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
        bytes.extend(head);
        stream.write_all(&bytes).await.unwrap();
        loop {
            let mut frame = [0; 9];
            stream.read_exact(&mut frame).await.unwrap();
            let length = usize::from(frame[1]) << 8 | usize::from(frame[2]);
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            if frame[3] == 1 {
                // 200 is the eighth of the static table; others are written out.
                let told = if body[0] == 0x88 { 200 } else { 421 };
                assert_eq!(told, status, "{body:?}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_without_a_stop() {
    let folder = tempfile::tempdir().unwrap();
    let first = certificate(folder.path());
    let (_server, at) = served(folder.path(), &protected());
    assert!(connect(at, &first, &TLS13, "http/1.1").await.is_ok());
    std::fs::write(folder.path().join("cert.pem"), "half a file").unwrap();
    assert!(connect(at, &first, &TLS13, "http/1.1").await.is_ok(), "the one before stays");
    let second = certificate(folder.path());
    assert!(connect(at, &second, &TLS13, "http/1.1").await.is_ok());
    assert!(connect(at, &first, &TLS13, "http/1.1").await.is_err());
}

#[tokio::test]
async fn who_says_nothing_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let ours = certificate(folder.path());
    let (_server, at) = served(folder.path(), &protected());
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(at).await.unwrap());
    }
    let stream = connect(at, &ours, &TLS13, "http/1.1").await.unwrap();
    let answer = ask(stream, &format!("GET {PUBLIC} HTTP/1.1\nHost: {NAME}")).await;
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
}

#[test]
fn beyond_this_machine_nothing_is_served_unprotected() {
    let folder = tempfile::tempdir().unwrap();
    assert!(yidang(folder.path()).arg("init").output().unwrap().status.success());
    let refused = |settings: &str| {
        std::fs::write(folder.path().join("yidang.toml"), settings).unwrap();
        let mut command: Command = yidang(folder.path());
        let done = command.args(["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
        assert_eq!(done.status.code(), Some(2));
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(refused("").contains("[tls]"));
    assert!(refused(TLS).contains("names"));
    assert!(refused("[tls]\ncertificate = \"cert.pem\"\n").contains("belong together"));
    // The files have to be there, too.
    std::fs::write(folder.path().join("yidang.toml"), protected()).unwrap();
    let done = yidang(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&done.stderr).contains("cert.pem"));
}

#[tokio::test]
async fn only_a_proxy_of_the_settings_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let names = format!("names = [\"{NAME}\"]\n");
    let told = format!(
        "GET {PUBLIC} HTTP/1.1\nHost: backend.internal\nX-Forwarded-Host: {NAME}\n\
         X-Forwarded-Proto: https\nX-Forwarded-For: 203.0.113.9"
    );
    {
        let (_server, at) = served(folder.path(), &names);
        let forged = plainly(at, &told).await;
        assert!(forged.starts_with("http/1.1 421 "), "{forged}");
        let forged = plainly(at, &told.replace("backend.internal", "localhost")).await;
        assert!(!forged.contains("strict-transport-security"), "{forged}");
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, at) =
        served(folder.path(), &format!("{names}[proxy]\ntrusted = [\"127.0.0.1\"]\n"));
    let answer = plainly(at, &told).await;
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
    assert!(answer.contains("strict-transport-security"), "{answer}");
    let clear = plainly(at, &told.replace("https", "http")).await;
    assert!(clear.starts_with("http/1.1 403 "), "{clear}");
    let evil = plainly(at, &told.replace(NAME, "evil.example")).await;
    assert!(evil.starts_with("http/1.1 421 "), "{evil}");
    // A program on the machine itself still reaches the server without it.
    let local = plainly(at, &format!("GET {PUBLIC} HTTP/1.1\nHost: localhost")).await;
    assert!(local.starts_with("http/1.1 200 "), "{local}");
}

#[tokio::test]
async fn what_is_no_request_is_answered_shortly_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, at) = served(folder.path(), "");
    let long = "x".repeat(1 << 20);
    for odd in [
        format!("GET /{long} HTTP/1.1\nHost: localhost"),
        format!("GET / HTTP/1.1\nHost: localhost\nX: {long}"),
        "GET / HTTP/1.1\nHost: localhost\nHost: evil.example".to_owned(),
        "GET / HTTP/1.1\nHost: local host".to_owned(),
        "POST / HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 2".to_owned(),
        "nonsense".to_owned(),
    ] {
        let asked = plainly(at, &odd);
        let answer = tokio::time::timeout(Duration::from_secs(20), asked).await.unwrap();
        let refused = answer.is_empty() || answer.starts_with("http/1.1 4");
        assert!(refused, "{}: {answer}", &odd[..40.min(odd.len())]);
    }
    let fine = plainly(at, &format!("GET {PUBLIC} HTTP/1.1\nHost: localhost")).await;
    assert!(fine.starts_with("http/1.1 200 "), "{fine}");
}
