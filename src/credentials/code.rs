//! One-time codes: a person's first way in, handed over on paper or read out.

use jiff::{SignedDuration, Timestamp};

/// What a code is made of: no 0, O, I, L or U, which are taken for others.
const ALPHABET: &[u8; 31] = b"123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many characters are chosen by chance; one more checks them.
const CHOSEN: usize = 15;
/// How long a code can be used.
const LIFE: SignedDuration = SignedDuration::from_hours(72);

/// Why something is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It has another length, or characters that no code has.
    #[error("a code has four groups of four letters and digits")]
    Shape,
    /// One of its characters is wrong, or two are exchanged.
    #[error("a character of the code is mistyped")]
    Mistyped,
}

/// A code as it is handed out, such as `7K3M-Q2XP-9DVT-HW4C`; 74 bits of it are
/// chance.
#[must_use]
pub fn new() -> String {
    let mut places = [0; CHOSEN];
    for place in &mut places {
        *place = rand::random_range(0..31_u32);
    }
    shown(&places)
}

/// Until when a code can be used that is made now.
#[must_use]
pub fn end(now: Timestamp) -> Timestamp {
    let second = now.as_second().saturating_add(LIFE.as_secs());
    Timestamp::from_second(second).unwrap_or(now)
}

/// The one way to write a code that was typed, without telling whether anybody
/// was given it.
///
/// # Errors
/// When it is none.
pub fn read(typed: &str) -> Result<String, CodeError> {
    let mut places = Vec::with_capacity(CHOSEN + 1);
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '－'))
    {
        // Full width, as an input method may leave it.
        let c = match c {
            '０'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        let c = match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            c => c,
        };
        let at = ALPHABET.iter().position(|one| char::from(*one) == c);
        places.push(u32::try_from(at.ok_or(CodeError::Shape)?).map_err(|_| CodeError::Shape)?);
        if places.len() > CHOSEN + 1 {
            return Err(CodeError::Shape);
        }
    }
    match places.split_at_checked(CHOSEN) {
        Some((chosen, [last])) if check(chosen) == *last => Ok(shown(chosen)),
        Some((_, [_])) => Err(CodeError::Mistyped),
        _ => Err(CodeError::Shape),
    }
}

/// The sum of the places, each by its number, modulo a prime: another character
/// or two exchanged ones change it.
fn check(chosen: &[u32]) -> u32 {
    chosen.iter().zip(1..).fold(0, |sum, (place, weight)| (sum + place * weight) % 31)
}

fn shown(chosen: &[u32]) -> String {
    let mut text = String::with_capacity(19);
    for (at, place) in chosen.iter().chain([&check(chosen)]).enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        let at = usize::try_from(*place).unwrap_or(0);
        text.push(char::from(ALPHABET.get(at).copied().unwrap_or(b'?')));
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = new();
        assert_eq!(code.len(), 19);
        assert_ne!(code, new());
        let typed = code.to_lowercase().replace('-', " ").replace('1', "l");
        assert_eq!(read(&typed).unwrap(), code);
        let wide: String = code
            .chars()
            .map(|c| match c {
                '-' => '－',
                c => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            })
            .collect();
        assert_eq!(read(&wide).unwrap(), code);
        for odd in ["", "7K3M", "0000-0000-0000-0000", &format!("{code}7"), &"7".repeat(1 << 20)] {
            assert_eq!(read(odd), Err(CodeError::Shape));
        }
    }

    #[test]
    fn every_wrong_character_and_every_exchange_is_seen() {
        let code: Vec<char> = new().replace('-', "").chars().collect();
        for at in 0..code.len() {
            for other in ALPHABET.iter().map(|c| char::from(*c)).filter(|c| *c != code[at]) {
                let mut wrong = code.clone();
                wrong[at] = other;
                assert_eq!(read(&wrong.iter().collect::<String>()), Err(CodeError::Mistyped));
            }
            if at + 1 < CHOSEN && code[at] != code[at + 1] {
                let mut wrong = code.clone();
                wrong.swap(at, at + 1);
                assert_eq!(read(&wrong.iter().collect::<String>()), Err(CodeError::Mistyped));
            }
        }
    }
}
