"""Versions compared: nothing is lost or invented, and an hour's worth of lines is no hour's work."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.artifacts.differences import MOST_LINES, changes, compared
from schema.jobs import Change

LINES = st.lists(st.sampled_from("abcdefgh"), max_size=40)


def told(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    return [(change.op, change.text) for change in changes(before, after)]


@given(LINES, LINES)
def test_each_text_can_be_read_out_of_their_comparison(before: list[str], after: list[str]) -> None:
    found = list(compared(before, after))
    assert [change.text for change in found if change.op != "added"] == before
    assert [change.text for change in found if change.op != "removed"] == after
    assert (changes(before, after) == []) == (before == after)


def test_a_difference_comes_with_the_lines_around_it() -> None:
    before = [str(n) for n in range(20)]
    after = [*before[:10], "ten", *before[11:]]
    assert told(before, after) == [
        ("same", "8"),
        ("same", "9"),
        ("removed", "10"),
        ("added", "ten"),
        ("same", "11"),
        ("same", "12"),
    ]


def test_lines_that_come_often_are_compared_like_others() -> None:
    before, after = ["", "a", "", "b", ""], ["", "a", "", "c", ""]
    assert ("removed", "b") in told(before, after)
    assert ("added", "c") in told(before, after)


def test_what_would_take_an_hour_line_by_line_is_compared_in_pieces() -> None:
    n = 20_000
    before = [f"line {k}" for k in range(n)]
    after = [line if k % 2 else f"{line}!" for k, line in enumerate(before)]
    found = changes(before, after)
    assert found.count(Change(op="removed", text="line 0")) == 1
    assert sum(change.op == "same" for change in found) == n // 2


def test_long_texts_without_a_line_in_common_are_one_for_the_other() -> None:
    n = MOST_LINES + 1
    found = told(["x"] * n, ["y"] * n)
    assert found == [("removed", "x")] * n + [("added", "y")] * n
