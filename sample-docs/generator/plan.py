"""Which document becomes which file: name, kind, scan, and whether the demo takes it."""

from dataclasses import dataclass, replace

from effects import Scan
from files import BILEVEL, ENDING


@dataclass(frozen=True)
class Plan:
    """How one document is delivered; `split` puts every sheet into a file of its own."""

    kind: str
    scan: Scan
    name: str = ""
    names: tuple = ()
    split: bool = False
    demo: bool = False
    measured: bool = True


COLOUR, GREY = Scan(noise=1.2), Scan(noise=1.2, mode="grey")
COLOUR150, GREY150 = replace(COLOUR, dpi=150), replace(GREY, dpi=150)
CLEAN = Scan(noise=0, mode="grey", blur=0.4, shadow=False)
FAX = Scan(noise=3, mode="bilevel", blur=0.6, shadow=False)
PHOTO = Scan(noise=1.6, blur=0.6, photo=True)

# The telling documents, (household serial, type) -> plan; all others are drawn by lot.
SPECIAL = {
    ("00127", "A02"): Plan("jpg", COLOUR, "扫描0012.jpg", demo=True),
    ("00127", "A06"): Plan("jpg", PHOTO, "IMG_20260309_101501.jpg", demo=True),
    ("00127", "A16"): Plan("jpg", COLOUR, names=("SCAN 03 (1).jpg", "SCAN 03 (2).jpg"), split=True, demo=True),
    ("00127", "A23"): Plan("jpg", GREY150, "通知书.jpg", demo=True),
    ("00127", "A15"): Plan("pdf-jpeg", GREY150, "doc20260317152244.pdf"),
    ("00041", "A02"): Plan("jpg", GREY, "img00417.JPG", demo=True),
    ("00041", "A11"): Plan("jpg", COLOUR150, "微信图片_20240514093012.jpg", demo=True),
    ("00041", "A01"): Plan("jpg", replace(GREY150, faint=True, noise=17, blur=1.1, skew=1.4),
                           "扫描0031 (太淡).jpg", measured=False),
    ("00041", "B03"): Plan("webp", COLOUR150, "增发 & 复审.webp", demo=True),
    ("00018", "A02"): Plan("jpg", replace(COLOUR, turn=180), "扫描0047.jpg", demo=True),
    ("00018", "A15"): Plan("pdf-text", Scan(), "核对报告(导出).pdf", demo=True),
    ("00018", "A06"): Plan("jpg", PHOTO, "IMG_20250617_083355.jpg"),
    ("00133", "A02"): Plan("tif-g4", FAX, "SCAN 04 (2).tif", demo=True),
    ("00133", "A05"): Plan("tif-jpeg", GREY, "hukou_copy.tiff", demo=True),
    ("00133", "A11"): Plan("jpg", COLOUR150, "残疾证 复印件.jpg", demo=True),
    ("00133", "A16"): Plan("pdf-g4", FAX, "doc20251020161108.pdf"),
    ("00056", "A02"): Plan("jpg", COLOUR, "a02-form 3.jpg", demo=True),
    ("00056", "A08"): Plan("jpg", replace(GREY, turn=90), "横放~1.jpg", demo=True),
    ("00056", "A20"): Plan("png", CLEAN, "gongshi.png"),
    ("00009", "A02"): Plan("png", replace(CLEAN, dpi=150), "审批表#6 [副本].png", demo=True),
    ("00009", "A15"): Plan("pdf-g4", FAX, "doc20231129090512.pdf"),
    ("00009", "A16"): Plan("tif-g4", FAX, "fax+0009.TIF", demo=True),
    ("00009", "B06"): Plan("bmp", replace(FAX, dpi=150), "TZS06.BMP", demo=True),
    ("00072", "A02"): Plan("jpg", COLOUR150, "CCF20250311_00002.jpg", demo=True),
    ("00072", "A16"): Plan("tif-g4", replace(FAX, turn=270), "SCAN 11.tif"),
    ("00072", "B04"): Plan("jpg", GREY, "减发.jpeg", demo=True),
    ("00072", "A06"): Plan("jpg", PHOTO, "IMG_20250311_143020.jpg"),
    ("00025", "A02"): Plan("pdf-jpeg", GREY150, "郭长顺 审批表.pdf", demo=True),
    ("00025", "A07"): Plan("jpg", COLOUR, "扫描0088.jpg", demo=True),
    ("00025", "A18"): Plan("tif-deflate", replace(CLEAN, dpi=150), "pingyi.tif"),
    ("00011", "A02"): Plan("jpg", COLOUR, "扫描 0101.jpg", demo=True),
    ("00011", "A15"): Plan("pdf-text", Scan(), "信息核对_导出 (3).pdf"),
    ("00011", "A16"): Plan("pdf-g4", FAX, "doc20251209101744.pdf", demo=True),
}

LOT = [("jpg", COLOUR, 22), ("jpg", GREY, 20), ("jpg", COLOUR150, 14), ("jpg", GREY150, 14),
       ("tif-g4", FAX, 10), ("pdf-g4", FAX, 10), ("pdf-jpeg", GREY150, 8), ("png", replace(CLEAN, dpi=150), 4)]
LOT_MANY = [("pdf-jpeg", GREY150, 3), ("tif-g4", FAX, 3), ("pdf-g4", FAX, 3)]

NAMES = {
    ".jpg": ["扫描{n:04d}.jpg", "扫描{n:04d}.jpg", "SCAN {k:02d} ({j}).jpg", "img{n:05d}.JPG",
             "CCF{day}_{n:05d}.jpg", "低保材料 ({n}).jpg", "doc~{n}.jpeg", "微信图片_{day}{clock}.jpg"],
    ".tif": ["SCAN {k:02d} ({j}).tif", "fax+{n:04d}.TIF", "扫描{n:04d}.tiff"],
    ".pdf": ["doc{day}{clock}.pdf", "复印件 {n}.pdf", "Scan_{day} [{j}].pdf"],
    ".png": ["未命名-{n}.png", "page_{n:03d}.png"],
}


def choose(case, doc, rng, taken):
    """Returns the plan of one document with its skew and a free name (added to `taken`)."""
    plan = SPECIAL.get((case.number[-5:], doc.type))
    if not plan:
        if doc.about.get("photo"):
            plan = Plan("jpg", PHOTO)
        else:
            lots = LOT_MANY if len(doc.pages) > 1 else LOT
            kind, scan, _ = rng.choices(lots, [weight for *_, weight in lots])[0]
            plan = Plan(kind, scan)
    scan = plan.scan
    if not scan.photo and plan.kind != "pdf-text" and not scan.skew:
        scan = replace(scan, fold=scan.mode != "bilevel" and rng.random() < 0.15, skew=rng.choice([-1, 1]) * round(rng.triangular(0.1, 1.5, 0.4), 1))
    if plan.kind in BILEVEL and scan.mode != "bilevel":
        raise ValueError(f"{plan.kind} needs a bilevel scan")
    names = plan.names or (plan.name or _name(ENDING[plan.kind], max(doc.on or case.applied, case.applied), rng, taken),)
    for name in names:
        if name in taken:
            raise ValueError(f"two files called {name}")
        taken.add(name)
    return replace(plan, scan=scan, names=names)


def _name(ending, day, rng, taken):
    while True:
        name = rng.choice(NAMES[ending]).format(
            n=rng.randrange(2, 400), k=rng.randrange(1, 40), j=rng.randrange(1, 9),
            day=f"{day:%Y%m%d}", clock=f"{rng.randrange(8, 18):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}")
        if name not in taken:
            return name
