"""Checks a sample set against its ground truth: `python check.py DIR`; exit 1 on any finding."""

import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pikepdf
from PIL import Image

from people import check_digit

LIMIT = 18_000_000               # bytes, for the committed set of nine households
STANDARD_SET = 9


def page_count(path):
    """Returns the number of pages of an image or PDF."""
    if path.suffix.lower() == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as image:
        image.load()
        return getattr(image, "n_frames", 1)


def amounts(fields):
    """Yields a finding where amount differs from (standard − income per head) × heads."""
    money = lambda name: float(fields[name].removesuffix("元"))
    for amount, heads in (("户月保障金额", "保障人口"), ("月保障金额", "家庭人口"), ("现月保障金额", "家庭人口")):
        if {amount, heads, "保障标准", "月人均收入"} <= fields.keys():
            want = max(0, money("保障标准") - money("月人均收入")) * int(fields[heads].removesuffix("人"))
            if abs(want - money(amount)) > 0.005:
                yield f"{amount} is {fields[amount]}, should be {want:.2f}"


def check_line(root, line, seen):
    """Yields the findings of one truth line; `seen` maps digests to files."""
    path = root / line["file"]
    if not path.exists():
        yield "file is missing"
        return
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if seen.setdefault(digest, line["file"]) != (line["duplicate_of"] or line["file"]):
        yield f"same bytes as {seen[digest]}"
    if (count := page_count(path)) != len(line["pages"]):
        yield f"{count} pages, the truth has {len(line['pages'])}"
    for page in line["pages"]:
        text = "\n".join(page["text"])
        for field in page["fields"]:
            if field["value"] not in text:
                yield f"field {field} is not among the lines"
        for number in re.findall(r"(?<!\d)990102(?:19|20)\d{9}[\dX](?!\d)", text):
            if number[6:14].isdigit() and check_digit(number[:17]) != number[17]:
                yield f"check digit of {number}"
        yield from amounts({f["label"]: f["value"] for f in page["fields"]})


def check(root):
    """Returns (findings, truth lines) of a sample set."""
    lines = [json.loads(l) for l in (root / "truth.jsonl").read_text("utf-8").splitlines()]
    households = json.loads((root / "households.json").read_text("utf-8"))
    codes = {o["code"] for o in json.loads((root / "organisations.json").read_text("utf-8"))}
    seen, findings = {}, []
    for line in lines:
        findings += [f"{line['file']}: {what}" for what in check_line(root, line, seen)]
    listed = {line["file"] for line in lines}
    findings += [f"{p}: not in the truth" for p in (root / "files").iterdir() if f"files/{p.name}" not in listed]
    for house in households:
        if house["organisation"] not in codes or not house["household_no"].startswith(house["organisation"]):
            findings.append(f"{house['household_no']}: organisation")
        for person in house["members"]:
            number = person["id_number"]
            if check_digit(number[:17]) != number[17] or number[6:14] != person["birth"].replace("-", ""):
                findings.append(f"{person['name']}: identity number {number}")
        mine = [l for l in lines if l["household"] == house["household_no"]]
        if not 6 <= len({l["type"] for l in mine}) <= 13:
            findings.append(f"{house['household_no']}: {len(mine)} documents")
        if len(households) == STANDARD_SET and len({l["type"] for l in mine if l["demo"]} | {"A02"}) < 2:
            findings.append(f"{house['household_no']}: too little in the demo")
    size = sum(p.stat().st_size for p in (root / "files").iterdir())
    if len(households) == STANDARD_SET and (len(lines) < 80 or size > LIMIT):
        findings.append(f"{len(lines)} files, {size} bytes")
    return findings, lines


def summary(root, lines):
    """Prints what the set holds."""
    pages = lambda some: sum(len(l["pages"]) for l in some)
    demo = [l for l in lines if l["demo"]]
    sizes = sum((root / l["file"]).stat().st_size for l in lines)
    print(f"{len(lines)} files, {pages(lines)} pages, {sizes / 1e6:.1f} MB; "
          f"demo {len(demo)} files, {pages(demo)} pages, "
          f"{sum((root / l['file']).stat().st_size for l in demo) / 1e6:.1f} MB")
    print(f"{sum(len(p['fields']) for l in lines for p in l['pages'])} fields; "
          f"{Counter(l['dpi'] for l in lines)[200]} files at 200 dpi; "
          f"{sum(not l['measured'] for l in lines)} not measured")
    for what, key in (("formats", lambda l: Path(l["file"]).suffix.lower()),
                      ("types", lambda l: l["type"] or "-"), ("households", lambda l: (l["household"] or "-----")[-5:])):
        print(f"{what}: " + ", ".join(f"{k} {n}" for k, n in sorted(Counter(map(key, lines)).items())))


def main():
    """Checks the folder named on the command line."""
    root = Path(sys.argv[1])
    findings, lines = check(root)
    summary(root, lines)
    for finding in findings:
        print("!", finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
