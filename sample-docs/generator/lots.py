"""Households drawn by lot, unlike each other: many names, streets, sums and dates."""

import random
from datetime import date

from people import Case, Person, id_number

SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
            "戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪"
            "翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项")
COMPOUND = ["欧阳", "上官", "司徒", "诸葛", "皇甫", "司马", "东方", "尉迟"]
GIVEN = ("明朋晴睛未末士土日曰木本林森梅海侮悔清青情晶品兰芝芸云秀莠玉王珍珠琴瑟建健国囯强弘志忠思恩惠慧敏繁华平萍苹安宁"
         "春香桂佳住红虹洪鸿波坡江河涛淘永水冰凤风丽美英瑛荣莹营福富祥详瑞端德得仁义文纹武斌彬杰然燃辉晖光亮高亭停婷娟捐"
         "雪雯霞露雨田甲申由宏宇守寿新欣昕立丰艳燕艺亿金鑫银铁钢刚龙庆厚原源远达运进近连莲怜良娘朗郎山仙岩峰锋蜂松柏柱栋")
TOWN = "东西南北上下前后新老大小"
LAND = ["柳", "槐", "桥", "塘", "湖", "岭", "坪", "井", "渡", "仓", "磨", "窑", "坝", "洼", "岗", "沟", "泉", "堡", "亭", "铺"]
TAIL = ["里", "湾", "口", "园", "坊", "街", "营", "庄", "头", "关"]
STANDARDS = {2023: 960, 2024: 1005, 2025: 1045, 2026: 1085}
WORK = [("灵活就业", "其他"), ("无业", "失业"), ("无业", "下岗"), ("务农", "其他")]
HEALTH = ["健康", "高血压", "冠心病", "慢性支气管炎", "肢体三级残疾", "糖尿病", "腰椎间盘突出", "听力二级残疾"]
CAUSES = {"疾病": "本人长期患病，不能劳动，医药费负担重，生活困难，特申请低保。",
          "残疾": "本人身有残疾，劳动能力弱，收入不足以维持生活，特申请低保。",
          "失业": "本人失去工作，靠零工维持一家生活，收入低，特申请低保。",
          "单亲": "本人独自抚养孩子，工资低，上学开支大，特申请低保。"}


def name(rng, surname=None):
    """Returns a name of two to four characters."""
    surname = surname or (rng.choice(COMPOUND) if rng.random() < 0.04 else rng.choice(SURNAMES))
    return surname + "".join(rng.sample(GIVEN, 1 if rng.random() < 0.2 else 2))


def place(rng):
    """Returns the name of a street or community, such as 东槐井湾."""
    return rng.choice(TOWN) * (rng.random() < 0.4) + "".join(rng.sample(LAND, rng.choice([1, 1, 2]))) + rng.choice(TAIL)


def household(seed, n):
    """Returns the n-th household of a seed; it has everything that every form asks for."""
    rng = random.Random(f"{seed}/lot/{n}")
    street, community = f"990102{rng.randrange(10, 99):03d}000", ""
    community = f"{street[:9]}{rng.randrange(1, 30):03d}"
    here, there = place(rng), place(rng)
    orgs = {"990102000000": "青石县民政局", street: f"{here}街道办事处", community: f"{there}社区居民委员会"}
    staff = {code: [name(rng) for _ in range(3)] for code in orgs}
    applied = date(rng.randrange(2023, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    members = _members(rng, applied)
    income = sum(member.income for member in members)
    change = rng.choice(["维持", "增发", "减发", "停发"])
    factor = {"维持": 1, "增发": 0.5, "减发": 1.4, "停发": 4}[change]
    cause = rng.choice(list(CAUSES))
    return Case(
        number=f"{community}{rng.randrange(1, 2000):05d}", community_code=community, orgs=orgs, staff=staff,
        members=members, house=f"{there[:3]}{rng.choice(['路', '街', '巷'])}{rng.randrange(1, 199)}号院"
        f"{rng.randrange(1, 12)}幢{rng.randrange(1, 5)}单元{rng.randrange(101, 899)}室",
        phone=f"199{rng.randrange(10**8):08d}", applied=applied, cause=cause, reason=CAUSES[cause],
        home=f"{rng.choice(['自有砖混二居', '自有砖木平房', '租住公共租赁住房'])}{rng.randrange(38, 90)}平方米",
        savings=rng.randrange(5, 90) * 100, standards=STANDARDS, documents=[], seed=str(seed),
        employer={"name": f"青石县{rng.choice(['惠民', '兴旺', '安泰', '永昌'])}{rng.choice(['保洁服务部', '建材店', '印刷厂', '农贸市场'])}",
                  "post": rng.choice(["保洁员", "门卫", "装卸工", "理货员"]), "contact": name(rng),
                  "phone": f"199{rng.randrange(10**8):08d}"},
        review={"on": date(applied.year + 1, applied.month, applied.day), "result": change,
                "incomes": [round(income * factor / 10) * 10] + [0] * (len(members) - 1), "why": "家庭收入有变化"})


def _members(rng, applied):
    surname = rng.choice(SURNAMES)
    born = date(rng.randrange(1950, 1990), rng.randrange(1, 13), rng.randrange(1, 29))
    members = []
    for k in range(rng.choice([1, 2, 2, 3, 3, 4])):
        relation, sex, birth = "户主", rng.choice("男女"), born
        if k == 1 and rng.random() < 0.5:
            sex = "女" if members[0].sex == "男" else "男"
            relation, birth = ("妻子" if sex == "女" else "丈夫"), date(born.year + 1, 5, rng.randrange(1, 29))
        elif k:
            sex = rng.choice("男女")
            year = min(born.year + 22 + 3 * k, applied.year - 6)
            relation, birth = ("女儿" if sex == "女" else "儿子"), date(year, rng.randrange(1, 13), rng.randrange(1, 29))
        work, category = rng.choice(WORK)
        income = rng.randrange(20, 80) * 10 if work == "灵活就业" else 0
        person = Person(name(rng, surname if relation not in ("妻子", "丈夫") else None), relation, sex, birth, "汉",
                        rng.choice(["小学", "初中", "高中"]), "已婚" if k == 0 else "未婚", work, category,
                        rng.choice(HEALTH), income, "工资性收入" if income else "")
        person.id_number = id_number(birth, person.female, rng)
        members.append(person)
    return members
