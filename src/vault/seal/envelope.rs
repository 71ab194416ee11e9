//! The envelope: what an encrypted blob is on the disk. A header, and the bytes
//! in pieces of 64 KiB, each encrypted with AES-256-GCM under a key that only
//! this envelope has. The nonce of a piece is its number and whether it is the
//! last (the STREAM construction), so that a piece that is missing, moved or
//! added is found where it stands. Memory does not depend on the size. Pure.
//!
//! ```text
//! 8   89 "YDSEAL" 0a
//! 1   version: 1
//! 8   which keys
//! 16  salt
//! …   pieces of 65536 bytes with 16 bytes of tag each; the last may be shorter
//! ```
//!
//! The key is HKDF-SHA-256 of the secret of the blob, the salt, and what the
//! bytes are. The header is authenticated with every piece.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf;

/// With what an envelope begins.
pub const MAGIC: [u8; 8] = *b"\x89YDSEAL\n";
/// The version that this program writes.
const VERSION: u8 = 1;
/// How many bytes a header has.
pub const HEADER: usize = MAGIC.len() + 1 + 8 + 16;
/// How many bytes a piece has before it is encrypted.
pub const PIECE: usize = 64 << 10;
/// How many bytes it has more after.
const TAG: usize = 16;

/// Why an envelope cannot be opened, with its key at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It is not what was written.
    #[error("the encrypted bytes were changed")]
    Changed,
    /// A newer program wrote it.
    #[error("it was encrypted in version {0}, which a newer program knows")]
    Newer(u8),
}

/// The name of a set of keys: random, and no secret.
pub type KeysId = [u8; 8];

/// What stands before the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Which keys it was encrypted with.
    pub keys: KeysId,
    salt: [u8; 16],
}

impl Header {
    /// A header for a new envelope.
    #[must_use]
    pub fn new(keys: KeysId) -> Self {
        Self { keys, salt: rand::random() }
    }

    /// The header in these bytes.
    ///
    /// # Errors
    /// When it is none, or a newer program wrote it.
    pub fn parse(bytes: &[u8; HEADER]) -> Result<Self, EnvelopeError> {
        let changed = EnvelopeError::Changed;
        let rest = bytes.strip_prefix(&MAGIC).ok_or(changed)?;
        let (version, rest) = rest.split_first().ok_or(changed)?;
        match *version {
            VERSION => {}
            0 => return Err(changed),
            newer => return Err(EnvelopeError::Newer(newer)),
        }
        let (keys, salt) = rest.split_first_chunk().ok_or(changed)?;
        Ok(Self { keys: *keys, salt: salt.try_into().map_err(|_| changed)? })
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let parts = MAGIC.iter().chain(&[VERSION]).chain(&self.keys).chain(&self.salt);
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        bytes
    }
}

/// The pieces of an envelope, in order.
struct Pieces {
    key: LessSafeKey,
    header: [u8; HEADER],
    next: u64,
}

impl Pieces {
    /// Those of the envelope with this header, for the blob with this secret;
    /// `about` is what the bytes are.
    fn new(header: &Header, secret: &[u8; 32], about: &[u8]) -> Option<Self> {
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &header.salt).extract(secret);
        let key: UnboundKey = key.expand(&[about], &AES_256_GCM).ok()?.into();
        Some(Self { key: LessSafeKey::new(key), header: header.to_bytes(), next: 0 })
    }

    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.next.to_be_bytes());
        nonce[11] = u8::from(last);
        self.next += 1;
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Makes an envelope, piece by piece.
pub struct Sealing(Pieces);

impl Sealing {
    /// Begins an envelope: its header goes first. None when there can be no key,
    /// which does not happen.
    #[must_use]
    pub fn begin(header: &Header, secret: &[u8; 32], about: &[u8]) -> Option<Self> {
        Pieces::new(header, secret, about).map(Self)
    }

    /// Encrypts a piece where it stands: [`PIECE`] bytes, and the last one as
    /// many as are left.
    ///
    /// # Errors
    /// When the piece is too long.
    pub fn seal(&mut self, piece: &mut Vec<u8>, last: bool) -> Result<(), EnvelopeError> {
        let nonce = self.0.nonce(last);
        let header = Aad::from(self.0.header);
        let sealed = self.0.key.seal_in_place_append_tag(nonce, header, piece);
        sealed.map_err(|_| EnvelopeError::Changed)
    }
}

/// Opens an envelope whose bytes come in pieces of any size.
pub struct Opening {
    pieces: Pieces,
    /// Encrypted bytes that are not a whole piece yet, or the last.
    held: Vec<u8>,
}

impl Opening {
    /// Begins behind the header. None when there can be no key, which does not
    /// happen.
    #[must_use]
    pub fn begin(header: &Header, secret: &[u8; 32], about: &[u8]) -> Option<Self> {
        let held = Vec::with_capacity(PIECE + TAG);
        Some(Self { pieces: Pieces::new(header, secret, about)?, held })
    }

    /// Takes more of it; `out` is given what could be opened.
    ///
    /// # Errors
    /// When it was changed. What was given before is right.
    pub fn push(
        &mut self,
        mut bytes: &[u8],
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), EnvelopeError> {
        while !bytes.is_empty() {
            // A piece is the last one unless there is more.
            if self.held.len() == PIECE + TAG {
                self.open(false, out)?;
            }
            let (some, rest) = bytes.split_at(bytes.len().min(PIECE + TAG - self.held.len()));
            self.held.extend_from_slice(some);
            bytes = rest;
        }
        Ok(())
    }

    /// Takes its end.
    ///
    /// # Errors
    /// When it was changed, or is not the end.
    pub fn finish(mut self, out: &mut impl FnMut(&[u8])) -> Result<(), EnvelopeError> {
        // An empty last piece stands only for no bytes at all.
        if self.held.len() == TAG && self.pieces.next > 0 {
            return Err(EnvelopeError::Changed);
        }
        self.open(true, out)
    }

    fn open(&mut self, last: bool, out: &mut impl FnMut(&[u8])) -> Result<(), EnvelopeError> {
        let nonce = self.pieces.nonce(last);
        let header = Aad::from(self.pieces.header);
        let opened = self.pieces.key.open_in_place(nonce, header, &mut self.held);
        out(opened.map_err(|_| EnvelopeError::Changed)?);
        self.held.clear();
        Ok(())
    }
}

/// How many bytes an envelope has for `bytes` bytes.
#[must_use]
pub fn length_for(bytes: u64) -> u64 {
    let pieces = bytes.div_ceil(PIECE as u64).max(1);
    HEADER as u64 + bytes + pieces * TAG as u64
}

/// The envelope of some bytes. None when there can be no key, which does not
/// happen.
#[must_use]
pub fn seal(header: &Header, secret: &[u8; 32], about: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut sealing = Sealing::begin(header, secret, about)?;
    let mut sealed = Vec::with_capacity(usize::try_from(length_for(bytes.len() as u64)).ok()?);
    sealed.extend(header.to_bytes());
    let (mut piece, mut rest) = (Vec::with_capacity(PIECE + TAG), bytes);
    loop {
        let (some, after) = rest.split_at(rest.len().min(PIECE));
        piece.clear();
        piece.extend_from_slice(some);
        sealing.seal(&mut piece, after.is_empty()).ok()?;
        sealed.extend_from_slice(&piece);
        rest = after;
        if rest.is_empty() {
            return Some(sealed);
        }
    }
}

/// The bytes in an envelope that is at hand as a whole.
///
/// # Errors
/// When it was changed, or a newer program wrote it.
pub fn open(secret: &[u8; 32], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let (header, pieces) = sealed.split_first_chunk().ok_or(EnvelopeError::Changed)?;
    let header = Header::parse(header)?;
    let mut opening = Opening::begin(&header, secret, about).ok_or(EnvelopeError::Changed)?;
    let mut bytes = Vec::with_capacity(pieces.len());
    let mut out = |some: &[u8]| bytes.extend_from_slice(some);
    opening.push(pieces, &mut out)?;
    opening.finish(&mut out)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEYS: KeysId = *b"the keys";
    const SECRET: [u8; 32] = [9; 32];

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        seal(&Header::new(KEYS), &SECRET, b"about", bytes).unwrap()
    }

    fn pieces<const N: usize>(sealed: &[u8]) -> [&[u8]; N] {
        let pieces: Vec<&[u8]> = sealed[HEADER..].chunks(PIECE + TAG).collect();
        pieces.try_into().unwrap()
    }

    fn of(header: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
        [header, &pieces.concat()].concat()
    }

    fn opens(sealed: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
        open(&SECRET, b"about", sealed)
    }

    #[test]
    fn what_was_put_in_comes_out_whatever_its_size() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let sealed = sealed(&bytes);
            assert_eq!(sealed.len() as u64, length_for(size as u64), "{size}");
            assert_eq!(opens(&sealed).unwrap(), bytes, "{size}");
            assert_eq!(open(&[8; 32], b"about", &sealed), Err(EnvelopeError::Changed));
            assert_eq!(open(&SECRET, b"another", &sealed), Err(EnvelopeError::Changed));
        }
    }

    #[test]
    fn two_envelopes_of_the_same_bytes_have_nothing_in_common() {
        let (one, other) = (sealed(b"the same"), sealed(b"the same"));
        assert_eq!(one[..17], other[..17], "which keys they are of can be seen");
        assert_ne!(one[17..], other[17..]);
    }

    #[test]
    fn pieces_that_are_cut_off_moved_doubled_or_of_another_envelope_are_found() {
        let bytes = vec![5; 3 * PIECE + 7];
        let (one, other) = (sealed(&bytes), sealed(&bytes));
        let header = &one[..HEADER];
        let [a, b, c, d] = pieces(&one);
        let strange = pieces::<4>(&other)[1];
        let cases: [&[&[u8]]; 9] = [
            &[],
            &[a],
            &[a, b, c],
            &[b, a, c, d],
            &[a, b, c, d, d],
            &[a, a, b, c, d],
            &[a, b, d],
            &[a, strange, c, d],
            &[d],
        ];
        assert_eq!(opens(&of(header, &[a, b, c, d])).unwrap(), bytes);
        for case in cases {
            assert_eq!(opens(&of(header, case)), Err(EnvelopeError::Changed));
        }
        // A last piece of nothing cannot be put behind a whole one.
        let whole = sealed(&vec![5; PIECE]);
        let key = Header::parse(whole.first_chunk().unwrap()).unwrap();
        let mut forged = Sealing::begin(&key, &SECRET, b"about").unwrap();
        let (mut first, mut empty) = (vec![5; PIECE], Vec::new());
        forged.seal(&mut first, false).unwrap();
        forged.seal(&mut empty, true).unwrap();
        assert_eq!(opens(&of(&whole[..HEADER], &[&first, &empty])), Err(EnvelopeError::Changed));
    }

    #[test]
    fn a_newer_version_is_told_from_damage() {
        let mut sealed = sealed(b"x");
        sealed[8] = 2;
        assert_eq!(opens(&sealed), Err(EnvelopeError::Newer(2)));
        sealed[0] = 0;
        assert_eq!(opens(&sealed), Err(EnvelopeError::Changed));
    }

    proptest! {
        #[test]
        fn every_changed_bit_and_every_cut_is_found(
            bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let right = sealed(&bytes);
            let mut changed = right.clone();
            let at = at.index(right.len());
            changed[at] ^= 1_u8 << bit;
            // Which keys it is of is for whoever chooses the key.
            prop_assert!(opens(&changed).is_err());
            prop_assert!(opens(&right[..at]).is_err());
        }

        #[test]
        fn it_opens_the_same_in_steps_of_any_size(
            size in 0..3 * PIECE, step in 1..2 * PIECE,
        ) {
            let bytes = vec![3; size];
            let sealed = sealed(&bytes);
            let (header, rest) = sealed.split_first_chunk().unwrap();
            let header = Header::parse(header).unwrap();
            let mut opening = Opening::begin(&header, &SECRET, b"about").unwrap();
            let mut opened = Vec::new();
            let mut out = |some: &[u8]| opened.extend_from_slice(some);
            for some in rest.chunks(step) {
                opening.push(some, &mut out).unwrap();
            }
            opening.finish(&mut out).unwrap();
            prop_assert!(opened == bytes);
        }
    }
}
