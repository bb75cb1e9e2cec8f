"""LiveKit's record of an egress: told in order, told again while it is away, cleared of ghosts."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from livekit.protocol import egress as proto
from structlog.testing import capture_logs

from agents.egress.ledger import (
    ANSWERS_WITHIN_S,
    GHOST_SWEEP_S,
    Ledger,
    Reporter,
    buried,
    bury_ghosts,
    bury_orphans,
)
from agents.egress.psrpc import wire
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.client import RpcClient
from agents.egress.psrpc.errors import RpcError
from agents.egress.psrpc.server import RpcServer
from agents.egress.spool.roster import Roster
from orchestrator.settings import Secret
from schema.errors import BusUnavailable

# Not LiveKit's own names: its server listens on this Redis too.
IO_INFO, WORKERS = "TestIOInfo", "TestEgressInternal"
EgressStatus = proto.EgressStatus
KILLED = """
import os, signal, sys
from pathlib import Path
from agents.egress.spool.roster import Roster
roster = Roster(Path(sys.argv[1]))
for egress_id in sys.argv[2:]:
    roster.enter(egress_id)
os.kill(os.getpid(), signal.SIGKILL)
"""


# A question to all workers lasts as long as they are given, and here most have none to wait for.
SOON_S = 0.05


class Books:
    """LiveKit's side, kept in memory: an RPC server that refuses while `away`."""

    def __init__(self) -> None:
        self.updates: list[proto.EgressInfo] = []
        self.active: list[str] = []
        self.running: list[str] = []
        self.away = False

    async def update(self, raw: bytes) -> Message:
        if self.away:
            raise RpcError("unavailable", "not now")
        self.updates.append(proto.EgressInfo.FromString(raw))
        answer: Message = wire.Empty()
        return answer

    async def list_active(self, raw: bytes) -> Message:
        assert proto.ListEgressRequest.FromString(raw).active
        items = [proto.EgressInfo(egress_id=one) for one in self.active]
        answer: Message = proto.ListEgressResponse(items=items)
        return answer

    async def list_running(self, _raw: bytes) -> Message:
        answer: Message = wire.ListActiveEgressResponse(egress_ids=self.running)
        return answer


class Asked(Ledger):
    """Counts the sweeps that got an answer: on a busy machine the connection to Redis may break in between."""

    answered = 0
    broken = False

    async def ghosts(self) -> list[Any]:
        if self.broken:
            raise BusUnavailable("Redis does not answer; try again shortly.")
        found = await super().ghosts()
        self.answered += 1
        return found


@pytest.fixture
async def books(bus: Bus) -> Books:
    books = Books()
    server = RpcServer(bus)
    await server.register(IO_INFO, "UpdateEgress", books.update)
    await server.register(IO_INFO, "ListEgress", books.list_active)
    await server.register(WORKERS, "ListActiveEgress", books.list_running, multi=True)
    return books


@pytest.fixture
async def ledger(bus: Bus, tmp_path: Path) -> Asked:
    clients = RpcClient(bus, IO_INFO), RpcClient(bus, WORKERS)
    for client in clients:
        await client.start()
    return Asked(*clients, Roster(tmp_path / "running"), SOON_S)


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(Secret(redis_url)) as bus:
        yield bus


def snapshot(number: int) -> proto.EgressInfo:
    return proto.EgressInfo(egress_id="EG_1", updated_at=number)


async def test_snapshots_arrive_in_order(books: Books, ledger: Ledger) -> None:
    reporter = Reporter(ledger)
    reporter.start()
    for number in range(20):
        reporter.tell(snapshot(number))
    await reporter.close()
    assert [one.updated_at for one in books.updates] == list(range(20))


async def test_while_livekit_is_away_only_the_latest_waits(books: Books, ledger: Ledger) -> None:
    books.away = True
    reporter = Reporter(ledger)
    reporter.start()
    for number in range(5):
        reporter.tell(snapshot(number))
    closing = asyncio.create_task(reporter.close())
    await asyncio.wait([closing], timeout=0.3)
    assert not closing.done()
    books.away = False
    await closing
    assert [one.updated_at for one in books.updates] == [4]


async def test_a_ghost_is_active_in_the_books_and_run_by_nobody(
    books: Books, ledger: Ledger
) -> None:
    ledger._answers_within_s = ANSWERS_WITHIN_S
    books.active = ["EG_alive", "EG_ghost"]
    books.running = ["EG_alive"]
    assert [one.egress_id for one in await ledger.ghosts()] == ["EG_ghost"]
    books.active = []
    assert await ledger.ghosts() == []


class Sweeps:
    """A sleep that lasts until the test lets the next sweep begin."""

    def __init__(self, ledger: Asked) -> None:
        self.ledger = ledger
        self.asked_s: list[float] = []
        self._asleep = asyncio.Event()
        self._go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.asked_s.append(seconds)
        self._asleep.set()
        await self._go.wait()
        self._go.clear()

    async def next(self) -> None:
        """One whole sweep that got an answer: from the end of a pause to the beginning of the next."""
        before = self.ledger.answered
        while self.ledger.answered == before:
            await self.once()

    async def once(self) -> None:
        """Whether or not it gets an answer."""
        await self._asleep.wait()
        self._asleep.clear()
        self._go.set()
        await self._asleep.wait()


@pytest.fixture
async def sweeps(ledger: Asked) -> AsyncIterator[Sweeps]:
    sweeps = Sweeps(ledger)
    sweeping = asyncio.create_task(bury_ghosts(ledger, lambda: 77, sweeps.sleep))
    yield sweeps
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)


async def test_a_ghost_is_buried_at_its_second_sweep(books: Books, sweeps: Sweeps) -> None:
    books.active = ["EG_ghost"]
    await sweeps.next()
    assert books.updates == [], "its worker may only be starting"
    await sweeps.next()
    assert [(one.egress_id, one.ended_at) for one in books.updates] == [("EG_ghost", 77)]
    assert set(sweeps.asked_s) == {GHOST_SWEEP_S}


async def test_who_answers_between_two_sweeps_is_no_ghost(books: Books, sweeps: Sweeps) -> None:
    books.active = ["EG_slow"]
    await sweeps.next()
    books.running = ["EG_slow"]
    sweeps.ledger._answers_within_s = ANSWERS_WITHIN_S
    await sweeps.next()
    books.running = []
    await sweeps.next()
    assert books.updates == [], "suspected only since the last sweep"


async def test_a_sweep_that_could_not_ask_clears_everybody(books: Books, sweeps: Sweeps) -> None:
    books.active = ["EG_known"]
    await sweeps.next()
    sweeps.ledger.broken = True
    await sweeps.once()
    sweeps.ledger.broken = False
    await sweeps.next()
    assert books.updates == [], "asked in vain in between"


async def test_the_sweep_goes_on_after_livekit_was_away(books: Books, sweeps: Sweeps) -> None:
    books.active = ["EG_ghost"]
    await sweeps.next()
    books.away = True
    await sweeps.next()
    assert books.updates == []
    books.away = False
    await sweeps.next()
    assert [one.egress_id for one in books.updates] == ["EG_ghost"]


def kill_a_worker(root: Path, *egress_ids: str) -> None:
    """As it dies that runs these."""
    subprocess.run([sys.executable, "-c", KILLED, str(root), *egress_ids], check=False)


def test_what_cannot_be_read_hides_no_killed_worker(tmp_path: Path) -> None:
    """One such entry ended the burying of all others, unseen, until the worker was started again."""
    root = tmp_path / "running"
    kill_a_worker(root, "EG_live")
    (root / "EG_a_folder").mkdir()
    roster = Roster(root)
    with capture_logs() as logs:
        assert roster.orphaned() == {"EG_live"}
        assert roster.orphaned() == {"EG_live"}
    assert [line["egress"] for line in logs] == ["EG_a_folder"], (
        "the ledger looks every two seconds"
    )
    roster.leave("EG_live")


async def test_what_a_killed_worker_of_this_machine_ran_is_buried_at_once(
    books: Books, ledger: Ledger, tmp_path: Path
) -> None:
    root = tmp_path / "running"
    kill_a_worker(root, "EG_live", "EG_over")
    other = Roster(root)
    other.enter("EG_elsewhere")
    ledger._roster.enter("EG_ours")
    books.active = ["EG_live", "EG_ours", "EG_elsewhere", "EG_of_another_machine"]
    pauses: asyncio.Queue[float] = asyncio.Queue()
    resumed = asyncio.Event()
    books.away = True

    async def sleep(seconds: float) -> None:
        pauses.put_nowait(seconds)
        await resumed.wait()
        resumed.clear()

    sweeping = asyncio.create_task(bury_orphans(ledger, lambda: 77, sleep))
    await pauses.get()
    assert books.updates == []
    books.away = False
    resumed.set()
    await pauses.get()
    sweeping.cancel()
    assert [(one.egress_id, one.status) for one in books.updates] == [
        ("EG_live", EgressStatus.EGRESS_FAILED)
    ]
    assert sorted(path.name for path in root.iterdir()) == ["EG_elsewhere", "EG_ours"]
    other.leave("EG_elsewhere")
    ledger._roster.leave("EG_ours")
    assert list(root.iterdir()) == []


def test_a_ghost_is_buried_with_its_streams() -> None:
    ghost = proto.EgressInfo(egress_id="EG_1", status=EgressStatus.EGRESS_ACTIVE)
    ghost.stream_results.add(status=proto.StreamInfo.ACTIVE)
    ghost.stream_results.add(status=proto.StreamInfo.FINISHED, ended_at=5)
    final = buried(ghost, 77)
    assert final.status == EgressStatus.EGRESS_FAILED
    assert final.ended_at == 77
    assert [(one.status, one.ended_at) for one in final.stream_results] == [
        (proto.StreamInfo.FAILED, 77),
        (proto.StreamInfo.FINISHED, 5),
    ]
    assert ghost.status == EgressStatus.EGRESS_ACTIVE
