"""Addresses that open without signing in come from one place, which bounds how long they do."""

import re
from pathlib import Path

import pytest

from orchestrator.settings import LONGEST_LINK_S, SettingsError, load_settings

ROOT = Path(__file__).parents[2]
SIGNS = re.compile(r"signed_url\(|sign_async\(|[\"']/media/\{")
MAKERS = {"core/storage.py", "recordings/media.py"}


def test_nobody_else_makes_an_address_that_opens_by_itself() -> None:
    sources = (ROOT / "orchestrator").rglob("*.py")
    makers = {
        str(path.relative_to(ROOT / "orchestrator"))
        for path in sources
        if SIGNS.search(path.read_text())
    }
    assert makers == MAKERS


@pytest.mark.parametrize("wanted_s", [1, LONGEST_LINK_S + 1, 14_400])
def test_nobody_can_set_a_longer_life(wanted_s: int) -> None:
    assert LONGEST_LINK_S <= 600
    with pytest.raises(SettingsError, match="LECTERN_LINKS_OPEN_S"):
        load_settings({"LECTERN_LINKS_OPEN_S": str(wanted_s)})
