"""The forms: every function takes a `Case` and returns a `Doc`."""

from .application import a01, a03, a04, a09
from .decision import a02, a20, a23
from .identity import a05, a06, a07
from .inquiry import a15, a16, a18
from .proof import a08, a11
from .review import b01, b06, change

FORMS = {"A01": a01, "A02": a02, "A03": a03, "A04": a04, "A05": a05, "A06": a06, "A07": a07,
         "A08": a08, "A09": a09, "A11": a11, "A15": a15, "A16": a16, "A18": a18, "A20": a20,
         "A23": a23, "B01": b01, "B03": change, "B04": change, "B05": change, "B06": b06}
