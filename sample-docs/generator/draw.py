"""The page as a list of drawing steps in millimetres, with its ground truth.

Forms call `Page`; `raster.py` turns the steps into pixels, `vector.py` into PDF
text. Whatever is drawn as text is kept as a line of the ground truth, and a value
drawn with a `field` label also as a field.
"""

from dataclasses import dataclass, field, replace

import fonts

BLACK = (32, 32, 36)
PENCIL = (112, 112, 118)
INKS = [(27, 41, 98), (22, 34, 84), (38, 40, 60), (20, 48, 110)]
CLOSING = "，。、；：！？）》」』”’…,.;:!?)%元"


class LayoutError(ValueError):
    """Text that does not fit where a form puts it."""


@dataclass(frozen=True)
class Style:
    """How text looks: face, size in points, colour, and whether a hand wrote it."""

    font: str
    size: float = 11
    colour: tuple = BLACK
    hand: bool = False

    def at(self, size):
        """Returns the same style in another size."""
        return replace(self, size=size)

    def width(self, text):
        """Returns the width of `text` in millimetres."""
        return fonts.width(self.font, self.size, text)


@dataclass(frozen=True)
class Look:
    """The styles of one sheet: printed labels, title, the pen that filled it in."""

    label: Style
    title: Style
    hand: Style

    @staticmethod
    def pick(rng):
        """Returns a look drawn from the fonts a print shop and a clerk would use."""
        label = Style(rng.choice(["song", "song", "bao", "hei", "zen"]), 11)
        title = Style(rng.choice(["songb", "heib", "songb"]), 20)
        pen = Style(rng.choice(["kai", "kai", "ukai"]), 13, rng.choice(INKS), True)
        return Look(label, title, pen)


@dataclass(frozen=True)
class Text:
    """Step: one line of text, `x` its left edge, `y` its middle, `gap` mm between characters."""

    x: float
    y: float
    text: str
    style: Style
    gap: float = 0


@dataclass(frozen=True)
class Line:
    """Step: a straight rule."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.25
    colour: tuple = BLACK


@dataclass(frozen=True)
class Rect:
    """Step: a box; `fill` or `outline` may be None."""

    x: float
    y: float
    w: float
    h: float
    outline: tuple | None = BLACK
    fill: tuple | None = None
    width: float = 0.25
    radius: float = 0


@dataclass(frozen=True)
class Mark:
    """Step: something that is no text (seal, fingerprint, portrait, wood …), see marks.py."""

    kind: str
    x: float
    y: float
    about: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Fill:
    """A handwritten part of a running line; `field` is the label it answers."""

    text: str
    field: str | None = None
    rule: bool = False


class Page:
    """One sheet: its size in millimetres, drawing steps, lines and fields."""

    def __init__(self, look, w=210, h=297):
        self.look, self.w, self.h = look, w, h
        self.steps, self.lines, self.fields = [], [], []

    def keep(self, label, value):
        """Adds a field of the ground truth."""
        self.fields.append({"label": label, "value": value})

    def text(self, x, y, text, style=None, align="l", field=None, note=True):
        """Draws one line at (x, y); returns its right edge. `note=False`: no ground truth."""
        style = style or self.look.label
        x -= {"l": 0, "c": 0.5, "r": 1}[align] * style.width(text)
        self.steps.append(Text(x, y, text, style))
        if note:
            self.lines.append(text)
        if field:
            self.keep(field, text)
        return x + style.width(text)

    def title(self, y, text, size=20, gap=1.2):
        """Draws the title centred, its characters `gap` mm apart; it is one line."""
        style = self.look.title.at(size)
        total = style.width(text) + gap * (len(text) - 1)
        if total > self.w - 20:
            raise LayoutError(f"title too wide: {text}")
        self.steps.append(Text((self.w - total) / 2, y, text, style, gap))
        self.lines.append(text)

    def run(self, x, y, parts, align="l", style=None, hand=None):
        """Draws printed strings and `Fill`s on one line; returns the right edge."""
        style, hand = style or self.look.label, hand or self.look.hand
        pick = lambda part: (part.text, hand) if isinstance(part, Fill) else (part, style)
        x -= {"l": 0, "c": 0.5, "r": 1}[align] * sum(s.width(t) for t, s in map(pick, parts))
        for part in parts:
            text, used = pick(part)
            right = self.text(x, y, text, used, note=False)
            if isinstance(part, Fill):
                if part.rule:
                    self.line(x - 0.5, y + 3, right + 0.5, y + 3, 0.2)
                if part.field:
                    self.keep(part.field, part.text)
            x = right
        self.lines.append("".join(pick(part)[0] for part in parts))
        return x

    def flow(self, x, y, width, parts, leading=9, indent=2, style=None, hand=None):
        """Sets a paragraph of printed strings and `Fill`s; returns the y after it.

        A fill is never broken over two lines, so that its value can be read whole.
        """
        style, hand = style or self.look.label, hand or self.look.hand
        row, left = [], width - indent * style.width("国")
        rows = [(indent * style.width("国"), row)]
        for part in parts:
            whole = isinstance(part, Fill)
            used = hand if whole else style
            for piece in ([part.text] if whole else list(part)):
                need = used.width(piece)
                if need > left and piece not in CLOSING:
                    row, left = [], width
                    rows.append((0, row))
                row.append(part if whole else piece)
                left -= need
        for shift, row in rows:
            self.run(x + shift, y, _join(row), style=style, hand=hand)
            y += leading
        return y

    def line(self, x1, y1, x2, y2, width=0.25, colour=BLACK):
        """Draws a rule."""
        self.steps.append(Line(x1, y1, x2, y2, width, colour))

    def rect(self, x, y, w, h, **how):
        """Draws a box (see `Rect`)."""
        self.steps.append(Rect(x, y, w, h, **how))

    def mark(self, kind, x, y, **about):
        """Puts a mark with its middle at (x, y)."""
        self.steps.append(Mark(kind, x, y, about))

    def seal(self, x, y, name, below="", size=40):
        """Stamps a round red seal of `size` mm; its curved text is no line of the truth."""
        self.mark("seal", x, y, name=name, below=below, size=size)

    def tick(self, x, y, text, on):
        """Draws a box, ticked or not, and its printed word; returns the right edge."""
        side, style = 3.4, self.look.label
        self.rect(x, y - side / 2, side, side, width=0.25)
        if on:
            ink = self.look.hand.colour
            self.line(x + 0.5, y, x + 1.5, y + 1.4, 0.5, ink)
            self.line(x + 1.5, y + 1.4, x + 4.2, y - 2.4, 0.5, ink)
        return self.text(x + side + 1.2, y, text, style, note=False)

    def ticks(self, x, y, lead, options, chosen, gap=4):
        """Draws `lead` and a row of tick boxes as one line; returns the right edge."""
        x = self.text(x, y, lead, note=False) + (1.5 if lead else 0)
        for option in options:
            x = self.tick(x, y, option, option == chosen) + gap
        self.lines.append(lead + "".join(("☑" if o == chosen else "□") + o for o in options))
        return x


def wrap(style, text, width):
    """Returns `text` in lines no wider than `width` mm, no line opening with a closing mark."""
    lines = [""]
    for char in text:
        if char == "\n":
            lines.append("")
        elif style.width(lines[-1] + char) > width and char not in CLOSING:
            lines.append(char)
        else:
            lines[-1] += char
    return lines


def _join(row):
    out = []
    for part in row:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        else:
            out.append(part)
    return out
