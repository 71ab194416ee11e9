"""Papers of the inquiry: A15 核对报告, A16 入户调查表, A18 民主评议记录."""

from draw import Fill, Look, Style
from table import free, height, label, nest, table, value

from .common import (LEFT, WIDTH, Doc, cn, foot, head, issue, member_rows, sheet, signature, yuan)


def a15(case):
    """Returns the report of the inter-department check, two pages as printed by a system."""
    on, sums = case.day(8), case.granted
    look = Look(Style("zen", 11), Style("zen", 19), Style("zen", 11))
    title = "居民家庭经济状况信息核对报告"
    number = f"核〔{on.year}〕{case.number[-5:]}"
    page = sheet(case, "A15")
    page.look = look
    page.title(26, title, 19)
    page.text(LEFT, 40, f"报告编号：{number}")
    page.keep("报告编号", number)
    page.text(LEFT + WIDTH, 40, f"家庭编号：{case.number}", align="r")
    page.keep("家庭编号", case.number)
    pairs = [("委托单位", case.street_office), ("委托日期", cn(case.day(2))),
             ("授权书编号", f"授{case.applied.year}{case.number[-8:]}"), ("户主姓名", case.head.name)]
    rows = [(10, [label(a, 28), value(b, 56, a), label(c, 28), value(d, None, c)])
            for (a, b), (c, d) in zip(pairs[::2], pairs[1::2])]
    y = table(page, LEFT, 46, WIDTH, rows)
    page.text(LEFT, y + 8, "一、核对对象")
    people = member_rows(case, [("姓名", 34, lambda p: p.name), ("身份证号", 66, lambda p: p.id_number),
                                ("与户主关系", 34, lambda p: p.relation),
                                ("年龄", None, lambda p: p.age(on))], 9)
    y = table(page, LEFT, y + 13, WIDTH, people)
    page.text(LEFT, y + 8, "二、核对项目")
    sources = [("户籍人口", "公安局", "一致", "-"), ("社会保险缴纳", "人力资源和社会保障局", "一致", "-"),
               ("纳税", "税务局", "无记录", "-"), ("不动产登记", "自然资源局", "一致", "-"),
               ("市场主体登记", "市场监督管理局", "无记录", "-"),
               ("住房公积金", "住房公积金管理中心", "无记录", "-"), ("车船登记", "公安局交警大队", "无记录", "-"),
               ("银行存款", "青石农商银行", "一致", f"{case.savings}.00"),
               ("商业保险", "保险机构", "无记录", "-"), ("证券", "证券登记机构", "无记录", "-"),
               ("婚姻登记", "民政局", "一致", "-")]
    rows = [(9, [label("核对项目", 42), label("来源单位", 58), label("核对结果", 32), label("金额(元)")]),
            *[(8.5, [value(a, 42), value(b, 58), value(c, 32, align="c"), value(d, None, align="c")])
              for a, b, c, d in sources]]
    table(page, LEFT, y + 13, WIDTH, rows)
    foot(page, 1, 2)
    last = sheet(case, "A15")
    last.look = look
    last.text(LEFT, 20, f"{title}（{number}）", look.label.at(9))
    last.text(LEFT, 32, "三、收入和财产汇总")
    rows = [(10, [label(a, 60), value(b, None, a)]) for a, b in [
        ("家庭月总收入", f"{sums.income}.00元"), ("月人均收入", f"{sums.per_head:.2f}元"),
        ("保障标准", f"{sums.standard}.00元"), ("家庭金融资产", f"{case.savings}.00元"),
        ("人均金融资产", f"{case.savings / sums.heads:.2f}元")]]
    y = table(last, LEFT, 38, WIDTH, rows)
    last.text(LEFT, y + 10, "四、核对结论")
    y = last.flow(LEFT, y + 20, WIDTH, [
        f"经核对，{case.head.name}家庭申报的收入和财产与各部门反馈的信息一致，"
        "未发现超过规定标准的财产。核对结论：符合。"], 9)
    last.keep("核对结论", "符合")
    last.text(LEFT, y + 6, "本报告自出具之日起六个月内有效，仅供审核确认社会救助使用。")
    issue(last, 140, y + 30, "青石县居民家庭经济状况核对中心", on)
    foot(last, 2, 2)
    return Doc("A15", title, on, "青石县居民家庭经济状况核对中心", [page, last], number)


def a16(case):
    """Returns the form of the visit at home, two pages."""
    on, sums, me = case.day(5), case.granted, case.head
    first, second = sheet(case, "A16"), sheet(case, "A16")
    title = "社会救助家庭入户调查表"
    y = head(first, case, title, on)
    visitors = f"{case.clerk('street', 1)}、{case.clerk('community')}"
    people = member_rows(case, [
        ("姓名", 22, lambda p: p.name), ("性别", 12, lambda p: p.sex), ("关系", 17, lambda p: p.relation),
        ("身份证号", 50, lambda p: p.id_number), ("健康状况", 30, lambda p: p.health),
        ("从业状况", None, lambda p: p.work)], 9)
    by = lambda kind: 12 * sum(p.income for p in case.members if p.source == kind)
    incomes = [(n, by(n)) for n in ("工资性收入", "经营净收入", "财产净收入", "转移性收入", "其他收入")]
    rows = [
        (10, [label("户主姓名", 26), value(me.name, 44, "户主姓名"), label("联系电话", 26),
              value(case.phone, None, "联系电话")]),
        (10, [label("家庭住址", 26), value(case.address, None, "家庭住址")]),
        (10, [label("调查日期", 26), value(cn(on), 44, "调查日期"), label("调查人员", 26),
              value(visitors, None, "调查人员")]),
        (10, [label("申请类型", 26), free(lambda p, b: p.ticks(b.x + 3, b.middle, "", [
            "城市低保", "农村低保", "低保边缘"], "城市低保")), ]),
        (10, [label("致贫原因", 26), free(lambda p, b: p.ticks(b.x + 3, b.middle, "", [
            "疾病", "残疾", "失业", "因学", "单亲", "孤老", "缺乏劳动力"], case.cause, 3))]),
        (9, [label("家庭成员情况")]),
        (height(people), [nest(people)]),
        (9, [label("家庭收入(元/年)")]),
        *[(9, [label(n, 60), value(v, None, n)]) for n, v in incomes],
        (10, [label("合计", 60), value(12 * sums.income, 30, "合计"), label("月人均收入", 34),
              value(f"{sums.per_head:.2f}元", None, "月人均收入")]),
    ]
    table(first, LEFT, y, WIDTH, rows)
    foot(first, 1, 2)

    small = second.look.label.at(10)
    second.run(LEFT + WIDTH, 17, ["家庭编号：", Fill(case.number, "家庭编号")], "r", small,
               second.look.hand.at(11))
    second.title(30, f"{title}（续）", 16)
    ill = next((p for p in case.members if p.health != "健康"), None)
    found = (f"{ill.name}患{ill.health}，" if ill and "残疾" not in ill.health else
             f"{ill.name}{ill.health}，" if ill else "") + \
        f"家庭每月收入约{sums.income}元，家中陈设简单，没有贵重物品。走访邻居两户，均证实情况属实。"
    rows = [
        (9, [label("住房与财产")]),
        *[(10, [label(a, 44), value(b, None, a)]) for a, b in [
            ("住房", case.home), ("机动车", "无"), ("银行存款", f"{case.savings}元"), ("证券、基金、保险", "无"),
            ("门面、企业", "无")]],
        (9, [label("月消费支出(元)")]),
        (10, [label("水电燃料费", 44), value(60 + 25 * sums.heads, 40, "水电燃料费"), label("通讯费", 40),
              value(20 + 15 * sums.heads, None, "通讯费")]),
        (11, [label("是否近亲属", 44), free(lambda p, b: p.ticks(b.x + 3, b.middle, "", ["是", "否"], "否", 8))]),
        (44, [label("走访\n情况", 24), value(found, None, size=14)]),
        (16, [label("调查\n结论", 24), free(lambda p, b: p.ticks(b.x + 6, b.middle, "", ["符合", "不符合"], "符合", 12))]),
        (30, [label("签字", 24), free(lambda p, b: (
            signature(p, case, b.x + 4, b.y + 9, "调查人", case.clerk("street", 1)),
            signature(p, case, b.x + 54, b.y + 9, "调查人", case.clerk("community")),
            signature(p, case, b.x + 4, b.y + 21, "被调查人", me.name, on, finger=True)))]),
    ]
    y = table(second, LEFT, 40, WIDTH, rows)
    second.seal(158, y + 2, case.street_office, size=40)
    foot(second, 2, 2)
    return Doc("A16", title, on, case.street_office, [first, second])


def a18(case):
    """Returns the minutes of the residents' appraisal."""
    on, page = case.day(11), sheet(case, "A18")
    y = head(page, case, "低保民主评议记录")
    rng = case.rng("A18")
    due = rng.choice([15, 18, 21])
    there, hand = due - rng.choice([1, 2, 3]), page.look.hand
    names = rng.sample("韦国良 柏秀梅 尹长福 黎淑珍 常德胜 骆玉琴 包文海 祁春兰 邹大鹏 伍桂珍 倪正华 向阳".split(), 9)
    words = f"{case.head.name}家庭收入低、负担重，申报情况与邻里了解的一致，同意纳入保障。"
    rows = [
        (10, [label("时间", 24), value(cn(on), 54, "时间"), label("地点", 24),
              value(f"{case.community}会议室", None, "地点")]),
        (10, [label("主持人", 24), value(case.clerk("community"), 54, "主持人"), label("记录人", 24),
              value(case.clerk("street", 2), None, "记录人")]),
        (10, [label("应到人数", 24), value(f"{due}人", 54, "应到人数"), label("实到人数", 24),
              value(f"{there}人", None, "实到人数")]),
        (10, [label("评议对象", 24), value(case.head.name, 54, "评议对象"), label("身份证号", 24),
              value(case.head.id_number, None, "身份证号")]),
        (22, [label("宣讲\n政策", 24), value("宣读最低生活保障审核确认办法和评议纪律，说明评议程序。")]),
        (34, [label("申请人\n陈述", 24), value(case.reason)]),
        (24, [label("评议\n意见", 24), value(words)]),
        (11, [label("表决", 24), free(lambda p, b: p.run(b.x + 3, b.middle, [
            "同意", Fill(f"{there - 1}票", "同意", True), "  不同意", Fill("0票", "不同意", True),
            "  弃权", Fill("1票", "弃权", True)]))]),
        (12, [label("结论", 24), free(lambda p, b: p.ticks(b.x + 6, b.middle, "", ["真实有效", "不真实"],
                                                         "真实有效", 12))]),
        (44, [label("代表\n签字", 24), free(lambda p, b: [
            p.text(b.x + 6 + 46 * (i % 3), b.y + 9 + 13 * (i // 3), n,
                   hand.at(14)) for i, n in enumerate(names)])]),
    ]
    y = table(page, LEFT, y - 5, WIDTH, rows)
    page.seal(163, y - 5, case.committee, size=38)
    foot(page, note="注：参加评议的居民代表不少于应到人数的三分之二。")
    return Doc("A18", "低保民主评议记录", on, case.committee, [page])
