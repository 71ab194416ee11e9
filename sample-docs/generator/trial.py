"""Draws pages to measure reading and finding with: `python trial.py --seed 7 --pages 100 --out DIR [options]`.

The pages are unlike the committed samples: other households, faces and wear. `trial.jsonl` has one line a page. With
`--characters` they are sheets of single characters without sense, harder worn, from which is learned what the recogniser
takes for what. With `--angle` every sheet lies so many degrees crooked, with `--dpi` all are scanned so finely; otherwise
both are by lot.
"""

import argparse
import json
import random
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import fonts
import lots
import raster
import wear
from draw import LayoutError, Look, Page, Style
from forms import FORMS
from generate import stream

KINDS = [code for code in FORMS if code not in ("A06", "A07", "A23", "B04", "B05")]
# The 3755 most used characters of GB 2312.
COMMON = [bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
          if (row, cell) <= (0xD7, 0xF9)]


def form(seed, n):
    """Returns (case, doc, page number, page) of the n-th page: one sheet of one form."""
    rng = random.Random(f"{seed}/trial/{n}")
    for attempt in range(50):
        case = lots.household(f"{seed}/{n}", attempt)
        code = rng.choice(KINDS)
        if code == "B03" and case.review["result"] == "维持" or code == "B06" and case.review["result"] != "停发":
            continue
        try:
            doc = FORMS[code](case)
        except (LayoutError, LookupError, StopIteration, ValueError):
            continue                         # a name too long for its cell, nobody for the role
        number = rng.randrange(len(doc.pages))
        return case, doc, number + 1, doc.pages[number]
    raise ValueError(f"no form could be drawn for page {n}")


def characters(seed, n):
    """Returns a sheet of characters without sense."""
    rng = random.Random(f"{seed}/characters/{n}")
    face = rng.choice(["song", "bao", "hei", "kai", "ukai", "zen"])
    page = Page(Look(*[Style(face, rng.choice([9, 10, 11, 12]), hand=face in ("kai", "ukai"))] * 3))
    style, known = page.look.label, fonts.coverage(face)
    pool = [c for c in COMMON if ord(c) in known]
    y = 20
    while y < 280:
        page.text(15, y, "".join(rng.sample(pool, int(170 / style.width("国")))), style)
        y += 8
    return page


def truth(case, doc, number, page):
    """Returns what stands on a page, sorted by what people look for."""
    text = "\n".join(page.lines)
    there = lambda words: sorted({word for word in words if word and word in text})
    people = [*(p.name for p in case.members), *(n for some in case.staff.values() for n in some), case.employer["contact"]]
    return {
        "household": case.number, "head": case.head.name, "organisation": case.community_code,
        "organisations": case.orgs, "type": doc.type, "title": doc.title, "date": doc.on.isoformat() if doc.on else "",
        "document_no": doc.number, "page": number, "lines": page.lines, "fields": page.fields,
        "names": there(people), "places": there([case.street, case.community, case.house, case.address, *case.orgs.values()]),
        "amounts": sorted(set(re.findall(r"\d+(?:\.\d\d)?元", text))),
        "dates": sorted(set(re.findall(r"\d{4}年\d{1,2}月\d{1,2}日", text))),
        "id_tails": sorted({p.id_number[-4:] for p in case.members if p.id_number in text})}


def draw(job):
    """Draws one page into its file; returns its line of truth."""
    seed, n, out, is_characters, angle, dpi = job
    fonts.use(list(fonts.SETS)[n % len(fonts.SETS)])
    if is_characters:
        page = characters(seed, n)
        line = {"lines": page.lines, "fields": []}
    else:
        case, doc, number, page = form(seed, n)
        line = truth(case, doc, number, page)
    rng = stream(seed, f"trial/{n}")
    image, dpi, turn, effects, quality = wear.apply(raster.render(page, rng), rng, is_characters, angle, dpi)
    name = f"files/{n:05d}.jpg"
    image.save(out / name, "JPEG", quality=quality, dpi=(dpi, dpi))
    return {"file": name, "dpi": dpi, "turned": turn, "effects": effects} | line


def main():
    """Reads the options, draws the pages, writes their truth."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--seed", default="7")
    ask.add_argument("--pages", type=int, default=100)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--characters", action="store_true")
    ask.add_argument("--angle", type=float)
    ask.add_argument("--dpi", type=int)
    options = ask.parse_args()
    if absent := fonts.missing_packages(sets=True):
        sys.exit("Fonts are missing. Install them with: apt-get install " + " ".join(absent))
    shutil.rmtree(options.out / "files", ignore_errors=True)
    (options.out / "files").mkdir(parents=True)
    jobs = [(options.seed, n, options.out, options.characters, options.angle, options.dpi) for n in range(options.pages)]
    with ProcessPoolExecutor() as pool, (options.out / "trial.jsonl").open("w", encoding="utf-8") as lines:
        for line in pool.map(draw, jobs):
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
