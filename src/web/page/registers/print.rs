//! What is printed: a register as on paper, and the sheet on which is signed for payments.

use askama::Template;

use super::super::Page;
use super::super::frame::Frame;
use super::super::payments::Signs;
use super::{Head, Narrowing, Row, sample};
use crate::web::{filters, keys};

/// A register as it is printed: A4 landscape.
#[derive(Debug, Template)]
#[template(path = "register_print.html")]
pub struct RegisterPrint {
    /// The frame.
    pub frame: Frame,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// By what it is narrowed.
    pub asked: Narrowing,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether there are more than are printed.
    pub more: bool,
    /// When it was printed.
    pub printed: String,
}

impl RegisterPrint {
    /// The address of the register on screen.
    pub fn back(&self) -> String {
        self.asked.address(&format!("/registers/{}", self.code))
    }
}

/// 领取金签字表 with the code of its row.
#[derive(Debug, Template)]
#[template(path = "register_sheet.html")]
pub struct SignSheet {
    /// The frame.
    pub frame: Frame,
    /// Where its row is.
    pub back: String,
    /// The month.
    pub month: String,
    /// Whose sheet it is.
    pub organisation: String,
    /// The code, as text.
    pub code: String,
    /// The code as a QR code, SVG.
    pub qr: Option<String>,
    /// The households.
    pub rows: Vec<Signs>,
    /// The sum in yuan.
    pub sum: String,
    /// The sum when the sheet was issued; it differs when the roster changed.
    pub issued: String,
    /// The day it is printed on.
    pub day: String,
}

super::super::page!(RegisterPrint, None, keys::NONE, sample::prints);
super::super::page!(SignSheet, None, keys::NONE, sample::sheets);
