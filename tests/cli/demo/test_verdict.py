"""Each bar fails alone: whatever is wrong with a class, exactly the rows that say so turn."""

from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from orchestrator.cli.demo import facts, verdict
from orchestrator.cli.probe.media import Audio, Programme, Video
from orchestrator.cli.probe.sync import Sync
from schema.jobs import FIRST

OUTPUT = facts.Output(
    codec="h264/aac",
    width=1280,
    height=720,
    frames=1950,
    fps=30.0,
    duration_s=65.0,
    gop_s=(2.0, 2.001),
    frame_gaps=0,
    sound_gaps=0,
    decode_errors=0,
    offset_ms=20.0,
    most_offset_ms=41.0,
    worst_offset_ms=95.0,
    marks_seen=32,
    marks_sent=32,
)
PLACE = facts.Destination(
    name="first",
    statuses=["idle", "connecting", "live"],
    attempt=0,
    live_after_s=3.0,
    connections=1,
    output=OUTPUT,
)
GOOD = facts.Facts(
    setup_s=9.0,
    receiver="nginx-rtmp (1.22.1)",
    lesson_s=66.0,
    joins_s={"teacher": 0.4},
    captions=facts.Captions(first_s=1.2, wer_teacher=0.05, wer_student=0.0, legacy_agrees=True),
    live=[PLACE],
    refused=facts.Destination(name="refused", statuses=["connecting", "retrying"], attempt=4),
    replay=facts.Replay(
        complete_after_s=4.0,
        state="ready",
        artifacts={**dict.fromkeys(FIRST, "done"), "speech": "running"},
        wer=0.05,
        drift_ms=-120.0,
        chapters=2,
        speaker_recordings=2,
        output=OUTPUT,
    ),
    log=facts.Log(events=40, contiguous=True, feed_gaps=0, drift=[]),
)


def failing(found: facts.Facts) -> set[str]:
    return {row.key for row in verdict.rows(found) if not row.holds}


def changed(base: Any, path: str, value: Any) -> Any:
    """A copy of `base` with the field at a dotted path replaced; numbers index lists."""
    name, _, rest = path.partition(".")
    if isinstance(base, list):
        copy = list(base)
        copy[int(name)] = changed(base[int(name)], rest, value)
        return copy
    inner = changed(getattr(base, name), rest, value) if rest else value
    return replace(base, **{name: inner})


def test_a_good_class_holds() -> None:
    assert failing(GOOD) == set()
    keys = [row.key for row in verdict.rows(GOOD)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("path", "value", "turns"),
    [
        ("joins_s", {"teacher": 4.0}, {"join_teacher_s"}),
        ("captions.first_s", 2.6, {"first_caption_s"}),
        ("captions.first_s", float("inf"), {"first_caption_s"}),
        ("captions.first_s", -1.0, {"first_caption_s"}),
        ("captions.wer_teacher", 0.2, {"wer_teacher"}),
        ("captions.wer_student", 1.0, {"wer_student"}),
        ("captions.legacy_agrees", False, {"captions_legacy"}),
        ("live.0.live_after_s", None, {"first_live_s"}),
        ("live.0.statuses", ["connecting", "live", "retrying", "live"], {"first_unbroken"}),
        ("live.0.statuses", ["connecting"], {"first_unbroken"}),
        ("live.0.connections", 2, {"first_unbroken"}),
        ("live.0.output", None, {"first_output"}),
        ("live.0.output.codec", "hevc/aac", {"first_shape"}),
        ("live.0.output.height", 360, {"first_shape"}),
        ("live.0.output.frame_gaps", 1, {"first_frames"}),
        ("live.0.output.sound_gaps", 1, {"first_frames"}),
        ("live.0.output.decode_errors", 1, {"first_frames"}),
        ("live.0.output.fps", 28.0, {"first_fps"}),
        ("live.0.output.gop_s", (2.0, 4.0), {"first_gop_s"}),
        ("live.0.output.gop_s", (1.9, 2.0), {"first_gop_s"}),
        ("live.0.output.offset_ms", -90.0, {"first_sync_ms"}),
        ("live.0.output.most_offset_ms", 200.0, {"first_sync_ms"}),
        ("live.0.output.marks_seen", 20, {"first_marks"}),
        ("refused.statuses", ["connecting", "live"], {"refused"}),
        ("refused.statuses", ["connecting"], {"refused"}),
        ("refused.statuses", [], {"refused"}),
        ("replay.complete_after_s", 30.0, {"replay_s"}),
        ("replay.state", "failed", {"replay_s"}),
        ("replay.artifacts", {"transcript": "parked"}, {"artifacts"}),
        ("replay.artifacts", {}, {"artifacts"}),
        ("replay.output.duration_s", 50.0, {"recording_s"}),
        ("replay.wer", 0.5, {"transcript_wer"}),
        ("replay.drift_ms", 600.0, {"transcript_ms"}),
        ("replay.chapters", 0, {"chapters"}),
        ("replay.speaker_recordings", 1, {"speakers"}),
        ("log.events", 0, {"events"}),
        ("log.contiguous", False, {"events"}),
        ("log.feed_gaps", 1, {"feed_gaps"}),
        ("log.drift", ["participants"], {"fold"}),
    ],
)
def test_turns_exactly_the_rows_that_say_so(path: str, value: Any, turns: set[str]) -> None:
    assert failing(changed(GOOD, path, value)) == turns


def test_counts_the_marks_from_the_first_second_on() -> None:
    times = np.arange(20 * 30) / 30 + 5.0
    video = Video("h264", 1280, 720, times, np.zeros(600), [5.0, 7.0])
    programme = Programme(video, Audio("aac", 48_000, 5.0, np.zeros(1, np.float32), []), 0)
    sent = [5.4, 7.4, 9.4, 11.4, 13.4]
    whole = Sync(flashes_s=sent, beeps_s=sent, offsets_ms=[0.0] * 5)
    assert facts.marks(programme, whole, 60) == (4, 4)
    holed = Sync(flashes_s=sent[1:], beeps_s=[sent[1], *sent[3:]], offsets_ms=[0.0] * 3)
    assert facts.marks(programme, holed, 60) == (3, 4)
    assert facts.marks(programme, Sync([], [], []), 60) == (0, 1)
    assert facts.summarise(programme, whole, 60).gop_s == (2.0, 2.0)


def test_the_table_survives_json() -> None:
    found = verdict.rows(GOOD)
    assert msgspec.json.decode(msgspec.json.encode(found), type=list[verdict.Row]) == found
