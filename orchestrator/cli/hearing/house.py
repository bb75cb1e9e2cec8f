"""The recogniser and the room agent on a bench's ground: plays into a room of theirs, and what they used for it."""

import asyncio
import itertools
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psutil

from orchestrator.cli.ground import classes
from orchestrator.cli.ground.helper import helper
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.hearing import sounds
from orchestrator.cli.hearing.scores import Spoken
from orchestrator.cli.hearing.stage import Play, Role, Seen
from orchestrator.cli.probe.media import SAMPLE_RATE
from orchestrator.cli.stack import binaries
from orchestrator.core.database import Database
from orchestrator.core.livekit.client import LiveKit
from orchestrator.core.livekit.tokens import mint_token
from orchestrator.sessions.domain import room_name

# A class each, over all rows.
CLASSES = itertools.count(3001)
# A room's process that has just started has another warmed up beside it: seconds of work that no speech causes.
SETTLED_CORE = 0.25
SETTLED_WITHIN_S = 30


class Line(msgspec.Struct, frozen=True):
    """What one person's microphone hears, from `after_s` on."""

    sound: sounds.Sound
    after_s: float = 0.0


class Used(msgspec.Struct, frozen=True):
    """Processor seconds of the recogniser and of the room agents, over `wall_s` from the first word until the room is quiet."""

    asr_s: float
    agents_s: float
    wall_s: float

    @property
    def both_s(self) -> float:
        return self.asr_s + self.agents_s

    @property
    def cores(self) -> float:
        return self.both_s / self.wall_s


class Played(msgspec.Struct, frozen=True):
    """`speakers` are the identities of the lines, in their order."""

    speakers: list[str]
    seen: Seen
    used: Used


class Whole(msgspec.Struct, frozen=True):
    """A line of agents.asr.engines.offline."""

    words: list[Spoken]


class House:
    def __init__(self, here: Ground) -> None:
        self._here = here
        self.asr = psutil.Process(here.pids["asr"])
        self.agents = psutil.Process(here.pids["agents"])

    async def play(self, lines: Sequence[Line]) -> Played:
        """In a class of its own, so that nothing of an earlier one is heard."""
        async with self._room() as session_id:
            return await self._play(session_id, lines)

    async def _play(self, session_id: UUID, lines: Sequence[Line]) -> Played:
        speakers = [uuid4() for _ in lines]
        roles = [
            Role(self._token(session_id, one), str(self._file(line.sound)), line.after_s)
            for one, line in zip(speakers, lines, strict=True)
        ]
        play = Play(self._here.settings.livekit_url, self._token(session_id, uuid4()), roles)
        longest_s = max(line.after_s + len(line.sound) / SAMPLE_RATE for line in lines)
        log = self._here.data / "logs" / "stage.log"
        async with helper("orchestrator.cli.hearing.stage", log, play) as stage:
            await stage.ready()
            await self._settled()
            before, began_s = self._used_s(), time.monotonic()
            await stage.say(b"")
            seen = msgspec.json.decode(await stage.line(longest_s + 60), type=Seen)
            after, wall_s = self._used_s(), time.monotonic() - began_s
        used = Used(after[0] - before[0], after[1] - before[1], wall_s)
        return Played([str(one) for one in speakers], seen, used)

    def memory_bytes(self) -> tuple[int, int]:
        """Of the recogniser, and of the largest process of the room agents: the one that hears a room.

        What processes share counts in parts (PSS): all rooms' processes are forks of one.
        """
        rooms = [child.memory_full_info().pss for child in self.agents.children(recursive=True)]
        return self.asr.memory_full_info().pss, max(rooms, default=0)

    async def offline(self, sound: sounds.Sound) -> list[Spoken]:
        """What the same model hears with all care; times are from the sound's start."""
        model = self._here.settings.asr_model
        words = await asyncio.to_thread(_offline, model, self._file(sound))
        return [sounded(word, sound) for word in words]

    @asynccontextmanager
    async def _room(self) -> AsyncIterator[UUID]:
        """Gone afterwards, for its agent would listen on beside the next one."""
        database = Database(self._here.settings.database_url, pool_size=1)
        try:
            (session_id,) = await classes.begin(database, next(CLASSES), 1)
        finally:
            await database.close()
        livekit = LiveKit(self._here.settings)
        try:
            await livekit.create_room(room_name(session_id))
            yield session_id
            await livekit.delete_room(room_name(session_id))
        finally:
            await livekit.close()

    async def _settled(self) -> None:
        """Until the agents do no more than listen, or it takes too long."""
        before = self._used_s()[1]
        for _ in range(SETTLED_WITHIN_S):
            await asyncio.sleep(1)
            now = self._used_s()[1]
            if now - before < SETTLED_CORE:
                return
            before = now

    def _file(self, sound: sounds.Sound) -> Path:
        return sounds.write(self._here.data / f"{uuid4()}.wav", sound)

    def _token(self, session_id: UUID, person: UUID) -> str:
        return mint_token(
            self._here.settings, room_name(session_id), person, "", ["microphone"], data=False
        )

    def _used_s(self) -> tuple[float, float]:
        return _tree_s(self.asr), _tree_s(self.agents)


def sounded(word: Spoken, sound: sounds.Sound) -> Spoken:
    """Not before there is a sound: the aligner stretches a first word over the pause that leads up to it, by a second and more."""
    start_s = sounds.begins_s(sound, word.start_s)
    return Spoken(word.text, start_s, max(start_s, word.end_s))


def _tree_s(process: psutil.Process) -> float:
    """Processor seconds of a process and all below it."""
    family = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in family]
    return sum(one.user + one.system for one in times)


def _offline(model: str, file: Path) -> list[Spoken]:
    command = [sys.executable, "-m", "agents.asr.engines.offline", model, str(file)]
    said = subprocess.run(command, cwd=binaries.ROOT, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(said.stdout, type=Whole).words
