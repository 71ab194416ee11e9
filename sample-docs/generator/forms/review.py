"""Papers after the grant: B01 复审表, B03 增发, B04 减发, B05 停发审批表, B06 停发通知书."""

from draw import Fill
from table import height, label, nest, table, value

from .common import (LEFT, WIDTH, Doc, cn, foot, head, issue, member_rows, month_after, opinion, sheet,
                     yuan)


def b01(case):
    """Returns the periodic review form."""
    on, new = case.review["on"], case.reviewed
    page = sheet(case, "B01")
    title = "最低生活保障定期核查（复审）表"
    y = head(page, case, title, on)
    incomes = dict(zip((p.name for p in case.members), case.review["incomes"]))
    members = member_rows(case, [
        ("姓名", 28, lambda p: p.name), ("关系", 22, lambda p: p.relation),
        ("身份证号", 54, lambda p: p.id_number), ("月收入(元)", None, lambda p: incomes[p.name])], 9)
    result = case.review["result"]
    rows = [
        (10, [label("户主姓名", 28), value(case.head.name, 50, "户主姓名"), label("核查年度", 28),
              value(f"{on.year}年", None, "核查年度")]),
        (10, [label("身份证号", 28), value(case.head.id_number, None, "身份证号")]),
        (10, [label("居住地址", 28), value(case.address, None, "居住地址")]),
        (10, [label("家庭人口", 28), value(f"{new.heads}人", 50, "家庭人口"), label("核查周期", 28),
              value("每年", None, "核查周期")]),
        (height(members), [label("家庭\n成员", 18), nest(members)]),
        (10, [label("家庭月总收入", 34), value(f"{new.income}元", 44, "家庭月总收入"),
              label("月人均收入", 34), value(f"{new.per_head:.2f}元", None, "月人均收入")]),
        (10, [label("保障标准", 34), value(f"{new.standard}元", 44, "保障标准"),
              label("房产、车辆", 34), value("无变化", None, "房产、车辆")]),
        (10, [label("原月保障金额", 34), value(f"{yuan(case.granted.amount)}元", 44, "原月保障金额"),
              label("现月保障金额", 34), value(f"{yuan(new.amount)}元", None, "现月保障金额")]),
        (22, [label("家庭变化\n情况", 28), value(case.review["why"] + "。")]),
        (12, [label("核查结论", 28), value(result, None, "核查结论", size=14)]),
        (28, opinion(case, "社区\n意见", "已入户核查，情况属实。", "调查人", case.clerk("community"),
                     on, case.committee)),
        (28, opinion(case, "街道\n意见", _verdict(result, new), "负责人", case.clerk("street"),
                     case.day(6, on), case.street_office)),
    ]
    table(page, LEFT, y, WIDTH, rows)
    foot(page)
    return Doc("B01", title, on, case.street_office, [page])


def _verdict(result, new):
    if result == "维持":
        return "同意继续保障，按新标准发放。"
    return f"建议{result}，报民政局审批。"


def change(case):
    """Returns the approval of a change: raise, cut or stop, as the review found."""
    result, on = case.review["result"], case.day(8, case.review["on"])
    old, new = case.granted, case.reviewed
    page = sheet(case, "B03")
    title = f"最低生活保障金{result}审批表"
    y = head(page, case, title, on)
    start = month_after(on)
    final = {"增发": f"同意自{start}起增发，月保障金{yuan(new.amount)}元。",
             "减发": f"同意自{start}起减发，月保障金{yuan(new.amount)}元。",
             "停发": f"同意自{start}起停发最低生活保障金。"}[result]
    rows = [
        (11, [label("户主姓名", 30), value(case.head.name, 50, "户主姓名"), label("变更类型", 30),
              value(result, None, "变更类型")]),
        (11, [label("身份证号", 30), value(case.head.id_number, None, "身份证号")]),
        (11, [label("家庭住址", 30), value(case.address, None, "家庭住址")]),
        (11, [label("变更原因", 30), value("经济复核", 50, "变更原因"), label("生效月", 30),
              value(start, None, "生效月")]),
        (11, [label("原保障人口", 30), value(f"{old.heads}人", 50, "原保障人口"), label("现保障人口", 30),
              value(f"{0 if result == '停发' else new.heads}人", None, "现保障人口")]),
        (11, [label("原月人均收入", 30), value(f"{old.per_head:.2f}元", 50, "原月人均收入"),
              label("现月人均收入", 30), value(f"{new.per_head:.2f}元", None, "现月人均收入")]),
        (11, [label("原月保障金额", 30), value(f"{yuan(old.amount)}元", 50, "原月保障金额"),
              label("现月保障金额", 30), value(f"{yuan(new.amount)}元", None, "现月保障金额")]),
        (11, [label("现行保障标准", 30), value(f"{new.standard}元", None, "现行保障标准")]),
        (30, [label("家庭变化\n说明", 30), value(case.review["why"] + "。", size=14)]),
        (36, opinion(case, "街道\n意见", f"经核查情况属实，建议{result}。", "负责人", case.clerk("street"),
                     case.day(6, case.review["on"]), case.street_office, 30)),
        (40, opinion(case, "民政局\n意见", final, "负责人", case.clerk("bureau"), on, case.bureau, 30)),
    ]
    table(page, LEFT, y, WIDTH, rows)
    foot(page, note="注：本表一式二份，街道、民政局各存一份。")
    code = {"增发": "B03", "减发": "B04", "停发": "B05"}[result]
    return Doc(code, title, on, case.bureau, [page])


def b06(case):
    """Returns the notice that the allowance stops, with reason, ground and remedy."""
    on, new = case.day(11, case.review["on"]), case.reviewed
    page = sheet(case, "B06")
    title = "最低生活保障金停发通知书"
    number = f"青民停〔{on.year}〕{int(case.number[-5:])}号"
    body, pen = page.look.label.at(13), page.look.hand.at(14)
    page.title(36, title, 22)
    page.text(LEFT + WIDTH, 50, number, page.look.label.at(12), "r", field="文号")
    page.run(LEFT, 66, [Fill(case.head.name, "户主姓名", True), "（户主）："], style=body, hand=pen)
    y = page.flow(LEFT, 79, WIDTH, [
        "你户（身份证号", Fill(case.head.id_number, "身份证号", True), "，家庭编号",
        Fill(case.number, "家庭编号", True), "，家庭人口", Fill(f"{new.heads}人", "家庭人口", True),
        "）因", Fill("家庭收入增加", "详细原因", True), "，经核查月人均收入为",
        Fill(f"{new.per_head:.2f}元", "月人均收入", True), "，超过城市居民最低生活保障标准",
        Fill(f"{new.standard}元", "保障标准", True), "，决定自", Fill(month_after(case.day(8, case.review["on"])), "停发起始月", True),
        "起停发最低生活保障金。"], 12.5, style=body, hand=pen)
    y = page.flow(LEFT, y, WIDTH, ["依据：《最低生活保障审核确认办法》第三十一条、第三十二条。"], 12.5, style=body)
    y = page.flow(LEFT, y, WIDTH, [
        "如对本决定不服，可以自收到本通知书之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。"],
        12.5, style=body)
    issue(page, 145, y + 18, case.bureau, on)
    y += 54
    page.run(LEFT, y, ["送达人：", Fill(case.clerk("street", 1), "送达人", True)])
    page.run(92, y, ["签收人：", Fill(case.head.name, "签收人", True)])
    page.run(140, y, ["日期：", Fill(cn(case.day(14, case.review["on"])))])
    foot(page)
    return Doc("B06", title, on, case.bureau, [page], number)
