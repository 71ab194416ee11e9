"""Turns a `Page` into pixels at 200 dpi."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import fonts
import marks
from draw import Line, Mark, Rect, Text
from fonts import MM, PT

# The middle of a CJK character lies this share of its size above the baseline.
MIDDLE = 0.37


def render(page, rng, paper=(252, 251, 248)):
    """Returns the sheet as a clean RGB image; `rng` (numpy) moves the hand and the stamps."""
    image = Image.new("RGB", (round(page.w * MM), round(page.h * MM)), paper)
    draw = ImageDraw.Draw(image)
    for step in page.steps:
        match step:
            case Text():
                (_hand if step.style.hand else _print)(image, draw, step, rng)
            case Line():
                width = max(1, round(step.width * MM))
                ends = [step.x1 * MM, step.y1 * MM, step.x2 * MM, step.y2 * MM]
                draw.line(ends, step.colour, width)
            case Rect():
                _rect(draw, step)
            case Mark():
                _mark(image, draw, step, rng)
    return image


def _rect(draw, r):
    box = [r.x * MM, r.y * MM, (r.x + r.w) * MM, (r.y + r.h) * MM]
    width = max(1, round(r.width * MM))
    if r.radius:
        draw.rounded_rectangle(box, r.radius * MM, r.fill, r.outline, width)
    else:
        draw.rectangle(box, r.fill, r.outline, width)


def _print(_, draw, t, __):
    x, base = t.x * MM, t.y * MM + MIDDLE * t.style.size * PT
    pieces = [(fonts.face_for(t.style.font, c), c) for c in t.text] if t.gap \
        else fonts.spans(t.style.font, t.text)
    for face, run in pieces:
        font = fonts.pil(face, t.style.size * PT)
        draw.text((x, base), run, t.style.colour, font, anchor="ls")
        x += font.getlength(run) + t.gap * MM


def _hand(image, _, t, rng):
    """Sets every character with a will of its own: turned, shifted and sized a little."""
    x, y, em = t.x * MM, t.y * MM + rng.normal(0, 0.3), t.style.size * PT
    slope = rng.normal(0, 0.006)
    side = int(em * 1.7)
    for char in t.text:
        face = fonts.face_for(t.style.font, char)
        loose = 1.0 if ord(char) > 0x2FFF else 0.45     # digits are written more evenly
        font = fonts.pil(face, round(em * (1 + loose * rng.normal(0, 0.025)), 1))
        tile = Image.new("L", (side, side), 0)
        place = ((side - font.getlength(char)) / 2, side / 2 + MIDDLE * em)
        ImageDraw.Draw(tile).text(place, char, 255, font, anchor="ls",
                                  stroke_width=0.45 if rng.random() < 0.5 else 0.25)
        tile = tile.rotate(loose * rng.normal(0, 1.7), Image.BICUBIC)
        wide = fonts.advance(t.style.font, t.style.size, char) * MM
        left = x + wide / 2 - side / 2 + loose * rng.normal(0, em * 0.015)
        top = y - side / 2 + slope * (x - t.x * MM) + loose * rng.normal(0, em * 0.022)
        tile = tile.point(lambda v, k=rng.uniform(0.86, 1.0): int(v * k))
        image.paste(t.style.colour, (round(left), round(top)), tile)
        x += wide


def _mark(image, draw, m, rng):
    x, y, a = m.x * MM, m.y * MM, m.about
    match m.kind:
        case "seal":
            mask = marks.seal(rng, a["name"], a["below"], a["size"])
            marks.stamp(image, mask, marks.RED, x, y)
        case "finger":
            marks.stamp(image, marks.finger(rng), marks.RED, x, y)
        case "portrait":
            face = marks.portrait(rng, a["w"], a["h"], a["female"])
            image.paste(face, (round(x - face.width / 2), round(y - face.height / 2)))
        case "wood":
            image.paste(marks.wood(rng, image.width, image.height))
        case "shade":
            _shade(image, x, y, a["w"] * MM, a["h"] * MM)
        case "guilloche":
            marks.guilloche(draw, m.x, m.y, a["w"], a["h"], a["colour"])
        case "hole":
            draw.ellipse((x - 23, y - 23, x + 23, y + 23), fill=(120, 118, 116))
            draw.arc((x - 23, y - 23, x + 23, y + 23), 150, 320, fill=(84, 82, 80), width=3)
        case other:
            raise ValueError(f"no such mark: {other}")


def _shade(image, x, y, w, h):
    """Darkens a soft rectangle: the shadow a card throws on the desk."""
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((x, y, x + w, y + h), 24, fill=150)
    mask = mask.filter(ImageFilter.GaussianBlur(14))
    dark = np.asarray(image, np.float32) * (1 - np.asarray(mask, np.float32)[..., None] / 255)
    image.paste(Image.fromarray(dark.astype(np.uint8)))
