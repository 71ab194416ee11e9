//! What is on a page and where: a drawing device that draws nothing and takes notes.

use hayro::hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect};

use super::super::layout::{Direction, Glyph};

/// Glyph space: a thousand units to the font size, Chinese glyphs from a little under the baseline to their height.
const EM: f64 = 1000.0;
const DESCENT: f64 = -120.0;
const ASCENT: f64 = 880.0;
/// Share of the page below which a picture is a logo or a seal.
const NOTABLE: f64 = 0.04;

/// The notes.
pub(super) struct Survey {
    /// Glyphs with places.
    pub(super) glyphs: Vec<Glyph>,
    /// Share of the page that pictures cover, from 0 to 1.
    pub(super) picture: f64,
    /// Pixels for each unit of the page of the finest of those pictures.
    pub(super) picture_density: f64,
    /// Whether the text is there to be found but not to be seen, as scanners add it.
    pub(super) hidden: bool,
    /// Width and height of what the places refer to.
    pub(super) size: (u32, u32),
    page: Rect,
    visible: usize,
}

impl Survey {
    /// Surveys a page, in units of the page with the origin at its top left.
    pub(super) fn of<'a>(
        page: &'a Page<'a>,
        cache: &InterpreterCache<'a>,
        settings: &InterpreterSettings,
    ) -> Self {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut survey = Survey {
            glyphs: Vec::new(),
            picture: 0.0,
            picture_density: 0.0,
            hidden: false,
            size: (0, 0),
            page: area,
            visible: 0,
        };
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, area, cache, page.xref(), settings.clone());
        interpret_page(page, &mut context, &mut survey);
        survey.hidden = survey.visible * 2 < survey.glyphs.len();
        survey
    }

    /// The same survey in pixels of a page image of this size.
    pub(super) fn scaled_to(mut self, size: (u32, u32)) -> Self {
        let x = f64::from(size.0) / self.page.width().max(1.0);
        let y = f64::from(size.1) / self.page.height().max(1.0);
        for glyph in &mut self.glyphs {
            let [left, top, right, bottom] = glyph.area;
            glyph.area = [left * x, top * y, right * x, bottom * y];
            glyph.size *= y;
        }
        self.size = size;
        self
    }
}

impl<'a> Device<'a> for Survey {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                // A sign nobody knows the meaning of: the judge has to know of it.
                None => char::REPLACEMENT_CHARACTER.to_string(),
            };
            let advance = match &**glyph {
                Drawn::Outline(outline) => outline.advance_width(),
                Drawn::Type3(drawn) => drawn.advance_width(),
            };
            let advance = advance.map(f64::from).filter(|advance| *advance > 0.0).unwrap_or(EM);
            let place = props.transform * glyph.transform();
            let corners = Rect::new(0.0, DESCENT, advance, ASCENT);
            let area = place.transform_rect_bbox(corners);
            self.glyphs.push(Glyph {
                text,
                area: [area.x0, area.y0, area.x1, area.y1],
                direction: direction(place, vertical),
                size: (place * Point::new(0.0, EM)).distance(place * Point::ZERO),
            });
            if !matches!(mode, DrawMode::Invisible) {
                self.visible += 1;
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let area = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let share = area.intersect(self.page).area() / self.page.area().max(1.0);
        // Some scanners cut a page into strips, others lay sharp ink over blurred paper: shares add up, the finest counts.
        self.picture = (self.picture + share).min(1.0);
        if share >= NOTABLE {
            // A picture turned on the page has its width along the page's height, so areas are compared.
            let density = (width * height / area.area().max(1.0)).sqrt();
            self.picture_density = self.picture_density.max(density);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The nearest of four directions; on the page image `y` grows downwards.
fn direction(place: Affine, vertical: bool) -> Direction {
    if vertical {
        return Direction::Down;
    }
    let [x, y, ..] = place.as_coeffs();
    match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
        (true, true, _) => Direction::Right,
        (true, false, _) => Direction::Left,
        (false, _, true) => Direction::Down,
        (false, _, false) => Direction::Up,
    }
}
