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

# Other faces under the same short names, for pages unlike the committed ones: `use` puts one of these sets on.
NOTO, WENKAI = "opentype/noto/Noto{}CJK-{}.ttc", "truetype/lxgw-wenkai/LXGWWenKai-{}.ttf"
_noto = lambda kind, weight: (NOTO.format(kind, weight), 2, "fonts-noto-cjk-extra")
_wenkai = lambda weight: (WENKAI.format(weight), 0, "fonts-lxgw-wenkai")
_ming = ("truetype/arphic/uming.ttc", 0, "fonts-arphic-uming")
_droid = ("truetype/droid/DroidSansFallbackFull.ttf", 0, "fonts-droid-fallback")
_smiley = ("truetype/smiley-sans/SmileySans-Oblique.ttf", 0, "fonts-smiley-sans")
SETS = {
    "ming": {"song": _ming, "bao": _ming, "hei": _droid, "zen": _droid, "kai": _wenkai("Regular"),
             "ukai": _wenkai("Light"), "songb": _noto("Serif", "SemiBold"), "heib": _noto("Sans", "Medium")},
    "light": {"song": _noto("Serif", "Light"), "bao": _noto("Serif", "ExtraLight"), "hei": _noto("Sans", "Light"),
              "zen": _noto("Sans", "DemiLight"), "kai": _wenkai("Light"), "songb": _noto("Serif", "Medium")},
    "heavy": {"song": _noto("Serif", "SemiBold"), "bao": _ming, "hei": _noto("Sans", "Medium"),
              "zen": _noto("Sans", "Black"), "kai": _wenkai("Bold"), "ukai": _wenkai("Regular"),
              "songb": _noto("Serif", "Black"), "heib": _smiley},
}
_worn = {}

# Where a face has no glyph (gkai00mp and gbsn00lp hold GB 2312 only), this one is asked.
FALLBACK = {"kai": "ukai", "bao": "song"}

# Pixels per millimetre and per point at the drawing resolution of 200 dpi.
MM = 200 / 25.4
PT = 200 / 72


class MissingGlyph(ValueError):
    """A character that neither the face nor its fallback can draw."""


def missing_packages(sets=False):
    """Returns the Debian packages whose fonts are not installed, sorted; those of the other sets on request."""
    faces = [*FACES.values(), *(face for one in SETS.values() for face in one.values() if sets)]
    return sorted({pkg for path, _, pkg in faces if not (ROOT / path).exists()})


def use(name):
    """Puts a set of other faces on; None takes it off."""
    _worn.clear()
    _worn.update(SETS.get(name, {}))
    face_for.cache_clear()
    pil.cache_clear()


def _face(name):
    return _worn.get(name) or FACES[name]


def coverage(name):
    """Returns the set of code points the face draws."""
    return _covered(*_face(name)[:2])


@lru_cache(maxsize=None)
def _covered(path, index):
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
    path, index, _ = _face(name)
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
