"""What wears a page, other than in `effects.py`: poor scanners, old paper, hard compression."""

import numpy as np
from PIL import Image, ImageFilter

from marks import cloud


LID = (214, 216, 212)


def apply(image, rng, hard=False, angle=None, dpi=None):
    """Returns (image, dpi, turn, effects, quality of the JPEG): a clean 200 dpi sheet, worn by lot.

    With `angle` the sheet lies so many degrees to one side or the other, whole on a larger lid; `dpi` is then
    how finely it is scanned. All the rest is by the same lot whatever their values, so that sets can be compared.
    """
    image, effects = image.convert("RGB"), []
    if rng.random() < 0.35:
        image = _ink(image, rng, effects)
    if rng.random() < 0.3:
        image = _through(image, rng)
        effects.append("bleed-through")
    if rng.random() < 0.25:
        image = _stain(image, rng)
        effects.append("stain")
    skew = float(rng.triangular(-2.5, 0, 2.5))
    if angle is not None:
        skew = angle if skew > 0 else -angle
    image = image.rotate(skew, Image.BICUBIC, expand=angle is not None, fillcolor=LID)
    effects.append(f"skew {skew:+.1f}")
    given = angle is not None or dpi is not None
    lot = int(rng.choice([90, 100, 120]) if hard else rng.choice([150, 150, 200, 200, 200, 240]))
    dpi = dpi or lot
    if dpi != 200:
        size = [round(side * dpi / 200) for side in image.size]
        image = image.resize(size, Image.BICUBIC)
    blur = float(rng.uniform(0.5, 1.2) if hard else rng.uniform(0.3, 0.9))
    image = image.filter(ImageFilter.GaussianBlur(blur))
    pixels = np.asarray(image, np.float32)
    if grey := rng.random() < 0.5:
        pixels = (pixels @ np.array([0.35, 0.5, 0.15], np.float32))[..., None].repeat(3, axis=2)
    pixels = _tone(pixels, rng, effects)
    if rng.random() < 0.25:
        for x in rng.integers(0, pixels.shape[1], rng.integers(1, 4)):
            pixels[:, x] *= rng.uniform(0.55, 0.85)
        effects.append("streaks")
    noise = float(rng.uniform(1, 9 if hard else 6))
    # How many grains there are must not change what the lot says next.
    grain = rng.spawn(1)[0] if given else rng
    pixels += grain.normal(0, noise, pixels.shape[:2]).astype(np.float32)[..., None]
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    if grey and rng.random() < 0.35:
        level = int(rng.integers(130, 175))
        image = image.convert("L").point(lambda v: 255 if v > level else 0).convert("RGB")
        effects.append("bilevel")
    turn = int(rng.choice([0] * 17 + [90, 180, 270]))
    back = {90: Image.ROTATE_90, 180: Image.ROTATE_180, 270: Image.ROTATE_270}
    if turn:
        image = image.transpose(back[turn])
    quality = int(rng.integers(30, 80))
    effects += [f"blur {blur:.1f}", f"noise {noise:.0f}", f"quality {quality}", "grey" if grey else "colour"]
    return image, dpi, turn, effects, quality


def _ink(image, rng, effects):
    """Spreads the ink, or lets it run dry."""
    spread = rng.random() < 0.5
    other = image.filter(ImageFilter.MinFilter(3) if spread else ImageFilter.MaxFilter(3))
    effects.append("thick ink" if spread else "thin ink")
    return Image.blend(image, other, float(rng.uniform(0.2, 0.6)))


def _through(image, rng):
    """Lets the back of a thin sheet shine through: here its own front, mirrored."""
    ghost = np.asarray(image.transpose(Image.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(2.2)), np.float32)
    share = rng.uniform(0.06, 0.16)
    pixels = np.asarray(image, np.float32) * (1 - share * (255 - ghost) / 255)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _stain(image, rng):
    """Browns a part of the sheet, as tea or damp does."""
    w, h = image.size
    blot = np.clip(cloud(rng, w, h, 420) * 2.4 - 1.3, 0, 1)[..., None] * rng.uniform(0.3, 0.7)
    tint = np.array([0.86, 0.78, 0.58], np.float32)
    pixels = np.asarray(image, np.float32)
    return Image.fromarray((pixels * (1 - blot) + pixels * tint * blot).clip(0, 255).astype(np.uint8))


def _tone(pixels, rng, effects):
    """Fades or darkens the whole, unevenly."""
    gamma, depth = rng.uniform(0.7, 1.5), rng.uniform(0.55, 1.0)
    effects.append(f"contrast {depth:.1f}")
    pixels = 255 * (pixels / 255) ** gamma
    pixels = 235 - (235 - pixels) * depth
    slope = np.linspace(rng.uniform(0.8, 1), 1, pixels.shape[0], dtype=np.float32)
    return pixels * slope[:, None, None]
