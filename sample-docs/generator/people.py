"""Households, their people and the sums and dates of their case."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
REGION = "990102"

SURNAMES = "周陈林吴马何沈郭方韩冯曾彭潘袁于余叶蒋杜苏魏程吕丁任姚卢傅钟汪戴廖范石金贾夏"
GIVEN = "秀兰 玉珍 建国 国庆 桂花 志强 春生 美玲 德福 永年 小红 晓峰 文静 家宝 明月 长青 淑芬 立春".split()


def check_digit(first17):
    """Returns the check character of GB 11643 for the first 17 digits."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, WEIGHTS)) % 11]


def id_number(birth, female, rng):
    """Returns an 18-character identity number in the unassigned region 990102."""
    serial = rng.randrange(10, 480) * 2 + (0 if female else 1)
    first = f"{REGION}{birth:%Y%m%d}{serial:03d}"
    return first + check_digit(first)


@dataclass
class Person:
    """One member of a household; `income` in yuan a month."""

    name: str
    relation: str
    sex: str
    birth: date
    nation: str
    schooling: str
    marriage: str
    work: str
    category: str
    health: str
    income: int
    source: str
    id_number: str = ""

    @property
    def female(self):
        """Whether the person is a woman or girl."""
        return self.sex == "女"

    def age(self, on):
        """Returns the age in full years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass
class Money:
    """The sums of one decision: yuan a month, `per_head` and `amount` exact to the fen."""

    standard: int
    heads: int
    income: int

    @property
    def per_head(self):
        """Returns the monthly income per head."""
        return self.income / self.heads

    @property
    def gap(self):
        """Returns standard minus income per head, not below zero."""
        return max(0.0, self.standard - self.per_head)

    @property
    def amount(self):
        """Returns the household's monthly allowance: (standard − income per head) × heads."""
        return max(0, self.standard * self.heads - self.income)


@dataclass
class Case:
    """One household with everything its documents say; `seed` feeds its random choices."""

    number: str
    community_code: str
    orgs: dict
    staff: dict
    members: list
    house: str
    phone: str
    applied: date
    cause: str
    reason: str
    home: str
    savings: int
    standards: dict
    documents: list
    employer: dict | None = None
    review: dict | None = None
    seed: str = ""
    _days: dict = field(default_factory=dict)

    @property
    def head(self):
        """The head of the household."""
        return self.members[0]

    @property
    def bureau(self):
        """Name of the county bureau."""
        return self.orgs["990102000000"]

    @property
    def street_code(self):
        """12-digit code of the street office."""
        return self.community_code[:9] + "000"

    @property
    def street_office(self):
        """Full name of the street office, such as 柳桥街道办事处."""
        return self.orgs[self.street_code]

    @property
    def street(self):
        """Short name of the street, such as 柳桥街道."""
        return self.street_office.removesuffix("办事处")

    @property
    def committee(self):
        """Full name of the residents' committee."""
        return self.orgs[self.community_code]

    @property
    def community(self):
        """Short name of the community, such as 槐荫里社区."""
        return self.committee.removesuffix("居民委员会")

    @property
    def address(self):
        """Full address from the county down."""
        return f"青石县{self.street}{self.house}"

    def clerk(self, level, n=0):
        """Returns the n-th responsible person of bureau, street or community."""
        code = {"bureau": "990102000000", "street": self.street_code, "community": self.community_code}
        return self.staff[code[level]][n]

    def day(self, after, base=None):
        """Returns the working day `after` days behind the application (or `base`)."""
        day = (base or self.applied) + timedelta(days=after)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    @property
    def granted(self):
        """The sums of the first decision."""
        return Money(self.standards[self.applied.year], len(self.members),
                     sum(m.income for m in self.members))

    @property
    def reviewed(self):
        """The sums of the review."""
        return Money(self.standards[self.review["on"].year], len(self.members),
                     sum(self.review["incomes"]))

    def rng(self, what):
        """Returns the random source for one purpose, the same on every run."""
        return random.Random(f"{self.seed}/{self.number}/{what}")


def load(seed, count):
    """Returns (organisations, cases): those of cases.toml, then invented ones up to `count`."""
    data = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))
    standards = {int(y): v for y, v in data["standards"].items()}
    shared = dict(orgs=data["organisations"], staff=data["staff"], standards=standards)
    cases = [_case(raw, shared, seed) for raw in data["household"][:count]]
    for n in range(len(cases), count):
        cases.append(_invent(n, shared, seed))
    return data["organisations"], cases


def _case(raw, shared, seed):
    raw = dict(raw)
    number = raw["community"] + raw.pop("serial")
    members = [Person(*row) for row in raw.pop("members")]
    rng = random.Random(f"{seed}/{number}/id")
    for person in members:
        person.id_number = id_number(person.birth, person.female, rng)
    return Case(number=number, community_code=raw.pop("community"), members=members, seed=str(seed),
                documents=raw.pop("documents").split(), **raw, **shared)


def _invent(n, shared, seed):
    """Makes up a two-generation household for larger sets."""
    rng = random.Random(f"{seed}/invent/{n}")
    community = rng.choice([c for c in shared["orgs"] if not c.endswith("000")])
    surname = rng.choice(SURNAMES)
    size, income = rng.choice([2, 2, 3, 4]), rng.randrange(150, 700, 10)
    born = date(rng.randrange(1955, 1988), rng.randrange(1, 13), rng.randrange(1, 29))
    sex = rng.choice("男女")
    rows = [[surname + rng.choice(GIVEN), "户主", sex, born, "汉", "初中", "丧偶", "灵活就业", "其他",
             "健康", income * size, "工资性收入"]]
    for k in range(size - 1):
        child = rng.choice("男女")
        birth = date(born.year + 26 + 3 * k, rng.randrange(1, 13), rng.randrange(1, 29))
        if birth.year > 2018:
            birth = birth.replace(year=2018 - k)
        rows.append([surname + rng.choice(GIVEN), "儿子" if child == "男" else "女儿", child, birth, "汉",
                     "初中", "未婚", "无业", "其他", "健康", 0, ""])
    raw = dict(
        serial=f"{1000 + n:05d}", community=community, phone=f"1990000{1000 + n:04d}",
        house=f"{shared['orgs'][community][:2]}路{rng.randrange(1, 90)}号院{rng.randrange(1, 9)}幢{rng.randrange(101, 699)}室",
        applied=date(rng.randrange(2023, 2026), rng.randrange(1, 13), rng.randrange(1, 28)),
        cause="失业", reason="本人没有固定工作，靠零工维持一家生活，收入低，生活困难，特申请低保。",
        home=f"自有砖混二居{rng.randrange(38, 75)}平方米", savings=rng.randrange(5, 60) * 100,
        employer=dict(name="青石县惠民保洁服务部", post="临时保洁员", contact="姜玉田", phone="19900000801"),
        members=rows, documents="A01 A02 A03 A04 A05 A06 A08 A09 A15 A16 A18 A20 A23")
    return _case(raw, shared, seed)
