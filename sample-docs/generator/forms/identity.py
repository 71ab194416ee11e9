"""Papers that say who somebody is: A05 户口簿, A06 身份证, A07 結婚證明書 (traditional)."""

from datetime import date

from draw import BLACK, Look, Page, Style
from table import label, table, value

from .common import Doc, cn, foot, ink_of

# Only what the names of these households need.
TRADITIONAL = str.maketrans("长顺云叶", "長順雲葉")


def a05(case):
    """Returns the copied household register: cover page with the head, then the members."""
    look = Look(Style("song", 10.5), Style("songb", 16), Style("hei", 11, (24, 24, 30)))
    station = f"青石县公安局{case.street.removesuffix('街道')}派出所"
    on, pages = date(case.applied.year - 6, 4, 16), []
    cards = [None, *case.members]
    for start in range(0, len(cards), 2):
        page = Page(look)
        for slot, person in enumerate(cards[start:start + 2]):
            _booklet(page, case, 22 + 132 * slot, person, station, on)
        pages.append(page)
    for page in pages:
        foot(page)
    note = "复印件与原件一致"
    pages[-1].text(128, 277, note, ink_of(pages[-1], case, "copy").at(12))
    return Doc("A05", "居民户口簿", on, station, pages)


def _booklet(page, case, top, person, station, on):
    x, w = 28, 154
    page.rect(x, top, w, 120, outline=(150, 140, 124), fill=(250, 246, 236), width=0.4)
    page.mark("guilloche", x, top, w=w, h=120, colour=(240, 231, 214))
    style = page.look.title
    name = "居民户口簿" if person is None else "常住人口登记卡"
    page.text(105, top + 12, name, style, "c")
    if person is None:
        rows = [
            (13, [label("户别", 26), value("非农业家庭户", 48, "户别"), label("户主姓名", 28),
                  value(case.head.name, None, "户主姓名")]),
            (13, [label("户号", 26), value(case.number[-9:], 48, "户号"), label("家庭编号", 28),
                  value(case.number, None, "家庭编号", size=10)]),
            (13, [label("住址", 26), value(case.address, None, "住址")]),
        ]
        y = table(page, x + 6, top + 21, w - 12, rows, border=0.35)
        page.text(x + 10, y + 14, f"承办人：{case.rng('police').choice(['罗平', '宋卫', '薛刚'])}")
        page.text(x + 10, y + 26, f"签发日期：{cn(on)}")
        page.text(x + 10, y + 38, f"登记机关：{station}")
        page.keep("登记机关", station)
        page.seal(x + 112, y + 26, station, "户口专用", 36)
        return
    p = person
    rows = [
        (11, [label("姓名", 28), value(p.name, 44, "姓名"), label("户主或与户主关系", 34),
              value(p.relation, None, "与户主关系")]),
        (11, [label("性别", 28), value(p.sex, 44, "性别"), label("民族", 34),
              value(p.nation + "族", None, "民族")]),
        (11, [label("出生日期", 28), value(cn(p.birth), 44, "出生日期"), label("籍贯", 34),
              value("青石县")]),
        (11, [label("公民身份号码", 28), value(p.id_number, None, "公民身份号码")]),
        (11, [label("文化程度", 28), value(p.schooling.removesuffix("在读"), 44),
              label("婚姻状况", 34), value(p.marriage, None, "婚姻状况")]),
        (11, [label("服务处所", 28), value("无", 44), label("职业", 34), value("无")]),
    ]
    y = table(page, x + 6, top + 21, w - 12, rows, border=0.35)
    page.text(x + 10, y + 15, f"登记日期：{cn(on)}")
    page.seal(x + 108, y + 13, station, "户口专用", 34)


def a06(case, photo=False):
    """Returns the identity card of the head, front and back: on a desk, or photocopied."""
    look = Look(Style("hei", 9.5, (46, 60, 96)), Style("heib", 14), Style("hei", 10.5, BLACK))
    me = case.head
    on = date(me.birth.year + 26 + (case.applied.year - me.birth.year - 26) // 20 * 20, 5, 8)
    if photo:
        page, x, tops = Page(look, 150, 200), 28, (34, 110)
        page.mark("wood", 0, 0)
        for top in tops:
            page.mark("shade", x + 1, top + 1.5, w=92, h=58)
    else:
        page, x, tops = Page(look), 59, (42, 122)
    _front(page, x, tops[0], me, case)
    _back(page, x, tops[1], on, me)
    if not photo:
        pen = ink_of(page, case, case.clerk("street", 1))
        page.text(62, 204, "复印件与原件核对无误", pen)
        page.text(62, 214, f"{case.clerk('street', 1)} {cn(case.day(1))}", pen)
        page.text(62, 226, f"家庭编号：{case.number}", Style("song", 11))
        page.keep("家庭编号", case.number)
        page.seal(132, 208, case.street_office, size=40)
        foot(page)
    # A card has no date of its own; the copy has the day on which it was compared.
    return Doc("A06", "居民身份证", None if photo else case.day(1), "青石县公安局", [page],
               about={"photo": photo})


def _card(page, x, y):
    page.rect(x, y, 92, 58, outline=(150, 168, 190), fill=(232, 240, 246), radius=3, width=0.2)
    page.mark("guilloche", x + 2, y + 2, w=88, h=54, colour=(214, 228, 238))


def _front(page, x, y, me, case):
    _card(page, x, y)
    line = lambda dx, dy, name, text, field: (
        page.run(x + dx, y + dy, [name]), page.text(x + dx + 12, y + dy, text, page.look.hand, field=field))
    line(5, 9, "姓名", me.name, "姓名")
    line(5, 17, "性别", me.sex, "性别")
    line(30, 17, "民族", me.nation, "民族")
    line(5, 25, "出生", cn(me.birth), "出生")
    page.run(x + 5, y + 33, ["住址"])
    for n, part in enumerate((f"青石县{case.street}", case.house)):
        page.text(x + 17, y + 33 + n * 6, part, page.look.hand.at(10))
    page.run(x + 5, y + 51, ["公民身份号码"])
    page.text(x + 31, y + 51, me.id_number, page.look.hand.at(12.5), field="公民身份号码")
    page.mark("portrait", x + 76, y + 24, w=25, h=31, female=me.female)


def _back(page, x, y, on, me):
    _card(page, x, y)
    red = (170, 48, 44)
    page.rect(x + 6, y + 7, 13, 13, outline=red, radius=6.4, width=0.7)
    page.text(x + 12.5, y + 13.5, "样", Style("songb", 14, red), "c", note=False)
    page.text(x + 54, y + 10, "中华人民共和国", Style("heib", 14), "c")
    page.text(x + 54, y + 20, "居民身份证", Style("heib", 19), "c")
    page.run(x + 20, y + 40, ["签发机关"])
    page.text(x + 39, y + 40, "青石县公安局", page.look.hand, field="签发机关")
    page.run(x + 20, y + 49, ["有效期限"])
    until = "长期" if me.age(on) >= 46 else f"{on.replace(year=on.year + 20):%Y.%m.%d}"
    page.text(x + 39, y + 49, f"{on:%Y.%m.%d}-{until}", page.look.hand, field="有效期限")


def a07(case):
    """Returns a marriage certificate from outside the mainland, in traditional characters."""
    look = Look(Style("tsong", 13), Style("tsongb", 26), Style("tkai", 15, (26, 30, 60), True))
    page, on = Page(look), date(2009, 10, 18)
    groom, bride = (p.name.translate(TRADITIONAL) for p in case.members[:2])
    for inset, width in ((12, 1.2), (15, 0.4)):
        page.rect(inset, inset, 210 - 2 * inset, 297 - 2 * inset, outline=(170, 60, 60), width=width)
    page.mark("guilloche", 16, 16, w=178, h=265, colour=(250, 232, 226))
    page.title(52, "結婚證明書", 30, 5)
    page.text(178, 70, "海東婚字第0098號", page.look.label.at(12), "r", field="字號")
    y = 92
    for role, name, birth, number in (("結婚人", groom, case.members[0].birth, case.members[0].id_number),
                                      ("結婚人", bride, case.members[1].birth, "Z200000095")):
        page.text(36, y, role)
        page.text(62, y, name, look.hand.at(18), field=f"{role}姓名")
        page.text(98, y, f"出生日期{cn(birth)}")
        page.text(62, y + 12, "身分證號碼")
        page.text(92, y + 12, number, look.hand.at(14), field=f"{name}身分證號碼")
        y += 32
    page.flow(36, y + 4, 140, ["上列當事人業於", "二〇〇九年十月十八日",
                               "在本所辦妥結婚登記，雙方意思表示真實，經審查核與規定相符，特發給本證明書，以資證明。"], 13)
    y += 66
    for name in ("葉國華", "許麗雲"):
        page.run(36, y, ["證婚人"])
        page.text(62, y, name, look.hand, field="證婚人")
        y += 14
    page.text(120, y + 12, "海東縣戶政事務所", page.look.label.at(15), "c", field="發證機關")
    page.text(120, y + 25, cn(on), page.look.label.at(14), "c", field="發證日期")
    page.seal(138, y + 15, "海東縣戶政事務所", size=42)
    foot(page)
    return Doc("A07", "結婚證明書", on, "海東縣戶政事務所", [page], "海東婚字第0098號")
