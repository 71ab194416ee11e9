"""Writes scanned images in the formats that scanners, phones and clerks deliver."""

from io import BytesIO

import img2pdf

QUALITY = 75

# kind -> file name ending
ENDING = {"jpg": ".jpg", "png": ".png", "webp": ".webp", "bmp": ".bmp", "tif-g4": ".tif",
          "tif-jpeg": ".tif", "tif-deflate": ".tif", "pdf-jpeg": ".pdf", "pdf-g4": ".pdf",
          "pdf-text": ".pdf"}

# Kinds that hold several pages; the others hold exactly one.
MANY = {"tif-g4", "tif-jpeg", "tif-deflate", "pdf-jpeg", "pdf-g4", "pdf-text"}
BILEVEL = {"tif-g4", "pdf-g4", "bmp"}


def write(path, images, kind, dpi):
    """Writes the images as one file of that kind, without any date or tool name inside."""
    first, rest = images[0], images[1:]
    if rest and kind not in MANY:
        raise ValueError(f"{kind} holds one page only")
    match kind:
        case "jpg":
            path.write_bytes(_jpeg(first, dpi))
        case "png":
            # Sixteen greys, as office scanners deliver PNG; full colour would be megabytes.
            _greys(first).save(path, "PNG", optimize=True, dpi=(dpi, dpi))
        case "webp":
            first.save(path, "WEBP", quality=60, method=6)
        case "bmp":
            first.save(path, "BMP", dpi=(dpi, dpi))
        case "tif-g4":
            _tiff(path, images, dpi, compression="group4")
        case "tif-jpeg":
            _tiff(path, images, dpi, compression="jpeg", quality=QUALITY)
        case "tif-deflate":
            _tiff(path, [_greys(i).convert("L") for i in images], dpi, compression="tiff_adobe_deflate")
        case "pdf-jpeg":
            path.write_bytes(_pdf([_jpeg(i, dpi) for i in images]))
        case "pdf-g4":
            path.write_bytes(_pdf([_g4(i, dpi) for i in images]))
        case _:
            raise ValueError(f"no such kind: {kind}")


def _jpeg(image, dpi):
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:2:0", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def _g4(image, dpi):
    out = BytesIO()
    image.save(out, "TIFF", compression="group4", dpi=(dpi, dpi))
    return out.getvalue()


def _greys(image):
    return image.convert("L").quantize(16)


def _tiff(path, images, dpi, **how):
    images[0].save(path, "TIFF", save_all=True, append_images=images[1:], dpi=(dpi, dpi), **how)


def _pdf(pages):
    return img2pdf.convert(*pages, engine=img2pdf.Engine.internal, nodate=True)
