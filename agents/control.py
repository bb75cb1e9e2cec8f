"""What agents tell the control plane: idempotent reports, spooled on disk, delivered in order, kept while it is away."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import takewhile
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from agents.manifest import Manifests, Noted
from agents.spool import Spool, SpoolInUse
from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings, data_dir
from schema.agents import Accepted, ReportCaptions, ReportSegments, SpeakerSegment
from schema.errors import StorageUnavailable
from schema.events import CaptionFinalized

log = structlog.get_logger(__name__)

BATCH = 20
PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
# Our own credentials are wrong or the address is: an operator mends that, and the report is still good.
OURS_TO_MEND = {401, 403, 405}


class CaptionRecord(msgspec.Struct, frozen=True):
    session_id: UUID
    caption: CaptionFinalized


class SegmentRecord(msgspec.Struct, frozen=True):
    """`file` lies beside the spool until the object store has it."""

    session_id: UUID
    file: str
    segment: SpeakerSegment
    noted: Noted


class Deliverer:
    """Sends the first of the lines given and returns how many; raises ControlUnavailable, StorageUnavailable, ControlRefused."""

    def __init__(self, control: ControlClient, storage: Storage, folder: Path) -> None:
        self._control = control
        self._storage = storage
        self._manifests = Manifests(storage)
        self._folder = folder

    async def captions(self, lines: list[bytes]) -> int:
        records = [msgspec.json.decode(line, type=CaptionRecord) for line in lines]
        session_id = records[0].session_id
        batch = [r.caption for r in takewhile(lambda r: r.session_id == session_id, records)]
        path = f"/api/internal/sessions/{session_id}/captions"
        await self._post(path, ReportCaptions(captions=batch))
        return len(batch)

    async def segments(self, lines: list[bytes]) -> int:
        record = msgspec.json.decode(lines[0], type=SegmentRecord)
        file = self._folder / record.file
        # Gone when a process died between the delivery and the line's removal: the store has it.
        if file.exists():
            await self._storage.put(record.segment.key, file.read_bytes())
        await self._manifests.add(record.segment, record.noted)
        path = f"/api/internal/sessions/{record.session_id}/speaker-segments"
        await self._post(path, ReportSegments(segments=[record.segment]))
        file.unlink(missing_ok=True)
        return 1

    async def _post(self, path: str, body: msgspec.Struct) -> None:
        try:
            await self._control.post(path, body, Accepted)
        except ControlRefused as refusal:
            if refusal.status in OURS_TO_MEND:
                raise ControlUnavailable(str(refusal)) from refusal
            raise
        except msgspec.DecodeError as error:
            raise ControlUnavailable(f"{path}: an answer that is none of the API's") from error


Deliver = Callable[[list[bytes]], Awaitable[int]]


class Outbox:
    """A spool with the task that empties it."""

    def __init__(self, spool: Spool, deliver: Deliver) -> None:
        self._spool = spool
        self._deliver = deliver
        self._written = asyncio.Event()
        self._empty = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def write(self, record: msgspec.Struct) -> None:
        self._spool.append(msgspec.json.encode(record))
        self._empty.clear()
        self._written.set()

    async def close(self, within_s: float) -> None:
        """Waits that long for the rest; what is left stays on disk for the sweep. May be repeated."""
        if self._task.done():
            return
        try:
            async with asyncio.timeout(within_s):
                await self._empty.wait()
        except TimeoutError:
            log.warning("reports_left_on_disk", count=len(self._spool))
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._spool.close()

    async def _run(self) -> None:
        while True:
            self._written.clear()
            await drain(self._spool, self._deliver)
            self._empty.set()
            await self._written.wait()


async def drain(spool: Spool, deliver: Deliver) -> None:
    """Returns when the spool is empty, however long the control plane or the store is away. What is refused is set aside."""
    pause_s, most = PAUSE_S, BATCH
    while len(spool):
        try:
            spool.settle(await deliver(spool.peek(most)))
            pause_s, most = PAUSE_S, BATCH
        except (ControlRefused, msgspec.DecodeError) as refusal:
            # One bad report must not take its batch with it.
            if most > 1:
                most = 1
                continue
            log.error("report_refused", spool=spool.path.name, reason=str(refusal))  # noqa: TRY400
            spool.set_aside_first()
        except (ControlUnavailable, StorageUnavailable) as error:
            log.warning("reports_waiting", count=len(spool), reason=str(error))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def spool_folder(settings: Settings) -> Path:
    return data_dir(settings) / "spool"


def spool_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


async def sweep(folder: Path, deliver: Deliverer) -> int:
    """Delivers what jobs that died left behind, once; returns how many files. Those of living jobs are locked."""
    swept = 0
    for path in spool_files(folder):
        try:
            spool = Spool(path)
        except SpoolInUse:
            continue
        try:
            await drain(spool, deliver.captions if ".captions." in path.name else deliver.segments)
            swept += 1
        finally:
            spool.close()
    return swept
