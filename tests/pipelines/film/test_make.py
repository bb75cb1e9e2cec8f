"""Captions drawn into a recorded programme: looked for in the pictures, with the sound and the times as they were."""

import io
import tracemalloc
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import av
import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from orchestrator.core.hls.runs import runs
from pipelines.film import make
from pipelines.kind import Task, Unmakeable
from schema.jobs import JobRecording
from schema.recordings import SubtitledFilm, TranscriptSegment
from tests.pipelines.builders import ORIGIN, said, source
from tests.support.captioned import BRIGHTER, FOOT, captioned_s, pictures
from tests.support.programme import FOLDER, FPS, PROGRAMME, recorded, recorded_as_ts, whole

SPOKEN = [said(3_000, 5_000, "Gravity pulls the apple to the ground.")]


@dataclass
class Store:
    """What a child reads and keeps, in order; `held` is what it holds itself then, where that is traced."""

    files: dict[str, bytes]
    log: list[str] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)

    def read(self, key: str) -> bytes | None:
        self.log.append(f"read {key.rpartition('/')[2]}")
        return self.files.get(key)

    def keep(self, suffix: str, content: bytes) -> None:
        self.log.append(f"keep {suffix.rpartition('/')[2]}")
        self.kept[suffix] = content
        self.held.append(tracemalloc.get_traced_memory()[0] - sum(map(len, self.kept.values())))

    def make(
        self, spoken: list[TranscriptSegment] | None = None, recording: JobRecording = PROGRAMME
    ) -> list[SubtitledFilm]:
        transcript = msgspec.json.encode(SPOKEN if spoken is None else spoken)
        task = Task(
            source([], recordings=[recording]),
            {"transcript": transcript},
            read=self.read,
            keep=self.keep,
            progress=self.told.append,
        )
        return msgspec.json.decode(make.make(task).files["json"], type=list[SubtitledFilm])

    def film(self, film: SubtitledFilm) -> bytes:
        """As it is downloaded: the header, and all segments that the playlist names."""
        folder = film.suffix.rpartition("/")[0]
        (run,) = runs(self.kept[film.suffix].decode())
        return b"".join(self.kept[f"{folder}/{name}"] for name in [run.header, *run.segments])


def sound(film: bytes) -> list[tuple[float, bytes]]:
    with av.open(io.BytesIO(film), "r") as opened:
        packets = [p for p in opened.demux(audio=0) if p.pts is not None]
        return [(round(float((p.pts or 0) * (p.time_base or 0)), 4), bytes(p)) for p in packets]


def test_the_caption_stands_in_the_picture_for_as_long_as_it_is_said() -> None:
    store = Store(recorded())
    (film,) = store.make()
    made, original = store.film(film), whole()
    shown_s = captioned_s(made, original)
    assert shown_s == [n / FPS for n in range(30, 50)]
    outside = [
        np.abs(new.astype(int) - old).mean()
        for (at_s, new), (_, old) in zip(pictures(made), pictures(original), strict=True)
        if at_s not in shown_s
    ]
    assert max(outside) < 2


def test_sound_and_length_are_whole() -> None:
    store = Store(recorded())
    (film,) = store.make()
    made, original = store.film(film), whole()
    assert sound(made) == sound(original)
    assert [at_s for at_s, _ in pictures(made)] == [at_s for at_s, _ in pictures(original)]
    assert film == SubtitledFilm(PROGRAMME.id, "1/index.m3u8", 9_000)


def test_every_segment_is_stored_soon_after_it_was_read() -> None:
    store = Store(recorded())
    store.make()
    segments = [line for line in store.log if line.endswith(".m4s")]
    held = np.cumsum([1 if line.startswith("read") else -1 for line in segments])
    assert (held.max(), held[-1]) == (2, 0)
    assert store.told == [20, 40, 60, 80, 100]


def test_drawing_holds_no_more_with_every_picture() -> None:
    store = Store(recorded())
    tracemalloc.start()
    try:
        store.make([said(0, 9_000, "Gravity pulls the apple to the ground.")])
    finally:
        tracemalloc.stop()
    # The header, the first two segments, and then twenty pictures with every further one.
    assert max(store.held[3:]) - store.held[2] < 100_000


def test_captions_keep_their_time_where_the_recorder_began_later() -> None:
    text = recorded()[PROGRAMME.key].decode()
    (run,) = runs(text)
    later = datetime.fromtimestamp(ORIGIN / 1000 + 2.5, UTC).isoformat(timespec="milliseconds")
    assert run.started_at is not None
    moved = text.replace(run.started_at.isoformat(timespec="milliseconds"), later)
    store = Store({**recorded(), PROGRAMME.key: moved.encode()})
    (film,) = store.make()
    shown_s = captioned_s(store.film(film), whole())
    assert (min(shown_s), max(shown_s)) == (0.5, 2.4)


@pytest.mark.parametrize("content", [None, b"", b"no segment at all" * 99])
def test_a_segment_that_cannot_be_read_is_left_out_and_counted(content: bytes | None) -> None:
    files = {name: data for name, data in recorded().items() if "00002" not in name}
    store = Store(files if content is None else {**files, f"{FOLDER}/seg_00002.m4s": content})
    (film,) = store.make()
    assert (film.missing, film.duration_ms) == (1, 9_000)
    (run,) = runs(store.kept[film.suffix].decode())
    assert list(run.segments.values()) == [2_000, 4_000, 2_000, 1_000]
    at_s = [round(at_s, 3) for at_s, _ in pictures(store.film(film))]
    assert [(a, b) for a, b in pairwise(at_s) if b - a > 0.2] == [(3.9, 6.0)]


@pytest.mark.parametrize("lost", ["init", ".m4s"])
def test_a_recording_of_which_nothing_can_be_read_is_for_a_person(lost: str) -> None:
    files = {name: b"" if lost in name else data for name, data in recorded().items()}
    with pytest.raises(Unmakeable, match="broken or gone"):
        Store(files).make()


def test_without_a_recording_there_is_nothing_to_draw_into() -> None:
    with pytest.raises(Unmakeable, match="no recording"):
        Store({PROGRAMME.key: b"#EXTM3U\n"}).make()
    with pytest.raises(Unmakeable, match="no recording"):
        Store(recorded()).make(recording=replace(PROGRAMME, kind="speaker"))


def twice(files: dict[str, bytes]) -> str:
    """The playlist of a recorder that wrote the same again after a gap of two seconds."""
    text = files[PROGRAMME.key].decode().replace("#EXT-X-ENDLIST\n", "")
    again = text[text.index("#EXT-X-MAP" if "#EXT-X-MAP" in text else "#EXT-X-PROGRAM") :]
    return f"{text}#EXT-X-GAP\n#EXTINF:2.0,\nmissing.m4s\n#EXT-X-DISCONTINUITY\n{again}"


TWICE = [said(3_000, 5_000, "Gravity pulls the apple."), said(14_000, 15_000, "It falls.")]
SHOWN_S = [n / FPS for n in [*range(30, 50), *range(140, 150)]]


def letters_s(film: bytes) -> list[float]:
    """Seconds of the pictures with captions, in a film of what was recorded twice."""
    shown = dict(pictures(film))
    bare = list(dict(pictures(whole())).values())
    return [
        at_s
        for (at_s, new), old in zip(shown.items(), bare * 2, strict=True)
        if np.abs(new[FOOT:].astype(int) - old[FOOT:]).max() > BRIGHTER
    ]


def test_what_recorders_wrote_one_after_the_other_is_one_film() -> None:
    store = Store({**recorded(), PROGRAMME.key: twice(recorded()).encode()})
    (film,) = store.make(TWICE)
    made = store.film(film)
    assert film.duration_ms == 20_000
    assert letters_s(made) == pytest.approx(SHOWN_S, abs=0.01)
    (run,) = runs(store.kept[film.suffix].decode())
    lengths = [2_000, 2_000, 2_000, 2_000, 3_000, 2_000, 2_000, 2_000, 2_000, 1_000]
    assert list(run.segments.values()) == lengths
    assert sound(made) == sound(whole()) + [
        (pytest.approx(at_s + 11, abs=0.001), data) for at_s, data in sound(whole())
    ]
    assert store.told[-1] == 100


def test_what_needs_another_header_is_a_film_of_its_own() -> None:
    header = recorded()[f"{FOLDER}/seg_init.mp4"]
    other = {f"{FOLDER}/two_init.mp4": header.replace(b"iso6mp41", b"iso5mp41")}
    text = "two_init.mp4".join(twice(recorded()).rsplit("seg_init.mp4", 1))
    store = Store({**recorded(), **other, PROGRAMME.key: text.encode()})
    first, second = store.make(TWICE)
    assert (first.suffix, second.suffix) == ("1/index.m3u8", "2/index.m3u8")
    assert captioned_s(store.film(first), whole()) == [n / FPS for n in range(30, 50)]
    assert second.duration_ms == 9_000


def test_a_recorder_whose_header_is_not_there_is_in_no_film() -> None:
    """As in the download, whose numbers these are."""
    text = "two_init.mp4".join(twice(recorded()).split("seg_init.mp4", 1))
    store = Store({**recorded(), PROGRAMME.key: text.encode()})
    (film,) = store.make(TWICE)
    assert (film.suffix, film.missing) == ("1/index.m3u8", 0)
    del store.files[f"{FOLDER}/seg_init.mp4"]
    with pytest.raises(Unmakeable, match="broken or gone"):
        store.make(TWICE)


def test_what_another_egress_wrote_as_mpeg_ts_is_a_film_too() -> None:
    files = recorded_as_ts(37.5)
    store = Store(files | {PROGRAMME.key: twice(files).encode()})
    (film,) = store.make(TWICE)
    made = store.film(film)
    assert (film.duration_ms, film.missing) == (20_000, 0)
    assert letters_s(made) == pytest.approx(SHOWN_S, abs=0.01)
    heard = sound(whole())
    times_s = [at_s for at_s, _ in heard] + [at_s + 11 for at_s, _ in heard]
    assert [data for _, data in sound(made)] == [data for _, data in heard] * 2
    assert [at_s for at_s, _ in sound(made)] == pytest.approx(times_s, abs=0.03)


@pytest.mark.parametrize(("lost", "last_s"), [("seg_00000", 17.9), ("seg_00002", 19.9)])
def test_mpeg_ts_keeps_its_time_where_a_segment_is_lost(lost: str, last_s: float) -> None:
    """A film whose first segment is lost begins with the next."""
    files = {name: data for name, data in recorded_as_ts(37.5).items() if lost not in name}
    store = Store(files | {PROGRAMME.key: twice(files).encode()})
    (film,) = store.make(TWICE)
    assert film.missing == 2
    assert pictures(store.film(film))[-1][0] == pytest.approx(last_s, abs=0.05)
