"""`run.json` and the lock of a data folder: who runs here, where it answers, and whether it is still alive."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from orchestrator.cli.stack.credentials import Account
from orchestrator.cli.stack.servers import write_private
from orchestrator.cli.stack.supervisor import ProcessState


class AlreadyRunning(Exception):
    """Another supervisor holds this data folder."""


class LiveKitAccess(msgspec.Struct, frozen=True, rename="camel"):
    url: str
    api_key: str
    api_secret: str


class Component(msgspec.Struct, frozen=True):
    """Which program made the files of this data folder."""

    binary: str
    version: str


class RunFile(msgspec.Struct, frozen=True, rename="camel"):
    """`state` is starting, healthy or degraded (something is being started again)."""

    web: str
    livekit: LiveKitAccess
    accounts: tuple[Account, ...]
    processes: list[ProcessState]
    state: str
    components: dict[str, Component]


def run_path(data: Path) -> Path:
    return data / "run.json"


def write_run_file(data: Path, run: RunFile) -> None:
    """Readers see the old file or the new one, never half of one."""
    partial = run_path(data).with_suffix(".partial")
    write_private(partial, msgspec.json.format(msgspec.json.encode(run)).decode())
    partial.replace(run_path(data))


def read_run_file(data: Path) -> RunFile | None:
    try:
        return msgspec.json.decode(run_path(data).read_bytes(), type=RunFile)
    except FileNotFoundError:
        return None


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Owns the data folder until the block or the process ends. Raises AlreadyRunning."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)  # recordings and captions are below it
    with lock_path(data).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Lectern already runs on {data}; ./lectern status, ./lectern down"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def supervisor_pid(data: Path) -> int | None:
    """The process that holds the folder now; a lock cannot outlive its process, so the number is never stale."""
    if not lock_path(data).exists():
        return None
    with lock_path(data).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


def end_leftovers(data: Path) -> list[str]:
    """Ends what a killed supervisor of this folder left where the kernel has no death signal (macOS); names them."""
    left = read_run_file(data)
    ended = []
    for state in left.processes if left else []:
        if state.pid is not None and _is_ours(state):
            psutil.Process(state.pid).kill()
            ended.append(state.name)
    run_path(data).unlink(missing_ok=True)
    return ended


def lock_path(data: Path) -> Path:
    return data / "lock"


def _is_ours(state: ProcessState) -> bool:
    """The same process that run.json names, not a later one with its number."""
    try:
        return bool(abs(psutil.Process(state.pid).create_time() - state.started_at) < 1)
    except psutil.NoSuchProcess:
        return False
