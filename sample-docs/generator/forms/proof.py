"""Proofs: A08 收入证明 or 收入声明书, A11 残疾人证 or 诊断证明书."""

from datetime import timedelta

from draw import Fill, Look, Page, Style
from table import label, table, value

from .common import LEFT, WIDTH, Doc, cn, foot, issue, sheet, signature


def a08(case):
    """Returns the employer's statement of income, or the earner's own where there is none."""
    earner = max(case.members, key=lambda p: p.income)
    on = case.applied - timedelta(days=4)
    page = sheet(case, "A08")
    body, pen = page.look.label.at(14), page.look.hand.at(15)
    own = case.employer is None
    title = "收入声明书" if own else "收入证明"
    page.title(44, title, 26, 6)
    y = 72
    year = on.year - (1 if on.month < 4 else 0)
    span = f"{year}年1月至{year}年12月" if year < on.year else f"{year}年1月至{year}年{on.month - 1}月"
    if own:
        y = page.flow(LEFT, y, WIDTH, [
            "本人", Fill(earner.name, "姓名", True), "，身份证号", Fill(earner.id_number, "身份证号", True),
            "，没有固定工作单位，自", Fill(span, "起止月", True), "，每月收入约",
            Fill(f"{earner.income}元", "月收入", True), "，收入类别为", Fill(earner.source, "收入类别", True),
            "。本声明用于", Fill("申请最低生活保障", "用途", True), "。"], 14, style=body, hand=pen)
        y = page.flow(LEFT, y + 2, WIDTH, ["以上声明真实，如有虚假，本人愿意承担责任。"], 14, style=body)
        signature(page, case, 98, y + 24, "声明人", earner.name, finger=True)
        page.run(98, y + 38, ["日期：", Fill(cn(on), "日期")])
        who = earner.name
    else:
        job = case.employer
        y = page.flow(LEFT, y, WIDTH, [
            "兹证明", Fill(earner.name, "姓名", True), "，身份证号", Fill(earner.id_number, "身份证号", True),
            "，在我单位从事", Fill(job["post"], "职务", True), "工作，自", Fill(span, "起止月", True),
            "，月平均收入（税后）为", Fill(f"{earner.income}元", "月收入", True),
            "。该同志与我单位无其他收入往来。"], 14, style=body, hand=pen)
        y = page.flow(LEFT, y + 2, WIDTH, ["本证明仅用于", Fill("申请最低生活保障", "用途", True),
                                           "，我单位对证明内容的真实性负责。"], 14, style=body, hand=pen)
        page.text(LEFT + 9, y + 2, "特此证明。", body)
        page.run(LEFT + 9, y + 22, ["联系人：", Fill(job["contact"], "联系人", True)], style=body)
        page.run(LEFT + 9, y + 34, ["联系电话：", Fill(job["phone"], "联系电话", True)], style=body)
        issue(page, 145, y + 58, job["name"], on)
        who = job["name"]
    page.run(LEFT, 268, ["家庭编号：", Fill(case.number, "家庭编号")], style=page.look.label.at(10),
             hand=page.look.hand.at(11))
    foot(page)
    return Doc("A08", title, on, who, [page])


def a11(case):
    """Returns the disability card where the illness is a disability, else a diagnosis."""
    person = next(p for p in case.members if p.health != "健康")
    return _disabled(case, person) if "残疾" in person.health else _diagnosis(case, person)


def _disabled(case, person):
    kind, degree = person.health[:2], person.health[2:4]
    number = person.id_number + {"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5"}[kind] \
        + str("一二三四".index(degree[0]) + 1)
    on = case.applied.replace(year=case.applied.year - 3, day=18)
    look = Look(Style("song", 12), Style("songb", 20), Style("hei", 13, (24, 26, 34)))
    page = Page(look)
    page.rect(25, 28, 160, 122, outline=(120, 150, 130), fill=(238, 246, 238), radius=3, width=0.5)
    page.mark("guilloche", 27, 30, w=156, h=118, colour=(222, 236, 224))
    page.title(43, "中华人民共和国残疾人证", 20, 1.5)
    page.mark("portrait", 164, 80, w=28, h=36, female=person.female)
    y = 60
    for name, text in [("姓名", person.name), ("性别", person.sex), ("出生年月", f"{person.birth:%Y年%m月}"),
                       ("残疾类别", kind), ("残疾等级", degree), ("证号", number),
                       ("签发机关", "青石县残疾人联合会"), ("签发日期", cn(on))]:
        page.text(34, y, name)
        page.text(60, y, text, look.hand, field=name)
        page.line(59, y + 4, 59 + max(60, look.hand.width(text) + 3), y + 4, 0.15, (120, 140, 130))
        y += 11.2
    page.seal(150, 128, "青石县残疾人联合会", size=36)
    y = 168
    page.title(y, "评定记录", 15)
    rows = [(11, [label("评定日期", 34), label("评定医院", 56), label("类别等级", 40), label("备注")]),
            (12, [value(cn(on), 34, align="c", size=11), value("青石县人民医院", 56, "评定医院", "c"),
                  value(person.health, 40, "类别等级", "c"), value("首次评定", None, align="c")])]
    y = table(page, 25, y + 9, 160, rows)
    page.text(25, y + 12, f"家庭编号：{case.number}", page.look.label.at(11))
    page.keep("家庭编号", case.number)
    page.text(25, y + 22, "注意事项：本证由持证人保管，不得转借、涂改；复印件须注明用途。", page.look.label.at(10))
    foot(page)
    return Doc("A11", "中华人民共和国残疾人证", on, "青石县残疾人联合会", [page], number)


def _diagnosis(case, person):
    on = case.applied - timedelta(days=11)
    page = sheet(case, "A11")
    page.text(105, 30, "青石县人民医院", page.look.title.at(18), "c")
    page.title(44, "疾病诊断证明书", 24, 4)
    number = f"诊{on:%Y%m}{int(case.number[-5:]):04d}"
    page.run(LEFT + WIDTH, 58, ["编号：", Fill(number, "编号")], "r")
    drug = {"慢性肾衰竭": ("慢性肾衰竭（尿毒症期）", "规律透析治疗，每周三次；低盐饮食；不宜从事体力劳动。", "肾内科", "柳青山"),
            "冠心病": ("冠状动脉粥样硬化性心脏病", "长期服药，定期复查；避免重体力劳动。", "心内科", "白启明")}
    found, advice, ward, doctor = drug[person.health]
    rows = [
        (12, [label("姓名", 24), value(person.name, 36, "姓名"), label("性别", 18),
              value(person.sex, 18, "性别"), label("年龄", 18), value(f"{person.age(on)}岁", None, "年龄")]),
        (12, [label("身份证号", 24), value(person.id_number, 72, "身份证号"), label("科别", 22),
              value(ward, None, "科别")]),
        (12, [label("住址", 24), value(case.address, None, "住址")]),
        (30, [label("诊断", 24), value(found, None, "诊断", size=15)]),
        (40, [label("处理\n意见", 24), value(advice, None, size=14)]),
    ]
    y = table(page, LEFT, 65, WIDTH, rows)
    signature(page, case, LEFT + 4, y + 20, "医师签名", doctor)
    page.run(118, y + 20, ["日期：", Fill(cn(on), "日期")])
    page.seal(140, y + 16, "青石县人民医院", "诊断证明专用", 40)
    page.text(LEFT, y + 44, "注：本证明未加盖诊断专用章无效；仅供申请社会救助使用。", page.look.label.at(10))
    page.text(LEFT, y + 54, f"家庭编号：{case.number}", page.look.label.at(11))
    page.keep("家庭编号", case.number)
    foot(page)
    return Doc("A11", "疾病诊断证明书", on, "青石县人民医院", [page], number)
