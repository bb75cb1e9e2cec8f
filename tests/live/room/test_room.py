"""Whole classes on a real livekit-server: two rooms at once, unmodified clients, and agents that are killed."""

import asyncio
import io
import itertools
import os
import signal
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import av
import msgspec
import pytest

from orchestrator.core.storage import Storage
from orchestrator.settings import Settings
from schema.events import SessionEnded, SessionStarted, StoredEvent
from tests.live.room.conftest import Agents
from tests.support.rooms import Person, Shown, person, speech
from tests.support.words import plain, spoken_text

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

NOVEL = ["sense_0870", "sense_0920"]
# Speech ends, 0.5 s of silence, a final: 0.9 s. The rest is for machines that do other work.
FINAL_WITHIN_S = 15.0


def text_of(captions: list[Shown]) -> str:
    return " ".join(caption.text for caption in captions)


def telling(text: str) -> set[str]:
    """Words long enough not to be misheard for each other."""
    return {word for word in plain(text) if len(word) > 3}


def event(session_id: UUID, sequence: int, payload: SessionStarted | SessionEnded) -> StoredEvent:
    return StoredEvent(
        id=uuid4(),
        session_id=session_id,
        sequence=sequence,
        created_at=datetime.now(UTC),
        payload=payload,
    )


async def heard_from(listener: Person, *clips: str) -> list[Shown]:
    """The finals, when by both ways each clip is there; a busy machine may cut it into more utterances."""

    def is_said() -> bool:
        return all(
            is_of(name, text_of(listener.finals(way)))
            for name in clips
            for way in ("stream", "legacy")
        )

    try:
        await listener.until(is_said, FINAL_WITHIN_S)
    except TimeoutError:
        pytest.fail(f"heard only: {[(c.way, c.text) for c in listener.shown if c.final]}")
    return listener.finals()


def is_of(clip: str, text: str) -> bool:
    """How well it hears is tested without a clock (tests/agents/asr); a machine full of tests makes real sound choppy."""
    said = telling(spoken_text(clip))
    return len(said & telling(text)) >= len(said) / 2


def assert_captions_are_in_order(listener: Person) -> None:
    """By each way: nothing of a segment after its final, no text twice in a row, the log's place never going back."""
    for way in ("stream", "legacy"):
        shown = [caption for caption in listener.shown if caption.way == way]
        for segment in {caption.segment_id for caption in shown}:
            *partials, _ = [caption for caption in shown if caption.segment_id == segment]
            assert not any(partial.final for partial in partials)
            texts = [partial.text for partial in partials]
            assert all(before != after for before, after in itertools.pairwise(texts))
    numbers = [int(c.attributes["seq"]) for c in listener.shown if c.way == "stream"]
    assert numbers == sorted(numbers)


def all_is_final(listener: Person) -> bool:
    return all(
        {c.segment_id for c in listener.shown if c.way == way}
        == {c.segment_id for c in listener.finals(way)}
        for way in ("stream", "legacy")
    )


async def test_two_rooms_at_once_hear_only_their_own_speech(agents: Agents) -> None:
    novel, cities = agents.new_session(), agents.new_session()
    server = agents.livekit
    async with (
        person(server, novel, "teacher") as reader,
        person(server, novel, "student") as listener,
        person(server, cities, "teacher") as other_reader,
        person(server, cities, "student") as other_listener,
    ):
        await asyncio.gather(reader.open_microphone(), other_reader.open_microphone())
        times, _ = await asyncio.gather(
            reader.speak(speech(*NOVEL, pause_s=0.8)),
            other_reader.speak(speech("two_cities")[: 48_000 * 14]),
        )
        heard = await heard_from(listener, *NOVEL)
        await listener.until(lambda: all_is_final(listener), FINAL_WITHIN_S)
        await other_listener.until(lambda: len(other_listener.finals()) > 0, FINAL_WITHIN_S)
    # What was still being said is stored, though nobody is there to read it.
    await agents.plane.until(lambda: len(agents.plane.captions.get(cities, [])) > 0, within_s=10)
    other = other_listener.finals()
    said = " ".join(spoken_text(name) for name in NOVEL)
    assert {caption.identity for caption in listener.shown} == {reader.identity}
    assert {caption.identity for caption in other_listener.shown} == {other_reader.identity}
    ours, theirs = telling(said), telling(spoken_text("two_cities"))
    assert telling(text_of(heard)) & (theirs - ours) == set()
    assert telling(text_of(other)) & (ours - theirs) == set()
    assert_captions_are_in_order(listener)
    assert_captions_are_in_order(other_listener)
    first = next(caption for caption in listener.shown if caption.way == "stream")
    assert first.at_s - times[0] < 4.0
    await agents.plane.until(
        lambda: (
            {c.segment_id for c in heard}
            <= {c.segment_id for c in agents.plane.captions.get(novel, [])}
            and len(agents.plane.segments.get(novel, [])) >= 2
        ),
        within_s=10,
    )
    stored = {c.segment_id: c.text for c in agents.plane.captions[novel]}
    assert [stored[c.segment_id] for c in heard] == [c.text for c in heard]


async def test_captions_carry_what_clients_and_the_log_need(agents: Agents) -> None:
    session_id = agents.new_session(last_sequence=41)
    async with (
        person(agents.livekit, session_id, "teacher") as reader,
        person(agents.livekit, session_id, "student") as listener,
    ):
        await reader.open_microphone()
        began_s, ended_s = await reader.speak(speech("sense_0930", pause_s=1.0))
        final, *_ = await heard_from(listener, "sense_0930")
        legacy, *_ = listener.finals("legacy")
    assert final.attributes["lk.transcribed_track_id"] == reader.track_sid
    # What a client asks the history for after a gap: .../captions?after=41.
    assert final.attributes["seq"] == "41"
    assert final.attributes["lang"] == legacy.attributes["lang"] == "en"
    start_ms, end_ms = int(final.attributes["start_ms"]), int(final.attributes["end_ms"])
    assert (str(start_ms), str(end_ms)) == (legacy.attributes["start"], legacy.attributes["end"])
    assert began_s * 1000 < start_ms < end_ms < ended_s * 1000
    assert (legacy.segment_id, legacy.identity) == (final.segment_id, reader.identity)
    await agents.plane.until(lambda: session_id in agents.plane.captions, within_s=20)
    stored, *_ = agents.plane.captions[session_id]
    assert (stored.segment_id, stored.text) == (final.segment_id, final.text)
    assert str(stored.participant_id) == reader.identity
    assert [word.text for word in stored.words] == stored.text.split()
    assert stored.words[0].start_unix_ms >= start_ms
    assert stored.words[-1].end_unix_ms <= end_ms


def told(listener: Person) -> list[StoredEvent]:
    """The events that arrived; the agent's signs of life are none."""
    packets = [data for _, _, data in listener.data if "sequence" in msgspec.json.decode(data)]
    return [msgspec.json.decode(data, type=StoredEvent) for data in packets]


async def test_the_log_is_relayed_and_the_end_stores_every_voice(agents: Agents) -> None:
    session_id = agents.new_session()
    async with (
        person(agents.livekit, session_id, "teacher") as reader,
        person(agents.livekit, session_id, "student") as listener,
    ):
        started = SessionStarted(room=f"session-{session_id}", started_by=uuid4())
        await agents.plane.add_event(event(session_id, 1, started))
        await reader.open_microphone()
        began_s, ended_s = await reader.speak(speech("sense_0880", "sense_0890"))
        # The class ends within the last word's silence: its final must still come.
        ended = SessionEnded(reason="command")
        await agents.plane.add_event(event(session_id, 2, ended), last=True)
        await heard_from(listener, "sense_0880", "sense_0890")
        await listener.until(lambda: len(told(listener)) == 2, within_s=20)
    agent = f"agent-{session_id}"
    # The agent may speak before a client has heard of it: then the packet has no sender.
    assert all(t == "lectern.events" and sender in {agent, ""} for t, sender, _ in listener.data)
    assert told(listener) == agents.plane.events[session_id]
    segments = agents.plane.segments
    await agents.plane.until(lambda: session_id in segments, within_s=20)
    storage = Storage.from_settings(Settings(storage_url=f"file://{agents.folder}/objects"))
    (segment,) = segments[session_id]
    assert began_s * 1000 - 200 < segment.started_at_unix_ms < ended_s * 1000
    data = await storage.get(segment.key)
    with av.open(io.BytesIO(data), "r") as container:
        seconds = sum(frame.samples for frame in container.decode(audio=0)) / 48_000
    assert seconds * 1000 == pytest.approx(segment.duration_ms, abs=1)
    assert seconds == pytest.approx(ended_s - began_s, abs=1.0)


async def test_mute_and_a_second_track_break_nothing(agents: Agents) -> None:
    session_id = agents.new_session()
    async with (
        person(agents.livekit, session_id, "teacher") as reader,
        person(agents.livekit, session_id, "student") as listener,
    ):
        await reader.open_microphone()
        first_sid = reader.track_sid
        await reader.speak(speech("sense_0930", pause_s=0.5))
        reader.mute(muted=True)
        muted_s = time.time()
        await asyncio.sleep(2.0)
        reader.mute(muted=False)
        unmuted_s = time.time()
        await reader.speak(speech("sense_0880", pause_s=1.0))
        # The same person from another device, the first still open; it is a telephone's headset.
        await reader.open_microphone(rate_hz=8_000, channels=2)
        await reader.speak(speech("sense_0890", pause_s=1.0))
        heard = await heard_from(listener, "sense_0930", "sense_0880", "sense_0890")
    tracks = [c.attributes["lk.transcribed_track_id"] for c in heard]
    assert [sid for sid, _ in itertools.groupby(tracks)] == [first_sid, reader.track_sid]
    stored = agents.plane.segments
    await agents.plane.until(
        lambda: (
            {s.track_sid for s in stored.get(session_id, [])} == {first_sid, reader.track_sid}
            and len(stored[session_id]) >= 3
        ),
        within_s=10,
    )
    times = sorted(
        (s.started_at_unix_ms, s.started_at_unix_ms + s.duration_ms)
        for s in stored[session_id]
        if s.track_sid == first_sid
    )
    assert all(before[1] <= after[0] + 100 for before, after in itertools.pairwise(times))
    quiet_ms = (muted_s * 1000 + 500, unmuted_s * 1000 - 100)
    assert not [t for t in times if t[0] < quiet_ms[1] and t[1] > quiet_ms[0]]


async def test_who_comes_back_is_heard_again_and_who_takes_another_microphone(
    agents: Agents,
) -> None:
    session_id = agents.new_session()
    async with person(agents.livekit, session_id, "student") as listener:
        readers = set()
        for name in ("sense_0880", "sense_0930"):
            async with person(agents.livekit, session_id, "teacher") as reader:
                readers.add(reader.identity)
                await reader.open_microphone()
                # Leaves in the middle of the last word's silence.
                await reader.speak(speech(name))
                if name == "sense_0930":
                    await reader.close_microphone()
                    await reader.open_microphone()
                    await reader.speak(speech("sense_0890"))
        heard = await heard_from(listener, "sense_0880", "sense_0930", "sense_0890")
    assert {caption.identity for caption in heard} == readers
    assert len({caption.attributes["lk.transcribed_track_id"] for caption in heard}) == 3


async def test_a_killed_agent_is_replaced_and_loses_at_most_what_was_open(agents: Agents) -> None:
    session_id = agents.new_session()
    async with (
        person(agents.livekit, session_id, "teacher") as reader,
        person(agents.livekit, session_id, "student") as listener,
    ):
        await reader.open_microphone()
        await reader.speak(speech("sense_0930", pause_s=1.0))
        await heard_from(listener, "sense_0930")
        await agents.plane.until(lambda: session_id in agents.plane.captions, within_s=20)
        for job in agents.room.jobs:
            job.kill()
        heard_again = agents.room.count("track_heard") + 1
        async with asyncio.timeout(20):
            while agents.room.count("track_heard") < heard_again:  # noqa: ASYNC110 the log says so
                await asyncio.sleep(0.1)
        await reader.speak(speech("sense_0880", pause_s=1.0))
        heard = await heard_from(listener, "sense_0930", "sense_0880")
    stored = agents.plane.captions[session_id]
    await agents.plane.until(lambda: len(stored) >= len(heard), within_s=20)
    ids = [caption.segment_id for caption in stored]
    assert len(set(ids)) == len(ids)
    assert {caption.segment_id for caption in heard} <= set(ids)


async def test_a_recogniser_killed_while_people_speak_comes_back_and_says_nothing_twice(
    agents: Agents,
) -> None:
    session_id = agents.new_session()
    async with (
        person(agents.livekit, session_id, "teacher") as reader,
        person(agents.livekit, session_id, "assistant") as other,
        person(agents.livekit, session_id, "student") as listener,
    ):
        await asyncio.gather(reader.open_microphone(), other.open_microphone())
        speaking = asyncio.gather(
            reader.speak(speech("sense_0870", "sense_0880", pause_s=0.8)),
            other.speak(speech("sense_0920", "sense_0930", pause_s=0.8)),
        )
        await listener.until(
            lambda: {c.identity for c in listener.shown} == {reader.identity, other.identity},
            FINAL_WITHIN_S,
        )
        killed = agents.asr.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        await speaking
        await heard_from(listener, "sense_0870", "sense_0880", "sense_0920", "sense_0930")
        await listener.until(lambda: all_is_final(listener), FINAL_WITHIN_S)
    assert agents.asr.pid != killed
    assert_captions_are_in_order(listener)
    ids = [caption.segment_id for caption in listener.finals() if caption.text]
    assert len(ids) == len(set(ids))

    def stored() -> list[str]:
        return [caption.segment_id for caption in agents.plane.captions.get(session_id, [])]

    await agents.plane.until(lambda: set(ids) <= set(stored()), within_s=10)
    assert len(stored()) == len(set(stored()))


async def test_a_room_that_is_no_session_is_left_alone(agents: Agents) -> None:
    unknown = uuid4()
    async with person(agents.livekit, unknown, "teacher") as somebody:
        await asyncio.sleep(2.0)
        assert list(somebody.room.remote_participants) == []
