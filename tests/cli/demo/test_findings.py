"""From captions, statuses and marks to facts, by hand-made classes."""

from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from orchestrator.cli.classroom.script import Clip, arrange
from orchestrator.cli.classroom.seat import Caption
from orchestrator.cli.classroom.teach import ASKING, TEACHER, Observed, note
from orchestrator.cli.demo import findings
from orchestrator.cli.probe.media import SAMPLE_RATE
from orchestrator.cli.probe.receivers import FfmpegReceivers
from schema.destinations import SessionDestination
from schema.recordings import Replay, TranscriptLink, TranscriptSegment
from schema.sessions import Session

ID = UUID(int=1)
NOW = datetime(2026, 1, 5, tzinfo=UTC)
SPOKEN = np.full(2 * SAMPLE_RATE, 3_000, np.int16)


def observed(**changes: Any) -> Observed:
    lesson = arrange([(TEACHER, Clip("we had everything", SPOKEN)), (ASKING, Clip("why", SPOKEN))])
    names = {TEACHER: "t", ASKING: "a"}
    values: dict[str, Any] = {"started": 90.0, "begun": 100.0, "joins_s": {}, "identities": names}
    return Observed(session=ID, lesson=lesson, **values | changes)


def caption(
    at: float, speaker: str, text: str, *, final: bool = True, segment: str = "1"
) -> Caption:
    return Caption(at=at, speaker=speaker, segment=f"{speaker}{segment}", text=text, final=final)


def test_captions_are_timed_from_the_first_sound_of_speech() -> None:
    heard = [
        caption(104.9, "t", "We", final=False),
        caption(106.0, "t", "We had everything."),
        caption(110.0, "a", "Where?"),
    ]
    found = findings.captions(observed(captions=heard, legacy=heard))
    # The lesson begins at 100 with 4 s of marks.
    assert found.first_s == pytest.approx(0.9)
    assert (found.wer_teacher, found.wer_student, found.legacy_agrees) == (0, 1, True)


def test_silence_is_no_caption_and_older_clients_must_get_the_same() -> None:
    heard = [caption(106.0, "t", "We had everything.")]
    assert findings.captions(observed()).first_s == inf
    assert not findings.captions(observed(captions=heard)).legacy_agrees
    late = [caption(106.0, "t", "We had nothing.")]
    assert not findings.captions(observed(captions=heard, legacy=late)).legacy_agrees


@pytest.mark.parametrize(
    ("sequences", "events", "missed"),
    [([3, 4, 5], 5, 0), ([3, 5, 5], 5, 1), ([5, 4, 3], 9, 0), ([], 7, 7)],
)
def test_counts_what_a_live_client_missed(sequences: list[int], events: int, missed: int) -> None:
    assert findings.feed_gaps(sequences, events) == missed


def place(status: Any, attempt: int = 0) -> SessionDestination:
    return SessionDestination(
        destination_id=ID,
        name="first",
        type="rtmp",
        status=status,
        attempt=attempt,
        next_attempt_at=None,
        reason=None,
        changed_at=None,
        reconnects=0,
        stats=None,
        platform=None,
        readiness=[],
    )


async def test_a_destination_is_told_by_its_changes(tmp_path: Path) -> None:
    history: list[tuple[float, SessionDestination]] = []
    told = [place("connecting"), place("retrying", 1), place("retrying", 1), place("retrying", 2)]
    assert [note(history, one) for one in told] == [True, True, False, True]
    nothing = FfmpegReceivers(tmp_path, [])
    found = await findings.destination(observed(statuses={"first": history}), nothing, "first")
    assert (found.statuses, found.attempt) == (["connecting", "retrying"], 2)
    assert (found.live_after_s, found.connections, found.output) == (None, 0, None)


def test_the_transcript_is_held_against_the_marks() -> None:
    session = Session(
        id=ID, lesson_id=ID, title="", scheduled_start=NOW, scheduled_end=NOW, status="ended"
    )
    words = TranscriptSegment(
        id="1", participant_id=ID, speaker="", start_ms=2_600, end_ms=9, text="", words=[]
    )
    empty: dict[str, Any] = {"recordings": [], "chapters": [], "highlights": [], "artifacts": []}
    replay = Replay(
        session=session,
        state="ready",
        transcript=TranscriptLink(segments=[words], vtt_url=None, srt_url=None, txt_url=None),
        **empty,
    )
    seen = observed()
    # 4 s of marks, 2 s, a pause of 1.5 s, 2 s and 2.5 s of tail: 12 s, so the last mark was sent at 10 s.
    assert seen.lesson.duration_s == pytest.approx(12)
    # Seen at 8.5 s, it says that the recording began 1.5 s into the lesson: speech is at 2.5 s of it.
    assert findings.drift_ms(seen, replay, 8.5) == pytest.approx(100)
