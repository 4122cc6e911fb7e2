"""Which names may still be read."""

# ruff: noqa: B007, F841, RET504  programs for the compiler are written in every way
from __future__ import annotations

from knetc.analysis.liveness import live_before, liveness
from knetc.front.lower import lower
from knetc.ir import nodes as ir


def straight(x, y):
    a = x * y
    b = a * x
    return b


def branches(x, y, n):
    if n:
        a = x
    else:
        a = y
    return a


def looping(x, n):
    t = x
    for i in range(n):
        u = t * x
        t = u
    return t


def left(x, y, n):
    while n:
        x = y
        if n > 2:
            z = y
            break
        y = x
    return x


def returning(x, y):
    for _ in x:
        if y:
            return x
        y = x
    return 0


def body_and_facts(function):
    body = lower(function).body
    return body, liveness(body)


def test_a_name_is_live_until_its_last_reading():
    body, facts = body_and_facts(straight)
    assert [facts.after[id(s)] for s in body] == [{"a", "x"}, {"b"}, set()]


def test_a_branch_makes_live_what_either_side_reads():
    body, _ = body_and_facts(branches)
    assert live_before(body) == {"x", "y", "n"}


def test_what_the_next_round_reads_is_live_at_the_end_of_a_round():
    body, facts = body_and_facts(looping)
    loop = body[1]
    assert facts.header[id(loop)] == {"t", "x"}
    assert facts.after[id(loop.body[-1])] == {"t", "x"}
    assert facts.after[id(loop)] == {"t"}


def test_behind_a_break_only_what_follows_the_loop_is_live():
    body, facts = body_and_facts(left)
    branch = body[0].body[1]
    assert facts.after[id(branch.then[0])] == {"x"}


def test_behind_a_return_nothing_is_read():
    body, _ = body_and_facts(returning)
    jump = body[0].body[0].then[0]
    assert isinstance(jump, ir.Return)
    assert live_before((jump, *body)) == {"x"}


def test_an_opaque_statement_kills_nothing():
    def f(x):
        with x as y:
            pass
        return y

    assert live_before(lower(f).body) == {"x", "y"}
