"""Draws the sample documents: `python generate.py --seed 2026 --out DIR [--households N]`.

The same seed, fonts and pinned packages give the same bytes.
"""

import argparse
import hashlib
import json
import re
import random
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

import effects
import files
import fonts
import people
import plan
import raster
import vector
from draw import BLACK, Look, Page, Style
from forms import FORMS
from forms.common import foot, pencil

BLANK, COPY = "扫描0009.jpg", ("扫描0012.jpg", "复件 扫描0012.jpg")


def stream(seed, name):
    """Returns numpy's random source for one file, independent of all others."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def work(cases, seed):
    """Yields (case, doc, plan) for every document of every household."""
    taken = {BLANK, COPY[1]}
    for case in cases:
        number = 0
        for code in case.documents:
            extra = {}
            if code == "A06":
                special = plan.SPECIAL.get((case.number[-5:], code))
                extra["photo"] = special.scan.photo if special else False
            doc = FORMS[code](case, **extra)
            for page in doc.pages:
                number += 1
                pencil(page, number)
            rng = random.Random(f"{seed}/{case.number}/{code}/plan")
            yield case, doc, plan.choose(case, doc, rng, taken)


def draw(job):
    """Draws and writes the files of one document; returns their truth lines."""
    number, doc, how, seed, out = job
    sheets = [[page] for page in doc.pages] if how.split else [doc.pages]
    lines = []
    for name, pages in zip(how.names, sheets, strict=True):
        rng, path = stream(seed, name), out / "files" / name
        if how.kind == "pdf-text":
            vector.write(path, pages, doc.title, doc.responsible, rng)
        else:
            images = [effects.apply(raster.render(page, rng), how.scan, rng) for page in pages]
            files.write(path, images, how.kind, how.scan.dpi)
        lines.append({
            "file": f"files/{name}", "household": number, "type": doc.type, "title": doc.title,
            "date": doc.on.isoformat() if doc.on else "", "responsible": doc.responsible,
            "document_no": doc.number, "dpi": how.scan.dpi,
            "effects": ["text layer"] if how.kind == "pdf-text" else how.scan.names(),
            "demo": how.demo, "duplicate_of": None, "measured": how.measured,
            "pages": [{"page": n, "turned": how.scan.turn, "text": page.lines, "fields": page.fields}
                      for n, page in enumerate(pages, 1)]})
    return lines


def blank(seed, out):
    """Writes the empty back of a sheet; returns its truth line."""
    page = Page(Look(*[Style("song", 11, BLACK)] * 3))
    foot(page)
    scan = effects.Scan(noise=1.2, mode="grey", skew=0.4)
    rng = stream(seed, BLANK)
    files.write(out / "files" / BLANK, [effects.apply(raster.render(page, rng), scan, rng)], "jpg", 200)
    return {"file": f"files/{BLANK}", "household": None, "type": None, "title": "", "date": "",
            "responsible": "", "document_no": "", "dpi": 200, "effects": scan.names() + ["blank"],
            "demo": True, "duplicate_of": None, "measured": True,
            "pages": [{"page": 1, "turned": 0, "text": [], "fields": []}]}


def duplicate(lines, out):
    """Copies one file under another name; returns the copy's truth line."""
    old, new = COPY
    shutil.copyfile(out / "files" / old, out / "files" / new)
    line = next(line for line in lines if line["file"] == f"files/{old}")
    return line | {"file": f"files/{new}", "duplicate_of": f"files/{old}"}


def write_json(path, what):
    """Writes indented JSON with a final newline."""
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", "utf-8")


def allowance(lines, number):
    """Returns what a household is paid a month in yuan, and since which decision; nothing
    where no decision is among its papers."""
    found = []
    for line in lines:
        if line["household"] == number and line["type"] in ("A02", "B03", "B04"):
            text = "".join(text for page in line["pages"] for text in page["text"])
            found += [(line["date"], int(paid)) for paid in re.findall(r"月保障金(\d+)元", text)]
    return [{"on": on, "amount": amount} for on, amount in sorted(found)[-1:]]


def main():
    """Reads the options, draws everything, writes files and ground truth."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--seed", default="2026")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--households", type=int, default=9)
    ask.add_argument("--jobs", type=int, default=None, help="processes (default: one a core)")
    options = ask.parse_args()
    if absent := fonts.missing_packages():
        sys.exit("Fonts are missing. Install them with: apt-get install " + " ".join(absent))

    organisations, cases = people.load(options.seed, options.households)
    shutil.rmtree(options.out / "files", ignore_errors=True)
    (options.out / "files").mkdir(parents=True)
    jobs = [(case.number, doc, how, options.seed, options.out)
            for case, doc, how in work(cases, options.seed)]
    lines = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for done, part in enumerate(pool.map(draw, jobs), 1):
            lines += part
            if sys.stderr.isatty():
                print(f"\r{done}/{len(jobs)} documents", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    lines.append(blank(options.seed, options.out))
    lines.append(duplicate(lines, options.out))

    write_json(options.out / "organisations.json",
               [{"code": code, "name": name} for code, name in sorted(organisations.items())])
    write_json(options.out / "households.json", [{
        "household_no": c.number, "head": c.head.name, "id_number": c.head.id_number,
        "address": c.address, "organisation": c.community_code,
        "allowance": allowance(lines, c.number),
        "members": [{"name": p.name, "relation": p.relation, "id_number": p.id_number,
                     "birth": p.birth.isoformat()} for p in c.members]} for c in cases])
    with (options.out / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for line in lines:
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
