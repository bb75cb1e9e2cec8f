"""One room's agent: hears every speaker, captions and records each, relays the log, leaves when class is over."""

import asyncio
from collections import defaultdict
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from livekit import rtc

from agents.asr.client import AsrClient
from agents.control import Deliverer, spool_folder
from agents.room.manner import Manner, Treatment
from agents.room.relay import Relay
from agents.room.reports import Reports, SpeakerFiles
from agents.room.text.captions import Allowance, Caption, CaptionQueue
from agents.room.text.publisher import CaptionPublisher
from agents.room.track.captioner import Captioner, Speaker, Spoken
from agents.room.track.ear import Ear
from agents.room.track.listener import Listener
from agents.room.track.recorder import Recorder, Segment
from orchestrator.core.control_client import ControlClient
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings
from schema.agents import RoomInfo

log = structlog.get_logger(__name__)

# Other agents and recorders are no speakers.
SILENT_KINDS = {
    rtc.ParticipantKind.PARTICIPANT_KIND_AGENT,
    rtc.ParticipantKind.PARTICIPANT_KIND_EGRESS,
}
# Of the time to finish in, for decoding what was said last.
SPEECH_SHARE = 0.7


class RoomAgent:
    """Made once the control plane has told what room this is; shares nothing with other rooms' agents."""

    def __init__(
        self, settings: Settings, info: RoomInfo, room: rtc.Room, control: ControlClient
    ) -> None:
        self._room = room
        self._asr = AsrClient(Path(settings.asr_socket))
        folder = spool_folder(settings)
        deliver = Deliverer(control, Storage.from_settings(settings), folder)
        self._reports = Reports(info, folder, deliver)
        self._manner = Manner(control, info.session_id)
        self._relay = Relay(control, room, info, self._manner.hear)
        self._tracks: dict[str, TrackAgent] = {}
        self._allowances = defaultdict[str, Allowance](Allowance)
        self._endings: set[asyncio.Task[None]] = set()
        room.on("track_subscribed", self._subscribed)
        room.on("track_unsubscribed", self._unsubscribed)
        room.on("track_muted", partial(self._muted, True))
        room.on("track_unmuted", partial(self._muted, False))

    async def relay_until_over(self) -> None:
        following = asyncio.create_task(self._manner.run())
        try:
            await self._relay.run()
        finally:
            following.cancel()

    async def finish(self, within_s: float) -> None:
        """Says and stores what was heard; what does not get away in time stays on disk for the next process. May be repeated."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + within_s
        for sid in list(self._tracks):
            self._end(sid)
        if self._endings:
            # The reports get the last of the time: they are what the replay is made of.
            _, late = await asyncio.wait(self._endings, timeout=within_s * SPEECH_SHARE)
            if late:
                log.warning("speech_not_finished", tracks=len(late))
        await self._asr.close()
        await self._reports.close(max(deadline_s - loop.time(), 0))

    def _subscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if not isinstance(track, rtc.RemoteAudioTrack) or participant.kind in SILENT_KINDS:
            return
        # A full reconnect subscribes the same track again.
        self._end(publication.sid)
        speaker = Speaker(participant.identity, publication.sid)
        self._tracks[publication.sid] = TrackAgent(
            track,
            publication.muted,
            speaker,
            self._asr,
            self._publisher(participant.identity),
            self._reports,
            self._manner,
        )
        log.info("track_heard", track_sid=publication.sid)

    def _publisher(self, identity: str) -> CaptionPublisher:
        def captioned() -> bool:
            return self._manner.of(participant_id(identity)).captioned

        queue = CaptionQueue(self._allowances[identity], captioned)
        return CaptionPublisher(self._room.local_participant, queue, lambda: self._relay.reached)

    def _unsubscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        self._end(publication.sid)

    def _muted(
        self, muted: bool, participant: rtc.Participant, publication: rtc.TrackPublication
    ) -> None:
        agent = self._tracks.get(publication.sid)
        if agent is not None:
            agent.mute(muted)

    def _end(self, track_sid: str) -> None:
        agent = self._tracks.pop(track_sid, None)
        if agent is not None:
            task = asyncio.create_task(agent.finish())
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)


class TrackAgent:
    """One track of one person, from its samples to the screen and the store."""

    def __init__(
        self,
        track: rtc.RemoteAudioTrack,
        muted: bool,
        speaker: Speaker,
        asr: AsrClient,
        publisher: CaptionPublisher,
        reports: Reports,
        manner: Manner,
    ) -> None:
        self._manner = manner
        self._publisher = publisher
        self._reports = reports
        self._participant_id = participant_id(speaker.identity)
        self._files = SpeakerFiles(self._participant_id, speaker) if self._participant_id else None
        captioner = Captioner(speaker, asr, self._show, self._keep, self._treatment)
        self._listener = Listener(track, Ear(captioner, Recorder(self._store)), muted=muted)

    def mute(self, muted: bool) -> None:
        self._listener.mute(muted)

    async def finish(self) -> None:
        await self._listener.stop()
        await self._publisher.close()

    def _treatment(self) -> Treatment:
        return self._manner.of(self._participant_id)

    def _show(self, caption: Caption) -> None:
        self._publisher.offer(caption)

    def _keep(self, spoken: Spoken) -> None:
        if self._participant_id is not None:
            self._reports.caption(self._participant_id, spoken)

    def _store(self, segment: Segment) -> None:
        if self._files is not None:
            self._reports.segment(self._files, segment)


def participant_id(identity: str) -> UUID | None:
    """None for a client whose token the control plane did not make: it is captioned, but there is nobody to file it under."""
    try:
        return UUID(identity)
    except ValueError:
        return None


def session_id(room: str) -> UUID | None:
    """None for a room that is no session of ours."""
    prefix, _, value = room.partition("-")
    return participant_id(value) if prefix == "session" else None
