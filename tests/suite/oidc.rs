//! Signing in at a provider: one that keeps to the rules, and one that breaks
//! each of them.

pub mod provider;

use jiff::Timestamp;
use yidang::credentials::oidc::{Back, Known, OidcError, Provider, Sent};

use provider::{CLIENT, Running, SECRET, Signed, Twist};

const BACK: &str = "https://yidang.example/signin/provider/back";

fn now() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn ours(running: &Running) -> Provider {
    Provider { issuer: running.issuer(), client: CLIENT.into(), secret: SECRET.into() }
}

/// Goes where somebody was sent; returns code and state they come back with.
async fn come_back(sent: &Sent) -> (String, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let answer = client.build().unwrap().get(&sent.address).send().await.unwrap();
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    let (back, query) = to.split_once('?').unwrap();
    assert_eq!(back, BACK);
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(one, _)| *one == name).unwrap().1.to_owned()
    };
    (value("code"), value("state"))
}

/// The whole way, by the rules on our side.
async fn whole_way(provider: &Provider) -> Result<Known, OidcError> {
    let sent = provider.send(BACK).await?;
    let (code, state) = come_back(&sent).await;
    assert_eq!(state, sent.state);
    let with = Back { code: &code, issuer: "", nonce: &sent.nonce, verifier: &sent.verifier };
    provider.who(BACK, with, now()).await
}

#[tokio::test]
async fn who_comes_back_is_who_the_provider_says() {
    let running = Running::new(now().as_second()).await;
    let provider = ours(&running);
    for signed in [Signed::Rs256, Signed::Es256, Signed::EdDsa] {
        running.signs(signed);
        let known = whole_way(&provider).await.unwrap();
        assert_eq!((known.subject.as_str(), known.name.as_str()), ("248289761001", "zhao.yumei"));
    }
}

#[tokio::test]
async fn a_provider_that_breaks_a_rule_lets_nobody_in() {
    let running = Running::new(now().as_second()).await;
    let provider = ours(&running);
    for (twist, word) in [
        (Twist::Nonce, "nonce"),
        (Twist::Audience, "audience"),
        (Twist::TwoAudiences, "audience"),
        (Twist::Expired, "ended"),
        (Twist::Early, "to come"),
        (Twist::Issuer, "issuer"),
        (Twist::Unsigned, "ignature"),
        (Twist::Shared, "algorithm"),
        (Twist::ForeignKey, "ignature"),
        (Twist::Changed, "ignature"),
        (Twist::NoToken, "none"),
        (Twist::AccessToken, "access token"),
        (Twist::Discovery, "issuer"),
        (Twist::Elsewhere, "https"),
        (Twist::Endless, "more than"),
    ] {
        running.breaks(twist);
        let said = whole_way(&provider).await.unwrap_err().to_string();
        assert!(said.contains(word), "{twist:?}: {said}");
    }
    running.breaks(Twist::None);
    assert!(whole_way(&provider).await.is_ok(), "by the rules it works");
}

#[tokio::test]
async fn a_code_is_good_once_and_with_what_was_kept() {
    let running = Running::new(now().as_second()).await;
    let provider = ours(&running);
    let sent = provider.send(BACK).await.unwrap();
    let (code, _) = come_back(&sent).await;
    let with = Back { code: &code, issuer: "", nonce: &sent.nonce, verifier: &sent.verifier };
    let other = Back { issuer: "https://another.example", ..with };
    assert!(matches!(provider.who(BACK, other, now()).await, Err(OidcError::Code(_))));
    assert!(provider.who(BACK, with, now()).await.is_ok());
    assert!(matches!(provider.who(BACK, with, now()).await, Err(OidcError::Code(_))), "used");

    let sent = provider.send(BACK).await.unwrap();
    let (code, _) = come_back(&sent).await;
    let verifier = "another-verifier-of-forty-three-characters-x";
    let with = Back { code: &code, issuer: "", nonce: &sent.nonce, verifier };
    assert!(matches!(provider.who(BACK, with, now()).await, Err(OidcError::Code(_))));
    let stranger = Provider { secret: "wrong".into(), ..provider };
    assert!(matches!(whole_way(&stranger).await, Err(OidcError::Code(_))));
}
