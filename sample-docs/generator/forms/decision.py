"""Papers of the decision: A02 审批表, A20 公示, A23 确认通知书."""

from draw import Fill
from table import free, height, label, nest, table, value

from .common import (LEFT, WIDTH, Doc, cn, foot, head, issue, member_rows, month_after, opinion,
                     sheet, signature, yuan)


def a02(case):
    """Returns the application and approval form with its three opinions."""
    page, sums, me, on = sheet(case, "A02"), case.granted, case.head, case.applied
    title = "城市居民最低生活保障待遇申请审批表"
    y = head(page, case, title, on)
    members = member_rows(case, [
        ("姓名", 26, lambda p: p.name), ("年龄", 16, lambda p: p.age(on)),
        ("称谓", 20, lambda p: p.relation), ("身份类别", 28, lambda p: p.category),
        ("身体状况", 30, lambda p: p.health), ("月收入(元)", None, lambda p: p.income)], 8)
    start = month_after(case.day(24))
    rows = [
        (9.5, [label("户主姓名", 24), value(me.name, 40, "户主姓名"), label("性别", 15),
               value(me.sex, 14, "性别"), label("年龄", 15), value(me.age(on), 16, "年龄"),
               label("民族", 16), value(me.nation, None, "民族")]),
        (9.5, [label("身份证号", 24), value(me.id_number, 70, "身份证号"), label("家庭人口", 24),
               value(f"{sums.heads}人", None, "家庭人口")]),
        (9.5, [label("户口所在地", 24), value(f"{case.street}{case.community}", 70, "户口所在地"),
               label("联系电话", 24), value(case.phone, None, "联系电话")]),
        (9.5, [label("现家庭住址", 24), value(case.house, None, "现家庭住址")]),
        (9.5, [label("就业状况", 24), value(me.work, 30, "就业状况"), label("婚姻状况", 22),
               value(me.marriage, 28, "婚姻状况"), label("健康状况", 22),
               value(me.health, None, "健康状况")]),
        (height(members), [label("家庭\n成员", 18), nest(members)]),
        (9.5, [label("家庭月总收入", 32), value(f"{sums.income}元", 48, "家庭月总收入"),
               label("月人均收入", 30), value(f"{sums.per_head:.2f}元", None, "月人均收入")]),
        (9.5, [label("保障人口", 24), value(f"{sums.heads}人", 24, "保障人口"), label("保障标准", 24),
               value(f"{sums.standard}元", 28, "保障标准"), label("户月保障金额", 32),
               value(f"{yuan(sums.amount)}元", None, "户月保障金额")]),
        (31, opinion(case, "申请\n理由", case.reason, "签字", me.name, on, finger=True)),
        (30, opinion(case, "社区\n意见", "经入户核实，情况属实，同意上报。", "负责人",
                     case.clerk("community"), case.day(4), case.committee)),
        (30, opinion(case, "街道\n审核", "经审核并公示七天，无异议，建议纳入保障。", "负责人",
                     case.clerk("street"), case.day(17), case.street_office)),
        (30, opinion(case, "民政局\n确认", f"同意自{start}起发放，月保障金{yuan(sums.amount)}元。",
                     "负责人", case.clerk("bureau"), case.day(24), case.bureau)),
    ]
    table(page, LEFT, y, WIDTH, rows)
    foot(page, note="注：本表一式二份，街道、民政局各存一份。")
    return Doc("A02", title, case.day(24), case.bureau, [page])


def a20(case):
    """Returns the public notice: name, number of people and amount, nothing more."""
    page, sums, on = sheet(case, "A20"), case.granted, case.day(9)
    title = "城市居民最低生活保障审核公示单"
    page.title(34, title, 22)
    page.text(105, 46, f"（{case.community}）", page.look.label.at(13), "c")
    end = case.day(7, on)
    y = page.flow(LEFT, 60, WIDTH, [
        "根据《最低生活保障审核确认办法》的规定，经申请受理、信息核对和入户调查，拟将下列家庭纳入"
        "城市居民最低生活保障，现予公示。公示期自", Fill(cn(on), "公示起"), "至", Fill(cn(end), "公示止"),
        "，共七天。"], 11, style=page.look.label.at(13))
    rows = [(12, [label("申请人姓名", 40), label("家庭人口", 34), label("拟保障金额(元/月)", 50),
                  label("社区")]),
            (13, [value(case.head.name, 40, "申请人姓名", "c"),
                  value(f"{sums.heads}人", 34, "家庭人口", "c"),
                  value(yuan(sums.amount), 50, "拟保障金额", "c"),
                  value(case.community, None, "社区", "c")])]
    y = table(page, LEFT, y + 3, WIDTH, rows)
    y = page.flow(LEFT, y + 14, WIDTH, [
        "公示期间，如有不同意见，请以书面或者电话方式向街道办事处反映。反映情况应当真实、具体，"
        "反映人的姓名和联系方式予以保密。"], 11, style=page.look.label.at(13))
    page.run(LEFT, y + 4, ["监督电话：", Fill("0999-0000112", "监督电话")])
    page.run(LEFT, y + 15, ["家庭编号：", Fill(case.number, "家庭编号")])
    issue(page, 145, y + 36, case.street_office, on)
    y += 66
    rows = [(24, [label("公示\n结果", 24), free(lambda p, b: (
        p.text(b.x + 4, b.y + 8, "公示期满，未收到异议。", p.look.hand),
        signature(p, case, b.x + 40, b.y + 17, "经办人", case.clerk("street", 2), case.day(1, end))))])]
    table(page, LEFT, y, WIDTH, rows)
    foot(page)
    return Doc("A20", title, on, case.street_office, [page])


def a23(case):
    """Returns the notice that the allowance is granted."""
    page, sums, on = sheet(case, "A23"), case.granted, case.day(26)
    title = "最低生活保障确认通知书"
    number = f"青民低保〔{on.year}〕{int(case.number[-5:])}号"
    page.title(34, title, 22)
    page.text(LEFT + WIDTH, 48, number, page.look.label.at(12), "r", field="文号")
    body = page.look.label.at(13)
    pen = page.look.hand.at(14)
    page.run(LEFT, 62, [Fill(case.head.name, "户主姓名", True), "（户主）："], style=body, hand=pen)
    y = page.flow(LEFT, 74, WIDTH, [
        "你户（身份证号", Fill(case.head.id_number, "身份证号", True), "，家庭编号",
        Fill(case.number, "家庭编号", True), "）的最低生活保障申请，经街道办事处审核并公示、民政局确认，"
        "符合城市居民最低生活保障条件。现将确认结果通知如下："], 12, style=body, hand=pen)
    rows = [(12, [label("家庭人口", 32), value(f"{sums.heads}人", 50, "家庭人口"),
                  label("保障人数", 32), value(f"{sums.heads}人", None, "保障人数")]),
            (12, [label("保障标准", 32), value(f"{sums.standard}元", 50, "保障标准"),
                  label("月保障金额", 32), value(f"{yuan(sums.amount)}元", None, "月保障金额")]),
            (12, [label("起始月", 32), value(month_after(case.day(24)), 50, "起始月"),
                  label("发放方式", 32), value("按月转入银行账户")])]
    y = table(page, LEFT, y + 2, WIDTH, rows)
    y = page.flow(LEFT, y + 14, WIDTH, [
        "家庭人口、收入和财产状况发生变化的，应当及时告知街道办事处。民政局将定期核查，并依照核查结果"
        "增发、减发或者停发最低生活保障金。"], 12, style=body)
    issue(page, 145, y + 18, case.bureau, on)
    y += 48
    page.run(LEFT, y, ["送达人：", Fill(case.clerk("street", 1), "送达人", True)])
    page.run(95, y, ["签收人：", Fill(case.head.name, "签收人", True)])
    page.run(145, y, ["日期：", Fill(cn(case.day(29)), None)])
    foot(page)
    return Doc("A23", title, on, case.bureau, [page], number)
