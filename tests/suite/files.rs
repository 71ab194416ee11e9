//! Small files made on the spot: sound ones, and ones that mean harm.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage};
use lopdf::content::{Content, Operation};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream,
    dictionary,
};

/// A white page with a black square in its top left corner.
pub fn page(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([if x < width / 4 && y < height / 4 { 0 } else { 255 }; 3])
    })
}

pub fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with an EXIF note of how the camera was held (1 to 8).
pub fn photo(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend([0, orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(image).unwrap();
    bytes
}

/// A TIFF of grey pages of the given sizes, each black in its top left corner.
pub fn tiff(sizes: &[(u32, u32)]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    for (width, height) in sizes {
        let grey = DynamicImage::ImageRgb8(page(*width, *height)).into_luma8();
        encoder.write_image::<tiff::encoder::colortype::Gray8>(*width, *height, &grey).unwrap();
    }
    bytes.into_inner()
}

/// One page of a PDF under construction.
#[derive(Default)]
pub struct Sheet {
    pub content: Vec<Operation>,
    pub images: Vec<Stream>,
}

impl Sheet {
    /// A line of text, `size` points high, at points from the lower left corner.
    pub fn text(mut self, text: &str, size: f32, x: f32, y: f32) -> Self {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        self.content.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), size.into()]),
            Operation::new("Td", vec![x.into(), y.into()]),
            Operation::new("Tj", vec![Object::String(utf16, lopdf::StringFormat::Hexadecimal)]),
            Operation::new("ET", vec![]),
        ]);
        self
    }

    /// A picture that fills the page.
    pub fn image(mut self, image: Stream) -> Self {
        let name = format!("X{}", self.images.len());
        self.content.extend([
            Operation::new("q", vec![]),
            Operation::new("cm", [595, 0, 0, 842, 0, 0].map(Object::from).to_vec()),
            Operation::new("Do", vec![name.as_str().into()]),
            Operation::new("Q", vec![]),
        ]);
        self.images.push(image);
        self
    }
}

/// A JPEG as a picture of a PDF.
pub fn jpeg_picture(image: &RgbImage) -> Stream {
    let dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Filter" => "DCTDecode", "ColorSpace" => "DeviceRGB",
        "Width" => i64::from(image.width()), "Height" => i64::from(image.height()), "BitsPerComponent" => 8,
    };
    Stream::new(dict, encoded(image, ImageFormat::Jpeg)).with_compression(false)
}

/// A picture of so many declared pixels whose data unpacks to `bytes` zeros.
pub fn bomb_picture(side: i64, bytes: u64) -> Stream {
    let dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Filter" => "FlateDecode", "ColorSpace" => "DeviceRGB",
        "Width" => side, "Height" => side, "BitsPerComponent" => 8,
    };
    Stream::new(dict, zeros(bytes)).with_compression(false)
}

/// A4 pages whose Chinese font is not embedded, as in old government PDFs.
pub fn pdf(sheets: Vec<Sheet>) -> Document {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let descendant = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "STSong-Light", "DW" => 1000,
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("GB1"), "Supplement" => 2,
        },
    });
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "STSong-Light", "Encoding" => "UniGB-UCS2-H",
        "DescendantFonts" => vec![descendant.into()],
    });
    let mut kids = Vec::new();
    for sheet in sheets {
        let content = Content { operations: sheet.content }.encode().unwrap();
        let content = document.add_object(Stream::new(Dictionary::new(), content));
        let mut pictures = Dictionary::new();
        for (index, image) in sheet.images.into_iter().enumerate() {
            let image = document.add_object(image);
            pictures.set(format!("X{index}"), image);
        }
        kids.push(document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => pictures },
        }));
    }
    let count = kids.len() as i64;
    let kids: Vec<Object> = kids.into_iter().map(Object::from).collect();
    document.objects.insert(
        tree,
        Object::from(dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => count,
            "MediaBox" => [0, 0, 595, 842].map(Object::from).to_vec(),
        }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    document
}

pub fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// The document locked with a password; an empty one opens by itself.
pub fn locked(mut document: Document, password: &str) -> Vec<u8> {
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    saved(document)
}

/// The last line of every page of a [`paper`]: with less text on it, a page is taken for a scan.
pub const FOOTER: &str = "本页归入案卷，供保存与查阅，不得涂改或抽换。";

/// A sound PDF: for every page its lines and the [`FOOTER`], as embedded text.
pub fn paper(pages: &[&[&str]]) -> Vec<u8> {
    let sheet = |lines: &[&str]| {
        let places = (0..).map(|place| 760.0 - 36.0 * place as f32);
        // A page with less text than this last line would be read by OCR.
        lines
            .iter()
            .chain([&FOOTER])
            .zip(places)
            .fold(Sheet::default(), |sheet, (line, y)| sheet.text(line, 18.0, 72.0, y))
    };
    saved(pdf(pages.iter().map(|lines| sheet(lines)).collect()))
}

/// A sound picture of noise, so that it cannot be packed: about three bytes a pixel.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |_, _| Rgb(rand::random()));
    encoded(&image, ImageFormat::Png)
}

/// A picture that says it is of `side` by `side` pixels and is not.
pub fn pixel_bomb(side: u32) -> Vec<u8> {
    let mut png = encoded(&page(64, 48), ImageFormat::Png);
    png[16..20].copy_from_slice(&side.to_be_bytes());
    png[20..24].copy_from_slice(&side.to_be_bytes());
    png
}

/// A PDF of a million pages.
pub fn endless_pdf() -> Vec<u8> {
    let pages = "<</Type/Page>>".repeat(1_000_000);
    let tree = format!("<</Type/Pages/Count 1000000/Kids[{pages}]>>");
    raw_pdf(&["<</Type/Catalog/Pages 2 0 R>>", &tree])
}

/// A PDF from the text of its objects, with a correct table of where they are.
pub fn raw_pdf(objects: &[&str]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes
        .extend(format!("trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

/// A zlib stream that unpacks to at least so many zeros, a hundred and sixtieth as long.
pub fn zeros(bytes: u64) -> Vec<u8> {
    let mut packed = vec![0x78, 0x9C];
    let (mut bits, mut held) = (0u64, 0u32);
    let mut put = |value: u64, count: u32| {
        bits |= value << held;
        held += count;
        while held >= 8 {
            packed.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    // One final block with the fixed code: a zero, then copies of 258 zeros from one byte back, then the end.
    put(0b011, 3);
    put(0b0000_1100, 8);
    for _ in 0..bytes.div_ceil(258) {
        put(0b1010_0011, 8);
        put(0, 5);
    }
    put(0, 7);
    put(0, 7);
    packed.extend([0; 4]);
    packed
}
