"""One room's reports on their way to the control plane: finals and closed audio files."""

import asyncio
import hashlib
from pathlib import Path
from uuid import UUID

from agents.control import CaptionRecord, Deliverer, Outbox, SegmentRecord
from agents.manifest import Noted
from agents.room.track.captioner import Speaker, Spoken
from agents.room.track.recorder import Segment
from agents.spool import Spool
from orchestrator.core.clock import new_id
from schema.agents import RoomInfo, SpeakerSegment
from schema.events import CaptionFinalized


class Reports:
    """Two spools, so that captions do not wait for an object store that is away."""

    def __init__(self, info: RoomInfo, folder: Path, deliver: Deliverer) -> None:
        self._info = info
        self._folder = folder
        name = f"{info.session_id}-{new_id()}"
        self._captions = Outbox(Spool(folder / f"{name}.captions.jsonl"), deliver.captions)
        self._segments = Outbox(Spool(folder / f"{name}.segments.jsonl"), deliver.segments)

    def caption(self, participant_id: UUID, spoken: Spoken) -> None:
        caption = spoken.caption
        event = CaptionFinalized(
            segment_id=caption.segment_id,
            participant_id=participant_id,
            track_sid=caption.track_sid,
            start_unix_ms=caption.start_ms,
            end_unix_ms=caption.end_ms,
            text=caption.text,
            language=caption.language,
            words=spoken.words,
        )
        self._captions.write(CaptionRecord(self._info.session_id, event))

    def segment(self, speaker: "SpeakerFiles", segment: Segment) -> None:
        index = speaker.next_index(segment.started_at_unix_ms)
        folder = f"{self._info.tenant_id}/{self._info.session_id}/speakers/{speaker.folder}"
        report = SpeakerSegment(
            participant_id=speaker.participant_id,
            track_sid=speaker.track_sid,
            index=index,
            key=f"{folder}/{index:06d}.ogg",
            started_at_unix_ms=segment.started_at_unix_ms,
            duration_ms=segment.duration_ms,
            size_bytes=len(segment.data),
            sha256=hashlib.sha256(segment.data).hexdigest(),
        )
        file = f"{speaker.track_sid}-{index}.ogg"
        (self._folder / file).write_bytes(segment.data)
        noted = Noted(
            manifest=f"{folder}/manifest-{speaker.first_index:06d}.json",
            drift_ms=segment.drift_ms,
            gap_before=segment.gap_before,
        )
        self._segments.write(SegmentRecord(self._info.session_id, file, report, noted))

    async def close(self, within_s: float) -> None:
        await asyncio.gather(self._captions.close(within_s), self._segments.close(within_s))


class SpeakerFiles:
    """Numbers the files of one track."""

    def __init__(self, participant_id: UUID, speaker: Speaker) -> None:
        self.participant_id = participant_id
        self.track_sid = speaker.track_sid
        self.folder = f"{self.participant_id}/{self.track_sid}"
        self.first_index = 0
        self._last = 0

    def next_index(self, started_at_unix_ms: int) -> int:
        """The second in which the file begins, so that a job which starts anew never takes an index twice."""
        self._last = max(self._last + 1, started_at_unix_ms // 1000)
        self.first_index = self.first_index or self._last
        return self._last
