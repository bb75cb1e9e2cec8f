"""What is left of a growing playlist when it is read again and again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.hls.playlist import CUT, continued, length_ms
from orchestrator.core.hls.window import newest


def playlist(prefix: str, count: int, *, ended: bool = False) -> str:
    """As a recorder leaves it, with segments of two seconds."""
    lines = ["#EXTM3U", "#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-TARGETDURATION:2"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", f'#EXT-X-MAP:URI="{prefix}_init.mp4"']
    for number in range(count):
        lines += ["#EXTINF:2.000000,", f"{prefix}_{number}.m4s"]
    return "\n".join([*lines, *["#EXT-X-ENDLIST"][: int(ended)]]) + "\n"


def named(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def told(text: str, tag: str) -> int:
    (line,) = [line for line in text.splitlines() if line.startswith(tag)]
    return int(line.removeprefix(tag))


def header(text: str) -> str:
    """The one that the first segment plays after."""
    first = text.index(named(text)[0])
    return text[:first].rpartition('URI="')[2].partition('"')[0]


@pytest.mark.parametrize(("window_s", "count"), [(6.0, 3), (7.9, 3), (8.0, 4), (0.5, 1), (99, 5)])
def test_the_last_segments_stay_under_their_numbers(window_s: float, count: int) -> None:
    text = newest(playlist("seg", 5), window_s)
    assert named(text) == [f"seg_{n}.m4s" for n in range(5)][-count:]
    assert told(text, "#EXT-X-MEDIA-SEQUENCE:") == 5 - count
    assert header(text) == "seg_init.mp4"
    assert "PLAYLIST-TYPE" not in text
    assert "ENDLIST" not in text
    assert newest(playlist("seg", 5, ended=True), window_s).endswith("#EXT-X-ENDLIST\n")


def test_a_playlist_without_segments_is_one_still() -> None:
    assert named(newest(playlist("seg", 0), 60)) == []


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 60))
def test_whatever_recorders_went_on_the_window_only_moves(counts: list[int], window_s: int) -> None:
    """Each segment keeps its number, its header and the count of cuts before it, as RFC 8216 (6.2.2) asks."""
    known: dict[str, tuple[int, str, int]] = {}
    whole, cuts = "", []
    for run, count in enumerate(counts):
        before = whole
        for length in range(1, count + 1):
            whole = continued(before, playlist(f"r{run}", length))
            text = newest(whole, window_s)
            assert length_ms(text) <= max(window_s, 2) * 1000
            for name, place in places(text).items():
                assert known.setdefault(name, place) == place
            cuts.append(told(text, "#EXT-X-DISCONTINUITY-SEQUENCE:"))
    assert all(before <= after for before, after in pairwise(cuts))


def places(text: str) -> dict[str, tuple[int, str, int]]:
    """Number, header and cuts of each segment."""
    number = told(text, "#EXT-X-MEDIA-SEQUENCE:")
    cuts, found = told(text, "#EXT-X-DISCONTINUITY-SEQUENCE:"), {}
    needs = ""
    for line in text.splitlines():
        cuts += line == CUT
        needs = line if line.startswith("#EXT-X-MAP:") else needs
        if line and not line.startswith("#"):
            found[line] = (number, needs, cuts)
            number += 1
    return found
