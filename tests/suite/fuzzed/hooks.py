"""What schemathesis looks at beside its own checks: that no answer holds a word
of what the person who asks may not see. What was answered is written down."""

import os

import schemathesis

HIDDEN = os.environ["YIDANG_FUZZ_HIDDEN"].split("|")
ANSWERED = open(os.environ["YIDANG_FUZZ_ANSWERED"], "a", encoding="utf-8")


@schemathesis.check
def nothing_of_others(ctx, response, case):
    print(case.method, case.path, response.status_code, sep="\t", file=ANSWERED, flush=True)
    answer = response.content + str(response.headers).encode()
    for word in HIDDEN:
        assert word.encode() not in answer, f"{word} is not for this person"
