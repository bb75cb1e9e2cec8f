"""The class itself: three people, one script, and what they saw of it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from uuid import UUID

import msgspec

from orchestrator.cli.classroom.people import Person
from orchestrator.cli.classroom.picture import Picture
from orchestrator.cli.classroom.script import Lesson, arrange, load_clips
from orchestrator.cli.classroom.seat import Caption, Seat, show, speak
from orchestrator.cli.probe.receivers import Receivers
from schema.destinations import SessionDestination
from schema.recordings import Replay
from schema.sessions import JoinReply

TEACHER, ASKING, WATCHING = "teacher", "asking student", "watching student"
REFUSED = "refused"
SPEECH = Path(__file__).parents[3] / "tests" / "data" / "speech"
TITLES = [
    "A Tale of Two Cities\nBook the First: Recalled to Life",
    "The best of times,\nthe worst of times",
    "Contrast by repetition:\nthe age of ..., the epoch of ...",
    "Questions?",
]
SETTLE_S = 3.0  # the last final caption comes this long after the last word at most
REPLAY_TIMEOUT_S = 60.0
POLL_S = 0.25

Say = Callable[[str], None]
History = list[tuple[float, SessionDestination]]


class Observed(msgspec.Struct):
    """Moments are time.monotonic(); `statuses` holds what the API said of each destination, by name, when it changed."""

    session: UUID
    lesson: Lesson
    started: float
    joins_s: dict[str, float]
    begun: float = 0.0
    statuses: dict[str, History] = {}
    captions: list[Caption] = []
    legacy: list[Caption] = []
    sequences: list[int] = []
    identities: dict[str, str] = {}
    complete_after_s: float = float("inf")
    replay: Replay | None = None


class People(msgspec.Struct, frozen=True):
    teacher: Person
    asking: Person
    watching: Person


class Classroom:
    """`teach` gives the lesson and returns what was seen; `say` gets a line for everything that takes a while."""

    def __init__(self, people: People, say: Say) -> None:
        self._people = people
        self._teacher = people.teacher
        self._say = say

    async def teach(self, receivers: Receivers, keys: list[str], closed: str) -> Observed:
        session = (await self._teacher.create_session("A Tale of Two Cities")).id
        await self._destinations(session, receivers, keys, closed)
        lesson = script()
        async with AsyncExitStack() as stack:
            started = time.monotonic()
            seats, seen = await self._gather(stack, session, lesson, started)
            await self._ask_to_speak(session, seats, seen)
            watcher = asyncio.create_task(self._watch(session, seen))
            try:
                await self._play(seats, seen)
                await asyncio.sleep(SETTLE_S)
            finally:
                await stop(watcher)
            self._say("the teacher ends the class")
            await self._teacher.end(session)
            ended = time.monotonic()
            await self._await_replay(session, seen, ended)
            keep(seats[WATCHING], seen)
        return seen

    async def _destinations(
        self, session: UUID, receivers: Receivers, keys: list[str], closed: str
    ) -> None:
        places = [(key, receivers.url(key)) for key in keys] + [(REFUSED, closed)]
        made = [await self._teacher.create_destination(key, url, key) for key, url in places]
        await self._teacher.select(session, [place.id for place in made])

    async def _gather(
        self, stack: AsyncExitStack, session: UUID, lesson: Lesson, started: float
    ) -> tuple[dict[str, Seat], Observed]:
        seats: dict[str, Seat] = {}
        seen = Observed(session=session, lesson=lesson, started=started, joins_s={})
        entries = [
            (TEACHER, self._teacher.start),
            (ASKING, self._people.asking.join),
            (WATCHING, self._people.watching.join),
        ]
        for who, enter in entries:
            before = time.monotonic()
            reply: JoinReply = await enter(session)
            seats[who] = await stack.enter_async_context(Seat(reply.livekit))
            seen.joins_s[who] = time.monotonic() - before
            seen.identities[who] = str(reply.participant.id)
        self._say(f"three people are in the room; the class takes {lesson.duration_s:.0f} s")
        return seats, seen

    async def _ask_to_speak(self, session: UUID, seats: dict[str, Seat], seen: Observed) -> None:
        await self._people.asking.raise_hand(session)
        await self._teacher.let_speak(session, UUID(seen.identities[ASKING]))
        await seats[ASKING].until_allowed()
        self._say("a student raised a hand, and may speak")

    async def _play(self, seats: dict[str, Seat], seen: Observed) -> None:
        camera = await seats[TEACHER].open_camera()
        voice = await seats[TEACHER].open_microphone()
        question = await seats[ASKING].open_microphone()
        lesson = seen.lesson
        lines = lesson.line(TEACHER, marks=True), lesson.line(ASKING)
        seen.begun = begin = time.monotonic() + 0.1
        await asyncio.gather(
            speak(voice, lines[0], begin),
            speak(question, lines[1], begin),
            show(camera, Picture(TITLES), lesson.duration_s, begin),
            self._narrate(lesson, begin),
        )

    async def _narrate(self, lesson: Lesson, begin: float) -> None:
        for cue in lesson.cues:
            await asyncio.sleep(max(0.0, begin + cue.start_s - time.monotonic()))
            self._say(f"{cue.speaker}: {cue.clip.text[:44]} ...")

    async def _watch(self, session: UUID, seen: Observed) -> None:
        while True:
            for place in await self._teacher.destinations(session):
                if note(seen.statuses.setdefault(place.name, []), place):
                    again = f" (attempt {place.attempt})" if place.attempt > 1 else ""
                    self._say(f"destination {place.name}: {place.status}{again}")
            await asyncio.sleep(POLL_S * 2)

    async def _await_replay(self, session: UUID, seen: Observed, ended: float) -> None:
        while time.monotonic() - ended < REPLAY_TIMEOUT_S:
            seen.replay = await self._people.teacher.replay(session)
            if seen.replay.state != "processing":
                seen.complete_after_s = time.monotonic() - ended
                return
            await asyncio.sleep(POLL_S)


def script() -> Lesson:
    clips = load_clips(SPEECH)
    return arrange(
        [
            (TEACHER, clips["two_cities"]),
            (ASKING, clips["sense_0890"]),
            (TEACHER, clips["sense_0920"]),
        ]
    )


def note(history: History, place: SessionDestination) -> bool:
    """Whether this was a change; then it is kept with the moment."""
    last = history[-1][1] if history else None
    if last and (last.status, last.attempt) == (place.status, place.attempt):
        return False
    history.append((time.monotonic(), place))
    return True


async def stop(task: asyncio.Task[None]) -> None:
    """Raises what the task failed with, if it did before."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def keep(seat: Seat, seen: Observed) -> None:
    seen.captions, seen.legacy, seen.sequences = seat.captions, seat.legacy, seat.sequences
