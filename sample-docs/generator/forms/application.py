"""Application papers: A01 申请书, A03 诚信承诺书, A04 核对授权书."""

from draw import Fill
from table import label, table, value

from .common import LEFT, WIDTH, Doc, cn, foot, head, member_rows, sheet, signature, yuan


def a01(case):
    """Returns the written application of the head of the household."""
    page = sheet(case, "A01")
    head(page, case, "城市居民最低生活保障申请书")
    y, me = 48, case.head
    pen = page.look.hand
    page.text(LEFT, y, f"{case.street_office}：", page.look.label.at(12))
    y = page.flow(LEFT, y + 11, WIDTH, [
        "申请人", Fill(me.name, "申请人姓名", True), "，性别", Fill(me.sex, "性别", True),
        "，身份证号", Fill(me.id_number, "身份证号", True), "，户籍地址",
        Fill(case.address, "户籍地址", True), "，联系电话", Fill(case.phone, "电话", True),
        "，家庭人口数", Fill(f"{len(case.members)}人", "家庭人口数", True), "，申请人数",
        Fill(f"{len(case.members)}人", "申请人数", True), "。"], 11)
    page.text(LEFT, y + 2, "申请理由：", page.look.label.at(12))
    y = page.flow(LEFT, y + 13, WIDTH, list(case.reason), 11,
                  style=pen.at(14))
    page.text(LEFT, y + 1, "家庭成员简表：", page.look.label.at(12))
    rows = member_rows(case, [
        ("姓名", 26, lambda p: p.name), ("关系", 20, lambda p: p.relation),
        ("身份证号", 56, lambda p: p.id_number), ("就业状况", 30, lambda p: p.work),
        ("健康状况", None, lambda p: p.health)], 9.5)
    y = table(page, LEFT, y + 8, WIDTH, rows)
    y = page.flow(LEFT, y + 12, WIDTH, [
        "本人声明：以上所写情况真实，愿意接受街道办事处和民政局调查核实；如有虚假，"
        "退回领取的保障金，并承担相应责任。"], 9)
    signature(page, case, 92, y + 14, "申请人签字", me.name, finger=True)
    page.run(92, y + 27, ["申请日期：", Fill(cn(case.applied), "申请日期")])
    foot(page)
    return Doc("A01", "城市居民最低生活保障申请书", case.applied, me.name, [page])


def a03(case):
    """Returns the pledge of honesty with the declared property."""
    page = sheet(case, "A03")
    head(page, case, "诚信承诺书")
    me, on = case.head, case.applied
    y = page.flow(LEFT, 48, WIDTH, [
        "本人", Fill(me.name, "承诺人", True), "，身份证号", Fill(me.id_number, "身份证号", True),
        "，家住", Fill(case.address, "家庭住址", True), "，现申请",
        Fill("城市最低生活保障", "救助类别", True), "。家庭收入和财产状况申报如下："], 11)
    wage = sum(m.income for m in case.members if m.source == "工资性收入")
    other = case.granted.income - wage
    rows = [
        (10, [label("申报项目", 44), label("有无", 24), label("金额或说明")]),
        *[(10, [label(n, 44), value("有" if v else "无", 24, align="c"), value(v or "无", None, n)])
          for n, v in [("零工工资收入", f"每月{wage}元" if wage else ""),
                       ("其他收入", f"每月{other}元" if other else ""), ("失业金", ""),
                       ("银行存款", f"{case.savings}元存入青石农商银行"), ("股票基金", ""),
                       ("房产", case.home), ("机动车辆", ""), ("商业保险", "")]]]
    y = table(page, LEFT, y + 2, WIDTH, rows) + 12
    for n, line in enumerate([
            "如实申报家庭人口、收入和财产，不隐瞒、不虚报。",
            "家庭情况发生变化的，在一个月内主动告知街道办事处。",
            "积极配合入户调查、信息核对和定期核查。",
            "违反承诺的，愿意退回多领的保障金，并记入信用记录。"], 1):
        page.text(LEFT + 6, y, f"{n}. {line}")
        y += 9
    signature(page, case, 96, y + 16, "承诺人签字", me.name, finger=True)
    page.run(96, y + 29, ["日期：", Fill(cn(on), "日期")])
    foot(page)
    return Doc("A03", "诚信承诺书", on, me.name, [page])


def a04(case):
    """Returns the authority to check the household's economic state."""
    page = sheet(case, "A04")
    number = f"授{case.applied.year}{case.number[-8:]}"
    head(page, case, "家庭经济状况核对授权书", number=number)
    y = page.flow(LEFT, 47, WIDTH, [
        "授权人因申请", Fill("城市最低生活保障", "救助项目", True),
        "，同意审批机构及各级居民家庭经济状况核对机构，向公安、人力资源社会保障、税务、不动产登记、"
        "住房公积金、市场监督管理等部门以及银行、证券、保险等机构，查询和核对本人及家庭成员的"
        "户籍、收入、财产和支出信息。"], 9.5)
    y = page.flow(LEFT, y, WIDTH, [
        "本授权自签字之日起生效，至退出该救助项目之日止，包括救助期间的动态监测。"
        "授权人保证签名真实，提供的身份证件合法有效。"], 9.5)
    pen = page.look.hand
    rows = [(10, [label("序号", 14), label("授权人姓名", 34), label("身份证号", 62),
                  label("与申请人关系", 28), label("签名、指印")])]
    for n, p in enumerate(case.members, 1):
        rows.append((16, [value(n, 14, align="c", printed=True), value(p.name, 34, f"授权人{n}姓名", "c"),
                          value(p.id_number, 62, f"授权人{n}身份证号", "c"),
                          value("本人" if n == 1 else p.relation, 28, align="c"),
                          value(p.name, None, align="c", size=15)]))
        page.mark("finger", LEFT + WIDTH - 5, y + 2 + 10 + 16 * n - 8)
    marks, page.steps = page.steps[-len(case.members):], page.steps[:-len(case.members)]
    y = table(page, LEFT, y + 2, WIDTH, rows) + 12
    page.steps += marks                       # the prints go on top of the names
    if any(p.age(case.applied) < 18 for p in case.members):
        guardian = min((p for p in case.members if p.age(case.applied) > 24), key=lambda p: p.age(case.applied))
        page.run(LEFT, y, ["未成年人由法定代理人代签，法定代理人：", Fill(guardian.name, "法定代理人", True)])
        y += 12
    page.run(LEFT, y, ["经办人：", Fill(case.clerk("street", 1), "经办人", True)], hand=pen)
    page.run(120, y, ["授权日期：", Fill(cn(case.applied), "授权日期", True)])
    page.text(LEFT, y + 14, "注：授权人应当亲笔签名并按指印，涂改无效。", page.look.label.at(9))
    foot(page)
    return Doc("A04", "家庭经济状况核对授权书", case.applied, case.head.name, [page], number)


def a09(case):
    """Returns the calculation of the household's income."""
    page, sums, on = sheet(case, "A09"), case.granted, case.day(6)
    y = head(page, case, "家庭收入测算表", on)
    kinds = ["工资性收入", "经营净收入", "财产净收入", "转移性收入", "其他收入"]
    names = [p.name for p in case.members]
    total = lambda kind: sum(p.income for p in case.members if p.source == kind)
    rows = [
        (10, [label("户主姓名", 28), value(case.head.name, 44, "户主姓名"),
              label("身份证号", 28), value(case.head.id_number, None, "身份证号")]),
        (10, [label("家庭人口", 28), value(f"{sums.heads}人", 44, "家庭人口"),
              label("测算月份", 28), value(f"{on.year}年{on.month}月", None, "测算月份")]),
        (10, [label("收入项目(元/月)", 44), *[label(n) for n in names], label("合计", 28)]),
        *[(10, [label(kind, 44), *[value(p.income if p.source == kind else 0, align="c")
                                   for p in case.members], value(total(kind), 28, kind, "c")])
          for kind in kinds],
        (10, [label("合计", 44), *[value(p.income, align="c") for p in case.members],
              value(sums.income, 28, "合计", "c")]),
        (11, [label("家庭月总收入", 44), value(f"{sums.income}元", 40, "家庭月总收入"),
              label("月人均收入", 40), value(f"{sums.per_head:.2f}元", None, "月人均收入")]),
        (11, [label("保障标准", 44), value(f"{sums.standard}元", 40, "保障标准"),
              label("月人均收入差额", 40), value(f"{sums.gap:.2f}元", None, "月人均收入差额")]),
        (11, [label("户月保障金额", 44), value(f"{sums.amount}元", None, "户月保障金额")]),
    ]
    y = table(page, LEFT, y, WIDTH, rows)
    page.text(LEFT, y + 10, "算式：户月保障金额＝（保障标准－月人均收入）×保障人口")
    page.text(LEFT, y + 19, f"（{sums.standard}－{sums.per_head:.2f}）×{sums.heads}＝{yuan(sums.amount)}元")
    signature(page, case, LEFT, y + 42, "测算人", case.clerk("street", 1))
    signature(page, case, 80, y + 42, "复核人", case.clerk("street", 2), seal=case.street_office)
    page.run(148, y + 42, [Fill(cn(on))])
    foot(page)
    return Doc("A09", "家庭收入测算表", on, case.street_office, [page])
