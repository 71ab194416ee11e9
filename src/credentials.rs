//! 凭据: what a person shows to be let in, and what is kept of it.
//!
//! Nothing that is kept here lets anybody in: passwords, codes and tokens are
//! kept as hashes, second factors as salts under a key that is outside of the
//! database. All of it is expendable: who lost it is given a new code.

pub mod password;
