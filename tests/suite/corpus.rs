//! Every input that fuzzing kept, and what it found: read again on every run
//! by the functions that the fuzz targets call (`tests/fuzz/`), as it is, cut
//! off, and changed in some places. `FUZZ` says how many changed ones there are
//! of each target; they follow from a seed.

#[path = "../fuzz/inputs.rs"]
mod inputs;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::crash::dice::Dice;
use crate::crash::number;

/// How many changed inputs are read of each target.
const CHANGED: u64 = 3000;
/// A bag is a folder of files, which takes longer.
const CHANGED_BAGS: u64 = 150;
/// A table is read several times over, one of them as a workbook.
const CHANGED_TABLES: u64 = 600;

/// What parsers look for: put into an input, or over a part of it.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\n\n",
    b" ",
    b"\0",
    b"=",
    b"0",
    b"-1",
    b"18446744073709551615",
    b"9223372036854775807",
    b"\xe2\x80\x94 ",
    b"index ",
    b"log ",
    b"witness ",
    b"group ",
    b"quorum ",
    b"any ",
    b"all ",
    b"{",
    b"[",
    b"}",
    b"\"\":",
    b"null",
    b"=== data/proof.json\n",
    b"\xff\xff",
    b"\xf0\x9f",
    b"data/",
    b"../",
    b",",
    b"\"",
    b"\r\n",
    b"<c r=\"XFD1048576\" t=\"s\"><v>4294967295</v></c>",
    b"<row r=\"4294967295\">",
    b"<f t=\"shared\" si=\"4294967295\" ref=\"A1:XFD1048576\">",
    b"<mergeCell ref=\"A1:XFD1048576\"/>",
    b"&#x0;",
    b"\x81\x30\x81\x30",
];

/// One input made of others.
fn changed(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = dice.of(corpus).unwrap().clone();
    for _ in 0..=dice.below(6) {
        let end = bytes.len() as u64;
        let at = usize::try_from(dice.below(end + 1)).unwrap();
        let to = at + usize::try_from(dice.below(1 + (end - at as u64).min(40))).unwrap();
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..to, [])),
            3 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let other = dice.of(corpus).unwrap();
                let from = usize::try_from(dice.below(other.len() as u64 + 1)).unwrap();
                bytes.splice(at..to, other[from..].iter().take(200).copied());
            }
            _ => drop(bytes.splice(at..to, dice.of(PIECES).unwrap().iter().copied())),
        }
    }
    bytes
}

#[test]
fn no_input_makes_a_reader_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let seed = number("YIDANG_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    for (name, read) in inputs::TARGETS {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(name))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        let corpus: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
        assert!(!corpus.is_empty(), "{name} has no corpus");
        let tries = |bytes: &[u8]| {
            if let Err(cause) = catch_unwind(AssertUnwindSafe(|| read(bytes))) {
                eprintln!("{name}, seed {seed}: {:?}", String::from_utf8_lossy(bytes));
                eprintln!("in hexadecimal, to be kept: {}", hex::encode(bytes));
                std::panic::resume_unwind(cause);
            }
        };
        for bytes in &corpus {
            tries(bytes);
            (0..bytes.len()).step_by(1 + bytes.len() / 40).for_each(|at| tries(&bytes[..at]));
        }
        let usual = match *name {
            "bag" => CHANGED_BAGS,
            "table" => CHANGED_TABLES,
            _ => CHANGED,
        };
        let (count, mut dice) = (number("FUZZ").unwrap_or(usual), Dice::new(seed));
        (0..count).for_each(|_| tries(&changed(&mut dice, &corpus)));
        if number("FUZZ").is_some() {
            eprintln!("{name}: {count} changed inputs read, seed {seed}");
        }
    }
}
