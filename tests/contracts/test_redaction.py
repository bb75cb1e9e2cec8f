"""How a stream's URL is shown: the control plane finds its destinations by what LiveKit's egress, ours or its own, wrote there."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.streams import redact

SERVERS = ("rtmp://host:1935/live", "rtmps://host/a/b", "rtmp://[::1]:1935/app", "rtmp://host")
KEYS = st.text(string.ascii_letters + string.digits + "_-.~=&?:%+{}", min_size=1, max_size=40)
LIVE = st.sampled_from(["", " live=1"])

CASES = [
    ("123456789", "{123...789}"),
    ("12345678", "{12...78}"),
    ("123456", "{12...56}"),
    ("12345", "{1...5}"),
    ("123", "{1...3}"),
    ("12", "{...}"),
    ("1", "{...}"),
    ("live_1234?bandwidthtest=true", "{liv...rue}"),
    ("123456789 live=1", "{123...789} live=1"),
    ("12 live=1", "{...} live=1"),
    ("live=1live=1", "{liv...e=1}"),
]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(("key", "shown"), CASES)
def test_a_key_is_shown_by_its_ends_only(server: str, key: str, shown: str) -> None:
    assert redact(f"{server}/{key}") == f"{server}/{shown}"


@given(key=KEYS, live=LIVE)
def test_at_most_six_characters_of_a_key_are_shown(key: str, live: str) -> None:
    shown = redact(f"rtmps://host/app/{key}{live}").removeprefix("rtmps://host/app/")
    assert len(shown.removesuffix(live)) <= len("{abc...xyz}")
    hidden = len(key) - (len(shown.removesuffix(live)) - len("{...}"))
    assert hidden >= min(len(key), len(key) // 3)
