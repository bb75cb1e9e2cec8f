"""`If-Match`: an edit based on an older version is refused with the current one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.http.precondition import based_on, etag
from schema.errors import InvalidField, StaleEdit


@given(version=st.integers(0, 2**31 - 1))
def test_an_etag_comes_back_as_its_version(version: int) -> None:
    assert based_on(etag(version)["ETag"]) == version


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_without_a_version_any_will_do(header: str | None) -> None:
    assert based_on(header) is None


@pytest.mark.parametrize(
    "header", ["", "7", "'7'", 'W/"7"', '"7", "8"', '"-1"', '"x"', '"' + "9" * 99]
)
def test_what_is_no_etag_of_ours_is_refused(header: str) -> None:
    with pytest.raises(InvalidField):
        based_on(header)


def test_only_an_older_version_is_stale() -> None:
    StaleEdit.check(7, None)
    StaleEdit.check(7, 7)
    with pytest.raises(StaleEdit) as refused:
        StaleEdit.check(7, 6)
    assert refused.value.details == {"sequence": 7}
