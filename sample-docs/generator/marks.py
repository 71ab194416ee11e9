"""What is on a sheet besides text: seals, fingerprints, portraits, punch holes, wood."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import fonts
from fonts import MM

RED = (196, 36, 40)


def stamp(image, mask, colour, x, y):
    """Multiplies `colour` onto `image` where the mask says, its middle at pixel (x, y).

    Multiplying keeps the black text under a seal as dark as it was.
    """
    left, top = round(x - mask.width / 2), round(y - mask.height / 2)
    box = (left, top, left + mask.width, top + mask.height)
    under = np.asarray(image.crop(box), np.float32)
    alpha = np.asarray(mask, np.float32)[..., None] / 255
    over = under * (1 - alpha) + under * (np.array(colour, np.float32) / 255) * alpha
    image.paste(Image.fromarray(over.clip(0, 255).astype(np.uint8)), box)


def cloud(rng, w, h, cell):
    """Returns h×w smooth noise between 0 and 1 whose blots are about `cell` pixels wide."""
    coarse = rng.random((max(2, h // cell + 2), max(2, w // cell + 2)), np.float32)
    image = Image.fromarray((coarse * 255).astype(np.uint8)).resize((w, h), Image.BICUBIC)
    return np.asarray(image, np.float32) / 255


def seal(rng, name, below="", size=40):
    """Returns the mask of a round seal: ring, star, `name` along the ring, `below` under the star."""
    k = 2                                    # drawn twice as large, then reduced
    d = round(size * MM * k)
    mask = Image.new("L", (d, d), 0)
    draw = ImageDraw.Draw(mask)
    edge = round(1.1 * MM * k)
    draw.ellipse((k, k, d - k, d - k), outline=255, width=edge)
    c, r = d / 2, d * 0.135
    star = [(c + (r if i % 2 == 0 else r * 0.382) * math.sin(i * math.pi / 5),
             c - (r if i % 2 == 0 else r * 0.382) * math.cos(i * math.pi / 5)) for i in range(10)]
    draw.polygon(star, fill=255)
    span = min(262, 24 * (len(name) - 1))    # degrees from the first to the last character
    em = min(d * 0.135, d * 0.36 * math.radians(span / max(1, len(name) - 1)) * 0.98)
    for i, char in enumerate(name):
        angle = -span / 2 + span * i / max(1, len(name) - 1)
        _char(mask, char, em, c, c, d * 0.385, angle)
    if below:
        font = fonts.pil("songb", d * 0.075)
        draw.text((c, c + d * 0.27), below, 255, font, anchor="mm")
    worn = cloud(rng, d, d, 14) * 0.5 + cloud(rng, d, d, 90) * 0.5
    ink = np.asarray(mask, np.float32) * np.clip(0.35 + worn * 1.1, 0.45, 0.88)
    mask = Image.fromarray(ink.astype(np.uint8)).rotate(rng.uniform(-22, 22), Image.BICUBIC)
    return mask.resize((d // k, d // k), Image.LANCZOS)


def _char(mask, char, em, cx, cy, radius, angle):
    side = math.ceil(em * 1.6)
    tile = Image.new("L", (side, side), 0)
    font = fonts.pil("songb", em)
    ImageDraw.Draw(tile).text((side / 2, side / 2 + em * 0.37), char, 255, font, anchor="ms")
    tile = tile.rotate(-angle, Image.BICUBIC)
    x = cx + radius * math.sin(math.radians(angle)) - side / 2
    y = cy - radius * math.cos(math.radians(angle)) - side / 2
    mask.paste(255, (round(x), round(y)), tile)


def finger(rng, size=15):
    """Returns the mask of a fingerprint: warped ridges in an oval, unevenly pressed."""
    h = round(size * MM)
    w = round(h * 0.74)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    u, v = (x - w / 2) / (w / 2), (y - h * 0.55) / (h / 2)
    rings = np.hypot(u * 1.15, v * 0.8 + 0.12 * u * u) + 0.10 * cloud(rng, w, h, 40)
    ridge = np.sin(rings * 46 + 0.8 * np.arctan2(v, u)) > -0.1
    oval = np.clip((1 - np.hypot(u, (y - h / 2) / (h / 2))) * 9, 0, 1)
    press = np.clip(0.25 + 0.9 * cloud(rng, w, h, 18), 0, 0.85)
    mask = Image.fromarray((255 * ridge * oval * press).astype(np.uint8))
    return mask.filter(ImageFilter.GaussianBlur(0.6)).rotate(rng.uniform(-25, 25), expand=True)


def portrait(rng, w, h, female):
    """Returns a passport picture of nobody: a shaded outline of head and shoulders."""
    W, H = round(w * MM), round(h * MM)
    image = Image.new("RGB", (W, H), (214, 222, 230))
    draw = ImageDraw.Draw(image)
    coat = [int(v) for v in rng.integers(40, 110, 3)]
    skin, hair = (214, 178, 150), (44, 40, 40)
    draw.ellipse((W * 0.04, H * 0.70, W * 0.96, H * 1.5), fill=tuple(coat))
    draw.rectangle((W * 0.42, H * 0.6, W * 0.58, H * 0.78), fill=skin)
    if female:
        draw.rounded_rectangle((W * 0.24, H * 0.3, W * 0.76, H * 0.64), W * 0.12, fill=hair)
        draw.rectangle((W * 0.42, H * 0.6, W * 0.58, H * 0.74), fill=skin)
    draw.ellipse((W * 0.25, H * 0.12, W * 0.75, H * 0.56), fill=hair)
    draw.ellipse((W * 0.30, H * 0.23, W * 0.70, H * 0.68), fill=skin)
    draw.polygon([(W * 0.42, H * 0.74), (W * 0.58, H * 0.74), (W * 0.5, H * 0.84)], fill=(238, 238, 236))
    for side in (0.4, 0.6):
        draw.ellipse((W * side - 2, H * 0.43, W * side + 3, H * 0.455), fill=hair)
    draw.line((W * 0.44, H * 0.59, W * 0.56, H * 0.59), fill=(150, 90, 80), width=2)
    return image.filter(ImageFilter.GaussianBlur(1.6))


def wood(rng, w, h):
    """Returns a desk top of w×h pixels."""
    grain = np.repeat(cloud(rng, 64, h, 5).mean(axis=1)[:, None], w, 1)
    fine = cloud(rng, w, h, 3) * 0.25 + cloud(rng, w, h, 160)
    tone = 0.72 + 0.28 * np.sin((grain * 9 + fine * 0.9) * 3)[..., None] * 0.35
    base = np.array([128, 88, 56], np.float32)
    return Image.fromarray((base * tone * 1.15).clip(0, 255).astype(np.uint8))


def guilloche(draw, x, y, w, h, colour, step=1.5):
    """Draws the fine wavy lines that certificates are printed on (millimetres)."""
    t = np.linspace(0, w, 90)
    for k in range(int(h / step)):
        wave = y + step * (k + 0.5) + 0.9 * np.sin(t / 3.1 + k * 0.55)
        points = [((x + a) * MM, b * MM) for a, b in zip(t, wave) if y < b < y + h]
        draw.line(points, fill=colour, width=1)
