//! What is asked of a timestamp authority, and what it answers (RFC 3161). The
//! shape of the answer is checked here; its signature is the auditor's to
//! check, who knows the authority.

use cms::signed_data::EncapsulatedContentInfo;
use der::asn1::{AnyRef, Int, Null, ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Reader};
use jiff::Timestamp;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

/// SHA-256.
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// The content that a token signs.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Why an answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not in the form of an answer.
    #[error("the answer of the authority cannot be read: {0}")]
    Malformed(String),
    /// The authority grants no timestamp.
    #[error("the authority grants no timestamp: {0}")]
    Refused(String),
    /// It is the answer to another question.
    #[error("the answer of the authority is to another question: its {0} is not the one asked")]
    Other(&'static str),
}

impl From<der::Error> for TokenError {
    fn from(error: der::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// A question to an authority: the digest, and a number that nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    digest: [u8; 32],
    nonce: [u8; 8],
}

impl Query {
    /// The question about a SHA-256 digest.
    #[must_use]
    pub fn new(digest: [u8; 32], mut nonce: [u8; 8]) -> Self {
        // A positive number of exactly eight bytes.
        nonce[0] = (nonce[0] & 0x3f) | 0x40;
        Self { digest, nonce }
    }

    /// The bytes of the question.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn to_der(&self) -> Result<Vec<u8>, TokenError> {
        let algorithm = cms::cert::x509::spki::AlgorithmIdentifier {
            oid: SHA256,
            parameters: Some(Any::encode_from(&Null)?),
        };
        let request = TimeStampReq {
            version: TspVersion::V1,
            message_imprint: MessageImprint {
                hash_algorithm: algorithm,
                hashed_message: OctetString::new(&self.digest[..])?,
            },
            req_policy: None,
            nonce: Some(Int::new(&self.nonce)?),
            cert_req: true,
            extensions: None,
        };
        Ok(request.to_der()?)
    }

    /// The time in an answer to this question.
    ///
    /// # Errors
    /// When it is no answer, grants nothing, or is to another question.
    pub fn time(&self, answer: &[u8]) -> Result<Timestamp, TokenError> {
        let malformed = |why: &str| TokenError::Malformed(why.to_owned());
        let answer = TimeStampResp::from_der(answer)?;
        // Granted, or granted with modifications.
        if !matches!(answer.status.status as u32, 0 | 1) {
            return Err(TokenError::Refused(format!("{:?}", answer.status.status)));
        }
        let token = answer.time_stamp_token.ok_or_else(|| malformed("it has no token"))?;
        // Of the signed data only what is signed is looked at: authorities differ in
        // how they write the certificates and signatures after it.
        let signed = AnyRef::from(&token.content).sequence(|reader| {
            let (_version, _algorithms) = (AnyRef::decode(reader)?, AnyRef::decode(reader)?);
            let content = EncapsulatedContentInfo::decode(reader)?;
            while !reader.is_finished() {
                AnyRef::decode(reader)?;
            }
            Ok(content)
        })?;
        if signed.econtent_type != TST_INFO {
            return Err(malformed("what it signs is not a timestamp"));
        }
        let content = signed.econtent.ok_or_else(|| malformed("it signs nothing"))?;
        let info = TstInfo::from_der(content.value())?;
        let imprint = &info.message_imprint;
        if imprint.hash_algorithm.oid != SHA256
            || imprint.hashed_message.as_bytes() != self.digest.as_slice()
        {
            return Err(TokenError::Other("digest"));
        }
        if info.nonce.as_ref().map(Int::as_bytes) != Some(self.nonce.as_slice()) {
            return Err(TokenError::Other("number"));
        }
        let seconds = info.gen_time.to_unix_duration().as_secs();
        let time = i64::try_from(seconds).ok().and_then(|at| Timestamp::from_second(at).ok());
        time.ok_or_else(|| malformed("its time is none"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An answer without a token: status 2, rejection.
    const REJECTED: [u8; 7] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];

    #[test]
    fn a_question_has_digest_and_number_and_asks_for_certificates() {
        let query = Query::new([7; 32], [0xff; 8]);
        let request = TimeStampReq::from_der(&query.to_der().unwrap()).unwrap();
        assert_eq!(request.message_imprint.hashed_message.as_bytes(), [7; 32]);
        assert_eq!(request.nonce.unwrap().as_bytes(), query.nonce);
        assert!(request.cert_req);
        assert!(matches!(query.time(&REJECTED), Err(TokenError::Refused(_))));
        assert!(matches!(query.time(b""), Err(TokenError::Malformed(_))));
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Query::new([7; 32], [1; 8]).time(&bytes);
            let _ = Query::new([7; 32], [1; 8]).time(&[&REJECTED[..2], &bytes].concat());
        }
    }
}
