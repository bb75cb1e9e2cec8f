"""The agents' two programs as they run, on a livekit-server of their own: automatic dispatch takes every room it sees."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psutil
import pytest
import pytest_asyncio

from orchestrator.cli.stack.child import with_death_signal
from orchestrator.cli.stack.program import Program as Supervised
from orchestrator.cli.stack.program import socket_open
from orchestrator.cli.stack.supervisor import Running, Supervisor
from orchestrator.settings import Secret
from schema.agents import RoomInfo
from tests.support.control_plane import TOKEN, FakeControlPlane, fake_control_plane
from tests.support.servers import LiveKitServer, run_livekit, run_redis

ROOT = Path(__file__).parents[3]
READY_WITHIN_S = 40


class Program(msgspec.Struct, frozen=True):
    process: psutil.Process
    log: Path

    def count(self, event: str) -> int:
        return self.log.read_text().count(f'"event": "{event}"')

    @property
    def jobs(self) -> list[psutil.Process]:
        """Processes that hear a room, the idle one included."""
        return [
            child
            for child in self.process.children(recursive=True)
            if child.parent() not in (None, self.process)
        ]


class Agents(msgspec.Struct, frozen=True):
    """What a test needs to hold a class."""

    livekit: LiveKitServer
    plane: FakeControlPlane
    room: Program
    asr: Running
    folder: Path

    def new_session(self, last_sequence: int = 0) -> UUID:
        session_id = uuid4()
        info = RoomInfo(session_id=session_id, tenant_id=uuid4(), last_sequence=last_sequence)
        self.plane.rooms[f"session-{session_id}"] = info
        return session_id


@pytest.fixture(scope="module")
def livekit() -> Iterator[LiveKitServer]:
    with tempfile.TemporaryDirectory(prefix="lectern-rooms-") as folder:
        password = Secret("of-this-test-run")
        with (
            run_redis(Path(folder), password) as redis_port,
            run_livekit(Path(folder), redis_port, password) as server,
        ):
            yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agents(livekit: LiveKitServer) -> AsyncIterator[Agents]:
    with tempfile.TemporaryDirectory(prefix="lectern-agents-") as name:
        folder = Path(name)
        async with fake_control_plane() as plane:
            environment = {
                "PATH": "/usr/bin:/bin",
                "LIVEKIT_URL": livekit.url,
                "LIVEKIT_API_KEY": livekit.api_key,
                "LIVEKIT_API_SECRET": livekit.api_secret,
                "LECTERN_CONTROL_URL": plane.url,
                "LECTERN_INTERNAL_TOKEN": TOKEN,
                "LECTERN_STORAGE_URL": f"file://{folder}/objects",
                "LECTERN_DATA_DIR": str(folder),
                "LECTERN_ASR_SOCKET": str(folder / "asr.sock"),
                "LECTERN_DRAIN_S": "3",
            }
            async with supervised_recogniser(environment, folder) as asr:
                with running("agents.room", environment, folder) as room:
                    await ready(room)
                    yield Agents(livekit, plane, room, asr, folder)


@contextlib.asynccontextmanager
async def supervised_recogniser(
    environment: dict[str, str], folder: Path
) -> AsyncIterator[Running]:
    """As in a stack: one that dies is started again."""
    program = Supervised(
        name="asr",
        command=[sys.executable, "-m", "agents.asr"],
        ready=socket_open(Path(environment["LECTERN_ASR_SOCKET"])),
        env=environment,
        grace_s=READY_WITHIN_S,
    )
    supervisor = Supervisor([program], folder, say=print, cwd=ROOT)
    try:
        await supervisor.start()
        yield supervisor.running["asr"]
    finally:
        await supervisor.stop()


@contextlib.contextmanager
def running(module: str, environment: dict[str, str], folder: Path) -> Iterator[Program]:
    log = folder / f"{module}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            with_death_signal([sys.executable, "-m", module], signal.SIGTERM),
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Program(psutil.Process(process.pid), log)
    finally:
        process.terminate()
        try:
            # A room may be left for as long as the agent gives it (LEAVE_S), and a busy machine takes its time beside.
            assert process.wait(timeout=30) == 0, log.read_text()[-4000:]
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


async def ready(program: Program) -> None:
    """Raises TimeoutError with the log's end."""
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            while not program.count("ready"):  # noqa: ASYNC110 another process says so in a file
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise TimeoutError(program.log.read_text()[-4000:]) from None
