"""What the forms share: the document, its sheet, head line, opinions and signatures."""

from dataclasses import dataclass, field, replace
from datetime import date

from draw import PENCIL, Fill, Look, Page, Style, wrap
from table import free, label, value

LEFT, WIDTH = 22, 168            # the tables' left edge and width in millimetres


@dataclass
class Doc:
    """One document before it is scanned: what it is, and its sheets."""

    type: str
    title: str
    on: date | None
    responsible: str
    pages: list
    number: str = ""
    about: dict = field(default_factory=dict)


def cn(day):
    """Returns a date as forms write it, 2026年3月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_after(day):
    """Returns the month after a day, 2026年4月."""
    return f"{day.year + day.month // 12}年{day.month % 12 + 1}月"


def yuan(amount):
    """Returns whole yuan without and others with two decimals."""
    return f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}"


def sheet(case, what, **size):
    """Returns an empty sheet in the look of this household's `what`."""
    return Page(Look.pick(case.rng(f"look/{what}")), **size)


def ink_of(page, case, who):
    """Returns the pen of one writer: every signer has a face and an ink of their own."""
    rng = case.rng(f"pen/{who}")
    return replace(page.look.hand, font=rng.choice(["kai", "ukai"]),
                   colour=rng.choice([(27, 41, 98), (20, 32, 80), (40, 40, 52)]), size=14)


def head(page, case, title, on=None, size=20, number=None):
    """Draws household number, title and the line of place and date; returns the y below."""
    small = page.look.label.at(10)
    digits = page.look.hand.at(11)
    page.run(LEFT + WIDTH, 17, ["家庭编号：", Fill(case.number, "家庭编号")], "r", small, digits)
    page.title(31, title, size)
    if number:
        page.run(LEFT, 17, ["编号：", Fill(number, "编号")], "l", small, digits)
    if on:
        page.run(LEFT, 44, [f"青石县{case.street}", Fill(case.community)], "l")
        page.run(LEFT + WIDTH, 44, ["填表日期：", Fill(cn(on), "填表日期")], "r")
    return 49


def signature(page, case, x, y, role, name, on=None, finger=False, seal=None, kept=None):
    """Draws `role：name date`, with a fingerprint or a seal over it if wanted."""
    pen = ink_of(page, case, name)
    right = page.run(x, y, [f"{role}：", Fill(name, kept or role)], hand=pen)
    if finger:
        page.mark("finger", right + 4, y - 1)
    if on:
        page.run(right + 12, y, [Fill(cn(on))], hand=pen.at(12))
    if seal:
        page.seal(right + 22, y - 4, seal, size=case.rng(seal).choice([35, 36, 38]))


def opinion(case, name, words, role, who, on, seal=None, width=24, finger=False):
    """Returns a row's cells: label, then the handwritten opinion with signature and seal."""
    def draw(page, box):
        pen = ink_of(page, case, who)
        y = box.y + 7
        for line in wrap(pen.at(13), words, box.w - 8):
            page.text(box.x + 4, y, line, pen.at(13))
            y += 7.5
        signature(page, case, box.x + box.w * 0.36, box.y + box.h - 7, role, who, on, finger,
                  seal, kept=name.replace("\n", "") + role)
    return [label(name, width), free(draw)]


def issue(page, x, y, org, on, seal=True, field=True):
    """Draws the issuing body and its date at the lower right, sealed."""
    page.text(x, y, org, page.look.label.at(12.5), "c", field="出具单位" if field else None)
    page.text(x, y + 9, cn(on), page.look.label.at(12.5), "c", field="日期" if field else None)
    if seal:
        page.seal(x + 4, y + 3, org, size=42)


def member_rows(case, columns, row=8.5):
    """Returns a header row and one row for each member; columns: (label, width, getter)."""
    rows = [(row, [label(name, width) for name, width, _ in columns])]
    for n, person in enumerate(case.members):
        rows.append((row, [value(get(person), width, _named(name, n), "c", size=12)
                           for name, width, get in columns]))
    return rows


def _named(name, n):
    return f"成员{n + 1}{name}" if name in ("姓名", "身份证号", "月收入(元)") else None


def foot(page, page_no=None, pages=None, note=None):
    """Draws the remark under the table, the sheet's own number and the punch holes."""
    if note:
        page.text(LEFT, 284, note, page.look.label.at(9))
    if pages:
        page.text(105, 289, f"第{page_no}页 共{pages}页", page.look.label.at(9), "c")
    for y in (108.5, 188.5):
        page.mark("hole", 9, y)


def pencil(page, number):
    """Writes the volume's running page number at the lower right; no line of the truth."""
    if page.h > 250:
        page.text(193, 287, str(number), Style("kai", 13, PENCIL, True), note=False)
