"""Debian's free CJK fonts under short names, with measuring and a glyph check."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

ROOT = Path("/usr/share/fonts")

# short name -> (path below ROOT, index in the collection, Debian package)
FACES = {
    "song": ("opentype/noto/NotoSerifCJK-Regular.ttc", 2, "fonts-noto-cjk"),
    "songb": ("opentype/noto/NotoSerifCJK-Bold.ttc", 2, "fonts-noto-cjk"),
    "hei": ("opentype/noto/NotoSansCJK-Regular.ttc", 2, "fonts-noto-cjk"),
    "heib": ("opentype/noto/NotoSansCJK-Bold.ttc", 2, "fonts-noto-cjk"),
    "tsong": ("opentype/noto/NotoSerifCJK-Regular.ttc", 3, "fonts-noto-cjk"),
    "tsongb": ("opentype/noto/NotoSerifCJK-Bold.ttc", 3, "fonts-noto-cjk"),
    "zen": ("truetype/wqy/wqy-zenhei.ttc", 0, "fonts-wqy-zenhei"),
    "micro": ("truetype/wqy/wqy-microhei.ttc", 0, "fonts-wqy-microhei"),
    "bao": ("truetype/arphic-gbsn00lp/gbsn00lp.ttf", 0, "fonts-arphic-gbsn00lp"),
    "kai": ("truetype/arphic-gkai00mp/gkai00mp.ttf", 0, "fonts-arphic-gkai00mp"),
    "ukai": ("truetype/arphic/ukai.ttc", 0, "fonts-arphic-ukai"),
    "tkai": ("truetype/arphic/ukai.ttc", 2, "fonts-arphic-ukai"),
}

# Where a face has no glyph (gkai00mp and gbsn00lp hold GB 2312 only), this one is asked.
FALLBACK = {"kai": "ukai", "bao": "song"}

# Pixels per millimetre and per point at the drawing resolution of 200 dpi.
MM = 200 / 25.4
PT = 200 / 72


class MissingGlyph(ValueError):
    """A character that neither the face nor its fallback can draw."""


def missing_packages():
    """Returns the Debian packages whose fonts are not installed, sorted."""
    return sorted({pkg for path, _, pkg in FACES.values() if not (ROOT / path).exists()})


@lru_cache(maxsize=None)
def coverage(name):
    """Returns the set of code points the face draws."""
    path, index, _ = FACES[name]
    if path.endswith(".ttc"):
        font = TTCollection(str(ROOT / path), lazy=True).fonts[index]
    else:
        font = TTFont(str(ROOT / path), lazy=True)
    return frozenset(font.getBestCmap())


@lru_cache(maxsize=None)
def face_for(name, char):
    """Returns the short name of the face that draws `char`: `name` itself or its fallback."""
    for face in (name, FALLBACK.get(name)):
        if face and ord(char) in coverage(face):
            return face
    raise MissingGlyph(f"{char!r} (U+{ord(char):04X}) is in neither {name} nor its fallback")


@lru_cache(maxsize=None)
def pil(name, pixels):
    """Returns the Pillow font of that pixel size (a float)."""
    path, index, _ = FACES[name]
    # BASIC layout: the result must not depend on whether libraqm is installed.
    return ImageFont.truetype(str(ROOT / path), pixels, index=index,
                              layout_engine=ImageFont.Layout.BASIC)


def advance(name, size, char):
    """Returns the width of one character in millimetres, `size` in points."""
    return pil(face_for(name, char), size * PT).getlength(char) / MM


def width(name, size, text):
    """Returns the width of `text` in millimetres, `size` in points."""
    return sum(advance(name, size, c) for c in text)


def spans(name, text):
    """Returns `text` cut into (face, run) pieces, each drawn by one face."""
    out = []
    for char in text:
        face = face_for(name, char)
        if out and out[-1][0] == face:
            out[-1] = (face, out[-1][1] + char)
        else:
            out.append((face, char))
    return out
