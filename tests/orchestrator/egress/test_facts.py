import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.egress import plan as worker
from orchestrator.egress.facts import EgressFact, StreamFact, playlist_ms, redact

KEYS = st.text(string.ascii_letters + string.digits + "_-.~=&?:%+", min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("123456789", "{123...789}"),
        ("12345678", "{12...78}"),
        ("123456", "{12...56}"),
        ("12345", "{1...5}"),
        ("123", "{1...3}"),
        ("12", "{...}"),
        ("", "{...}"),
    ],
)
def test_a_key_is_shown_by_its_ends_only(key: str, shown: str) -> None:
    assert redact(f"rtmp://host:1935/app/{key}") == f"rtmp://host:1935/app/{shown}"


@given(KEYS, st.sampled_from(["rtmp://host:1935/live", "rtmps://host/a/b"]))
def test_our_worker_reports_what_the_control_plane_expects(key: str, server: str) -> None:
    assert worker.redact(f"{server}/{key}") == redact(f"{server}/{key}")


@given(KEYS)
def test_at_most_six_characters_of_a_key_are_shown(key: str) -> None:
    shown = redact(f"rtmps://host/app/{key}").removeprefix("rtmps://host/app/")
    assert len(shown) <= len("{abc...xyz}")
    assert len(shown.strip("{}").replace("...", "", 1)) <= min(6, len(key))


def test_the_latest_word_on_a_stream_counts() -> None:
    url = "rtmp://h/a/{...}"
    first, second = StreamFact(url=url, status="failed"), StreamFact(url=url)
    fact = EgressFact(id="EG_1", status="active", streams=(first, second))
    assert fact.stream(url) is second
    assert fact.stream("rtmp://other/a/{...}") is None


def test_a_playlist_is_as_long_as_its_parts() -> None:
    assert playlist_ms("#EXTM3U\n#EXTINF:2.000000,\na.ts\n#EXTINF:1.5,\nb.ts\n") == 3_500
    assert playlist_ms("#EXTM3U\n") == 0
