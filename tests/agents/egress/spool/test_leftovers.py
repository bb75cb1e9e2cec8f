"""A recording whose recorder is gone is brought to the store by the worker, and closed."""

import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.egress.plan import Hls
from agents.egress.spool.folder import PLAYLIST, About, SpoolFolder, left_behind
from agents.egress.spool.leftovers import Leftovers
from agents.egress.spool.playlist import ended, interrupted, with_gaps
from agents.media.segmenter import header_name
from agents.spool import SpoolInUse
from orchestrator.core.hls.playlist import END, GAP, NOTHING, continued
from tests.agents.egress.store import Store

ABOUT = About(Hls("t/s/", "seg", "index.m3u8"), 2.0)
HEADER = "seg_init.mp4"
HEAD = f'#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="{HEADER}"\n'

NOON_S = 1_795_262_400

KILLED = """
import os, signal, sys
from pathlib import Path
from agents.egress.plan import Hls
from agents.egress.spool.folder import PLAYLIST, About, SpoolFolder
folder = SpoolFolder(Path(sys.argv[1]), About(Hls("t/s/", "seg", "index.m3u8"), 2.0))
folder.keep("seg_init.mp4", b"header")
for number in range(12):
    folder.keep(f"seg_{number:05d}.m4s", b"%d" % number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def name(number: int) -> str:
    return f"seg_{number:05d}.m4s"


def playlist(count: int) -> str:
    return HEAD + "".join(f"#EXTINF:2.000000,\n{name(number)}\n" for number in range(count))


def record(path: Path, stored: int, count: int) -> None:
    """As a recorder leaves it that died after `count` segments, of which `stored` had left the disk."""
    with closing(SpoolFolder(path, ABOUT)) as folder:
        for number in range(stored, count):
            folder.keep(name(number), b"%d" % number)
        folder.keep(PLAYLIST, playlist(count).encode())


async def test_what_a_killed_recorder_left_is_stored_and_closed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "EG_1")]
    root = Path(__file__).parents[4]
    died = subprocess.run(command, cwd=root, check=False)  # noqa: ASYNC221 it lasts a moment
    assert died.returncode == -signal.SIGKILL
    store = Store()
    await Leftovers(tmp_path, store.put).bring()
    names = [HEADER, *(name(number) for number in range(12)), "index.m3u8"]
    assert store.keys == [f"t/s/{one}" for one in names]
    assert store.files["t/s/index.m3u8"].decode() == playlist(12) + f"{END}\n"
    assert list(left_behind(tmp_path)) == []


@settings(max_examples=30, deadline=None)  # it writes files, on machines with slow disks too
@given(data=st.data(), count=st.integers(1, 6))
async def test_it_is_whole_whenever_recorder_and_store_went_away(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, count: int
) -> None:
    stored = data.draw(st.integers(0, count))
    root = tmp_path_factory.mktemp("spool")
    record(root / "EG_1", stored, count)
    first = Store(fails_at=data.draw(st.integers(0, count + 1)))
    await Leftovers(root, first.put).bring()
    second = Store()
    await Leftovers(root, second.put).bring()
    store = first.files | second.files
    assert [key for key in store if key.endswith(".m4s")] == [
        f"t/s/{name(number)}" for number in range(stored, count)
    ]
    assert store["t/s/index.m3u8"].decode() == playlist(count) + f"{END}\n"
    assert list(root.iterdir()) == []


async def test_a_living_recorders_files_are_left_alone(tmp_path: Path) -> None:
    store = Store()
    with closing(SpoolFolder(tmp_path / "EG_1", ABOUT)) as folder:
        folder.keep(name(0), b"0")
        await Leftovers(tmp_path, store.put).bring()
        assert store.keys == []
        with pytest.raises(SpoolInUse):
            SpoolFolder(tmp_path / "EG_1")
    await Leftovers(tmp_path, store.put).bring()
    assert store.keys == [f"t/s/{name(0)}", "t/s/index.m3u8"]


async def test_what_was_touched_a_moment_ago_may_still_be_gone_on_with(tmp_path: Path) -> None:
    record(tmp_path / "EG_1", 0, 1)
    store = Store()
    leftovers = Leftovers(tmp_path, store.put)
    await leftovers.bring(quiet_s=60)
    assert store.keys == []
    await leftovers.bring_one("EG_2")
    assert store.keys == []
    await leftovers.bring_one("EG_1")
    assert store.keys == [f"t/s/{name(0)}", "t/s/index.m3u8"]


async def test_one_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    record(tmp_path / "EG_1", 0, 1)
    (tmp_path / "EG_1" / ".recording.json").write_text("{")
    record(tmp_path / "EG_2", 0, 1)
    store = Store()
    await Leftovers(tmp_path, store.put).bring()
    assert store.keys == [f"t/s/{name(0)}", "t/s/index.m3u8"]
    assert (tmp_path / "EG_1" / name(0)).exists(), "kept for a person"


async def test_a_recording_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    with closing(SpoolFolder(tmp_path / "EG_1", ABOUT)) as folder:
        folder.keep(HEADER, b"header")
    store = Store()
    await Leftovers(tmp_path, store.put).bring()
    assert (store.keys, list(left_behind(tmp_path))) == ([], [])


def test_closing_a_closed_playlist_changes_nothing() -> None:
    once = ended(playlist(2), [HEADER, name(2)], 2.0)
    assert once == playlist(3) + f"{END}\n"
    assert ended(once, [name(2)], 2.0) == once


def test_a_recording_of_an_older_version_is_closed_as_it_began() -> None:
    """Its segments are MPEG-TS, each with its own header."""
    closed = ended("", ["seg_00000.ts", "seg_00001.ts"], 2.0)
    assert "EXT-X-MAP" not in closed
    assert closed.count("#EXTINF") == 2


def test_a_gap_is_said_of_the_lost_segment_alone() -> None:
    said = with_gaps(playlist(3), {name(1)}).splitlines()
    assert said[said.index(name(1)) - 1] == "#EXT-X-GAP"
    assert said.count("#EXT-X-GAP") == 1


def dated(prefix: str, count: int, begins_s: float) -> str:
    """A playlist as the segmenter writes it, of a part that begins so many seconds after noon."""
    date = datetime.fromtimestamp(NOON_S + begins_s, UTC).isoformat(timespec="milliseconds")
    parts = "".join(f"#EXTINF:2.000000,\n{prefix}_{n:05d}.m4s\n" for n in range(count))
    return f"{HEAD.replace(HEADER, header_name(prefix))}#EXT-X-PROGRAM-DATE-TIME:{date}\n{parts}"


def test_the_time_between_two_recorders_is_a_gap_in_one_playlist() -> None:
    both = continued(dated("seg", 2, 0), dated("seg-2", 1, 7.5)).splitlines()
    head, first, second = HEAD.splitlines(), dated("seg", 2, 0), dated("seg-2", 1, 7.5)
    gap = [GAP, "#EXTINF:2.000000,", NOTHING, GAP, "#EXTINF:1.500000,", NOTHING]
    assert both == [
        *first.splitlines(),
        *gap,
        "#EXT-X-DISCONTINUITY",
        *second.splitlines()[len(head) - 1 :],
    ]


def test_a_part_that_waits_unnamed_gets_its_own_header() -> None:
    waiting = ["seg-2_init.mp4", "seg-2_00000.m4s", "seg-2_00001.m4s"]
    added = interrupted(dated("seg", 1, 0), waiting, 2.0).removeprefix(dated("seg", 1, 0))
    assert added.splitlines() == [
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="seg-2_init.mp4"',
        "#EXTINF:2.000000,",
        "seg-2_00000.m4s",
        "#EXTINF:2.000000,",
        "seg-2_00001.m4s",
    ]


def test_what_nobody_recorded_before_is_no_part() -> None:
    assert interrupted("", [], 2.0) == ""
    assert continued("", dated("seg", 1, 0)) == dated("seg", 1, 0)


begins = st.lists(st.tuples(st.integers(1, 4), st.floats(0, 30)), min_size=1, max_size=5)


@given(begins)
def test_whatever_dies_the_playlist_is_as_long_as_the_time_that_passed(
    parts: list[tuple[int, float]],
) -> None:
    """So captions and chapters keep their place; each death leaves one discontinuity, and nothing is said twice."""
    whole, now_s = "", 0.0
    for number, (count, silent_s) in enumerate(parts):
        now_s += silent_s if number else 0.0
        whole = continued(whole, dated(f"seg-{number}", count, now_s))
        now_s += 2.0 * count
    lines = whole.splitlines()
    lengths_s = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    # A silence of less than a frame is no gap; dates have milliseconds.
    assert sum(lengths_s) == pytest.approx(now_s, abs=0.035 * len(parts))
    assert lines.count("#EXT-X-DISCONTINUITY") == len(parts) - 1
    named = [line for line in lines if line.startswith("seg")]
    assert len(named) == len(set(named)) == sum(count for count, _ in parts)
    assert lines.count("#EXTM3U") == 1
