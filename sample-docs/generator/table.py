"""Tables with ruled cells: a row is (height in mm, [cells]); cells may hold rows themselves."""

from dataclasses import dataclass
from typing import Callable

from draw import LayoutError, wrap


@dataclass(frozen=True)
class Box:
    """The inside of a cell in millimetres."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self):
        """The y of the middle."""
        return self.y + self.h / 2


@dataclass(frozen=True)
class Cell:
    """What fills a cell; without `width` it shares what the row has left."""

    draw: Callable
    width: float | None = None


def table(page, x, y, width, rows, rule=0.25, border=0.55):
    """Draws rows below (x, y); returns the y of the lower border."""
    bottom = _rows(page, x, y, width, rows, rule)
    page.rect(x, y, width, bottom - y, width=border)
    return bottom


def label(text, width=None, size=None, note=True):
    """Cell: printed text in the middle; blanks between characters are only layout."""
    def draw(page, box):
        style = page.look.label.at(size or page.look.label.size)
        lines = text.split("\n")
        while max(style.width(line) for line in lines) > box.w - 1.6:
            style = style.at(style.size - 0.25)
            if style.size < 8:
                raise LayoutError(f"label {text!r} does not fit {box.w:.0f} mm")
        step = style.size * 0.3528 * 1.35
        y = box.middle - step * (len(lines) - 1) / 2
        for line in lines:
            page.text(box.x + box.w / 2, y, line, style, "c", note=note)
            y += step
    return Cell(draw, width)


def value(text, width=None, field=None, align="l", printed=False, size=None):
    """Cell: what was filled in, on one line, or on several if it must; fields never wrap."""
    text = str(text)

    def draw(page, box):
        base = page.look.label if printed else page.look.hand
        style, room = base.at(size or base.size), box.w - 3
        least = style.size * (0.72 if field else 0.85)
        while style.width(text) > room and style.size > least:
            style = style.at(style.size - 0.25)
        lines = [text] if style.width(text) <= room else wrap(style, text, room)
        step = style.size * 0.3528 * 1.3
        if (field and len(lines) > 1) or step * len(lines) > box.h + 0.5:
            raise LayoutError(f"{text!r} does not fit {box.w:.0f}×{box.h:.0f} mm")
        y = box.middle - step * (len(lines) - 1) / 2
        for line in lines:
            x = box.x + (box.w / 2 if align == "c" else 1.8)
            page.text(x, y, line, style, align)
            y += step
        if field and text:
            page.keep(field, text)
    return Cell(draw, width)


def nest(rows, width=None, rule=0.25):
    """Cell: rows of their own; their heights must add up to the cell's."""
    return Cell(lambda page, box: _rows(page, box.x, box.y, box.w, rows, rule), width)


def free(draw, width=None):
    """Cell: drawn by `draw(page, box)`."""
    return Cell(draw, width)


def height(rows):
    """Returns the height of rows in millimetres."""
    return sum(h for h, _ in rows)


def pairs(*items, label_width=26, row=10):
    """Returns a row of label and value cells; an item is (label, value) or (label, value, width)."""
    cells = []
    for name, text, *rest in items:
        cells += [label(name, label_width), value(text, rest[0] if rest else None, name)]
    return (row, cells)


def _rows(page, x, y, width, rows, rule):
    for h, cells in rows:
        fixed = sum(c.width for c in cells if c.width)
        loose = [c for c in cells if not c.width]
        if fixed > width + 0.01 or (loose and fixed >= width):
            raise LayoutError(f"row wider than its table: {fixed} > {width}")
        left = x
        for i, cell in enumerate(cells):
            w = cell.width or (width - fixed) / len(loose)
            if i == len(cells) - 1:
                w = x + width - left
            page.rect(left, y, w, h, width=rule)
            cell.draw(page, Box(left, y, w, h))
            left += w
        y += h
    return y
