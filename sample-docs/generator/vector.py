"""Turns pages into a PDF with real Chinese text: embedded TrueType subsets with ToUnicode."""

from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import fonts
import marks
from draw import Line, Mark, Rect, Text
from raster import MIDDLE

UNIT = 72 / 25.4                 # PDF points in a millimetre


def write(path, pages, title, author, rng):
    """Writes the pages with text as text, rules as rules and seals as small images."""
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in pages:
        canvas.setPageSize((page.w * UNIT, page.h * UNIT))
        for step in page.steps:
            _draw(canvas, step, page.h, rng)
        canvas.showPage()
    canvas.save()


def _draw(canvas, step, height, rng):
    match step:
        case Text(style=style) if style.hand:
            pass                 # what a pen wrote on paper is not in a file that never was paper
        case Text():
            size = step.style.size
            canvas.setFillColorRGB(*(v / 255 for v in step.style.colour))
            canvas.setFont(_face(step.style.font), size)
            canvas.drawString(step.x * UNIT, (height - step.y) * UNIT - MIDDLE * size, step.text,
                              charSpace=step.gap * UNIT)
        case Line():
            canvas.setLineWidth(step.width * UNIT)
            canvas.setStrokeColorRGB(*(v / 255 for v in step.colour))
            canvas.line(step.x1 * UNIT, (height - step.y1) * UNIT,
                        step.x2 * UNIT, (height - step.y2) * UNIT)
        case Rect():
            canvas.setLineWidth(step.width * UNIT)
            canvas.setStrokeColorRGB(*(v / 255 for v in step.outline))
            canvas.rect(step.x * UNIT, (height - step.y - step.h) * UNIT, step.w * UNIT, step.h * UNIT)
        case Mark(kind="seal"):
            _seal(canvas, step, height, rng)
        case Mark():
            pass                 # nor has it punch holes or fingerprints


def _seal(canvas, step, height, rng):
    mask = marks.seal(rng, step.about["name"], step.about["below"], step.about["size"])
    image = Image.merge("RGBA", [Image.new("L", mask.size, v) for v in marks.RED] + [mask])
    plain = BytesIO()
    image.save(plain, "PNG")
    plain.seek(0)
    side = mask.width / fonts.MM * UNIT
    canvas.drawImage(ImageReader(plain), step.x * UNIT - side / 2, (height - step.y) * UNIT - side / 2,
                     side, side, mask="auto")


def _face(name):
    """Registers a TrueType face on first use; returns its name for reportlab."""
    path, index, _ = fonts.FACES[name]
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(fonts.ROOT / path), subfontIndex=index))
    return name
