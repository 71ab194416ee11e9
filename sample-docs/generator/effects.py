"""What scanning and photographing does to a clean page."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from marks import cloud


@dataclass(frozen=True)
class Scan:
    """How one sheet went through the scanner (or before the phone).

    `skew` is in degrees, `noise` the standard deviation in grey steps, `blur` a radius in
    pixels, `mode` one of colour, grey, bilevel; `turn` the degrees clockwise that a reader
    must turn the image to see it upright.
    """

    dpi: int = 200
    skew: float = 0.0
    noise: float = 2.0
    blur: float = 0.5
    shadow: bool = True
    mode: str = "colour"
    turn: int = 0
    faint: bool = False
    photo: bool = False
    fold: bool = False

    def names(self):
        """Returns the effects as short English words for the ground truth."""
        out = ["photo" if self.photo else "scan", self.mode]
        if self.skew:
            out.append(f"skew {self.skew:+.1f}")
        if self.shadow and not self.photo:
            out.append("shadow")
        if self.fold:
            out.append("fold")
        if self.turn:
            out.append(f"turned {self.turn}")
        if self.faint:
            out += ["faint", "heavy noise"]
        elif self.noise:
            out.append("noise")
        return out + (["blur"] if self.blur else [])


def apply(image, scan, rng):
    """Returns the image as the scanner would have delivered it."""
    if scan.photo:
        image = _photo(image, rng)
    else:
        image = _paper(image, rng)
        if scan.fold:
            image = _fold(image, rng)
        if scan.skew:
            lid = tuple(int(v) for v in rng.integers(205, 226) + np.array([2, 1, 0]))
            image = image.rotate(scan.skew, Image.BICUBIC, fillcolor=lid)
    if scan.dpi != 200:
        k = scan.dpi / 200
        image = image.resize((round(image.width * k), round(image.height * k)), Image.LANCZOS)
    if scan.blur:
        image = image.filter(ImageFilter.GaussianBlur(scan.blur))
    pixels = np.asarray(image, np.float32)
    if scan.mode != "colour":
        # Bilevel scanners weigh red so that seals half drop out and leave the text readable.
        weights = [0.52, 0.35, 0.13] if scan.mode == "bilevel" else [0.35, 0.50, 0.15]
        pixels = (pixels @ np.array(weights, np.float32))[..., None]
    if scan.shadow and not scan.photo:
        pixels = pixels * _shadow(pixels.shape[1], rng)
    if scan.faint:
        pixels = 236 - (246 - pixels) * 0.17
    h, w = pixels.shape[:2]
    # Sensor noise is alike in all channels and a little soft, as after a scanner's own filter.
    grain = rng.normal(0, scan.noise, (h, w)).astype(np.float32)
    grain = (grain + np.roll(grain, 1, 0) + np.roll(grain, 1, 1)) / 1.732
    pixels = (pixels + grain[..., None]).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[..., 0])
    if scan.mode == "bilevel":
        image = image.point(lambda v: 255 if v > 168 else 0).convert("1", dither=Image.NONE)
    back = {90: Image.ROTATE_90, 180: Image.ROTATE_180, 270: Image.ROTATE_270}
    return image.transpose(back[scan.turn]) if scan.turn else image


def _paper(image, rng):
    """Tints and clouds the sheet the way cheap copying paper looks."""
    w, h = image.size
    tint = np.array([1.0, rng.uniform(0.985, 0.998), rng.uniform(0.945, 0.985)], np.float32)
    level = rng.uniform(0.955, 0.99)
    texture = 1 - 0.020 * cloud(rng, w, h, 110) - 0.014 * cloud(rng, w, h, 34)
    pixels = np.asarray(image, np.float32) * tint * level * texture[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _fold(image, rng):
    """Shades the sheet where it was folded in the middle, dark above and light below the crease."""
    pixels = np.asarray(image, np.float32)
    y = np.arange(pixels.shape[0], dtype=np.float32) - pixels.shape[0] * rng.uniform(0.48, 0.52)
    row = 1 - 0.10 * np.exp(-np.abs(y) / 26) * (y < 0) + 0.03 * np.exp(-np.abs(y) / 40) * (y >= 0)
    row = row - 0.08 * np.exp(-(y / 1.6) ** 2)
    return Image.fromarray((pixels * row[:, None, None]).clip(0, 255).astype(np.uint8))


def _shadow(width, rng):
    """Returns a row of factors: dark at the binding edge, a hint at the other."""
    x = np.arange(width, dtype=np.float32)
    depth, reach = rng.uniform(0.18, 0.38), rng.uniform(18, 42) * width / 1654
    row = 1 - depth * np.exp(-x / reach) - 0.07 * np.exp(-(width - 1 - x) / (reach * 0.6))
    return row[None, :, None]


def _photo(image, rng):
    """Tilts the scene a little and lights it from one side."""
    w, h = image.size
    jolt = rng.uniform(-0.022, 0.022, (4, 2)) * [w, h]
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], float) * 0.93 + [w * 0.035, h * 0.035]
    coefficients = _perspective(source + jolt, [(0, 0), (w, 0), (w, h), (0, h)])
    image = image.transform((w, h), Image.PERSPECTIVE, coefficients, Image.BICUBIC)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    light = 1.06 - 0.22 * np.hypot(x / w - rng.uniform(0.3, 0.7), y / h - rng.uniform(0.2, 0.6))
    pixels = np.asarray(image, np.float32) * light[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _perspective(source, target):
    """Returns Pillow's eight coefficients that map each target corner to its source."""
    rows, right = [], []
    for (sx, sy), (tx, ty) in zip(source, target):
        rows += [[tx, ty, 1, 0, 0, 0, -sx * tx, -sx * ty], [0, 0, 0, tx, ty, 1, -sy * tx, -sy * ty]]
        right += [sx, sy]
    return np.linalg.solve(np.array(rows, float), np.array(right, float)).tolist()
