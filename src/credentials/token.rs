//! Tokens of machines: what they look like, what they may be for, until when.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// What every token begins with, so that one that got out is recognised.
pub const PREFIX: &str = "yd_";
/// The longest life of a token.
const LIFE: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Why a token is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It has no name, or a long one.
    #[error("a token needs a name of at most 80 characters that says which machine has it")]
    Name,
    /// It may do nothing.
    #[error("a token is for at least one thing")]
    Nothing,
    /// It ends too late, or has ended already.
    #[error("a token ends within a year")]
    End,
}

/// A new token, of 256 random bits; it is shown once.
#[must_use]
pub fn new() -> String {
    format!("{PREFIX}{}", super::secret())
}

/// The token of an `Authorization` header; none when it has another shape.
#[must_use]
pub fn of_header(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let rest = token.strip_prefix(PREFIX)?;
    let whole = rest.len() == 64 && rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (scheme.eq_ignore_ascii_case("bearer") && whole).then_some(token)
}

/// The name of a token without blanks around it.
///
/// # Errors
/// When there is none, or it is long or cannot be shown.
pub fn named(name: &str) -> Result<String, TokenError> {
    let name = name.trim();
    match name.chars().count() {
        1..=80 if !name.chars().any(char::is_control) => Ok(name.to_owned()),
        _ => Err(TokenError::Name),
    }
}

/// The end of a token that is good until a day is over in this time zone.
///
/// # Errors
/// When that is past, or more than a year away.
pub fn end(until: Date, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, TokenError> {
    let over = until
        .tomorrow()
        .and_then(|day| zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())));
    match over {
        Ok(end) if end > now && end.duration_since(now) <= LIFE => Ok(end),
        _ => Err(TokenError::End),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_from_a_header_only_whole() {
        let token = new();
        assert_eq!(token.len(), 67);
        assert_eq!(of_header(&format!("Bearer {token}")), Some(token.as_str()));
        assert_eq!(of_header(&format!("bearer {token}")), Some(token.as_str()));
        for odd in [
            token.clone(),
            format!("Basic {token}"),
            format!("Bearer {}", &token[..66]),
            format!("Bearer {token}0"),
            format!("Bearer {}", token.to_uppercase()),
            "Bearer ".into(),
        ] {
            assert_eq!(of_header(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_token_ends_within_a_year() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let ends = |day: &str| end(day.parse().unwrap(), &zone, now);
        assert_eq!(ends("2026-11-23").unwrap().to_string(), "2026-11-23T16:00:00Z");
        assert!(ends("2027-11-23").is_ok());
        for bad in ["2026-11-22", "2027-11-24", "9999-12-31", "-009999-01-01"] {
            assert_eq!(ends(bad), Err(TokenError::End), "{bad}");
        }
    }

    #[test]
    fn a_token_has_a_name_that_can_be_read() {
        assert_eq!(named("  扫描仪 3 ").unwrap(), "扫描仪 3");
        for bad in ["", "  ", "a\nb", &"长".repeat(81)] {
            assert_eq!(named(bad), Err(TokenError::Name));
        }
    }
}
