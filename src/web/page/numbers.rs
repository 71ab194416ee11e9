//! The numbers of the persons of a household in full, for once.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::household::Person;
use crate::web::{filters, keys};

/// The page that shows the numbers; it is gone when it is left.
#[derive(Debug, Template)]
#[template(path = "numbers.html")]
pub struct Numbers {
    /// The frame.
    pub frame: Frame,
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// The persons with their numbers in full.
    pub people: Vec<Person>,
    /// Why they are shown.
    pub reason: String,
}

super::page!(Numbers, Some(Entry::Households), keys::NONE, examples);

fn examples() -> Vec<Numbers> {
    let person = |name: &str, relation: &str, number: &str| Person {
        name: name.to_owned(),
        relation: relation.to_owned(),
        number: number.to_owned(),
    };
    vec![
        Numbers {
            frame: Frame::sample(),
            no: "99010200300400127".to_owned(),
            head: "周桂兰".to_owned(),
            people: vec![person("周桂兰", "", "990102194912310021"), person("周小满", "孙女", "")],
            reason: "复审".to_owned(),
        },
        Numbers {
            frame: Frame::extreme(),
            no: "99010200300499999".to_owned(),
            head: "阿卜杜勒艾则孜吾买尔江".to_owned(),
            people: (0..20)
                .map(|_| person("阿卜杜勒艾则孜吾买尔江", "其他亲属", "990102194912310021"))
                .collect(),
            reason: "字".repeat(200),
        },
    ]
}
