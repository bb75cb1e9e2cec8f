"""Cues that only the careful pass heard: they stand in the transcript, and in no log until somebody corrects one."""

import msgspec

from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import origin_unix_ms
from orchestrator.state.session import SessionState
from schema.errors import NotFound
from schema.events import CaptionFinalized, Word
from schema.recordings import TranscriptSegment


async def heard(storage: Storage, state: SessionState, segment_id: str) -> CaptionFinalized:
    """As the newest transcript has it. Raises NotFound, StorageUnavailable."""
    if key := state.artifacts.get("transcript"):
        spoken = msgspec.json.decode(await storage.get(key), type=list[TranscriptSegment])
        for segment in spoken:
            if segment.id == segment_id:
                return _caption(segment, origin_unix_ms(state))
    raise NotFound("There is no such caption in this class.")


def _caption(segment: TranscriptSegment, origin: int) -> CaptionFinalized:
    return CaptionFinalized(
        segment_id=segment.id,
        participant_id=segment.participant_id,
        track_sid="",
        start_unix_ms=origin + segment.start_ms,
        end_unix_ms=origin + segment.end_ms,
        text=segment.text,
        language=segment.language,
        words=[
            Word(
                start_unix_ms=origin + word.start_ms,
                end_unix_ms=origin + word.end_ms,
                text=word.text,
            )
            for word in segment.words
        ],
    )
