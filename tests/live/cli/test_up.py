"""`./lectern up` as a person runs it: healthy in time, two side by side, down in time, and no orphan when killed."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from orchestrator.cli.install.web import is_built
from orchestrator.cli.runfile import RunFile, read_run_file, supervisor_pid

ROOT = Path(__file__).parents[3]
NAMES = ["postgres", "redis", "livekit", "control", "asr", "agents", "egress", "pipelines"]
STOPS_WITHIN_S = 8
ORPHANS_GONE_WITHIN_S = 5


def lectern(*arguments: str, data: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / "lectern"), *arguments, "--data", str(data)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=170
    )


def up(data: Path) -> RunFile:
    done = lectern("up", "--detach", "--port-base", "auto", data=data)
    assert done.returncode == 0, done.stdout + done.stderr
    run = read_run_file(data)
    assert run is not None
    return run


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Two data folders, each with a running stack; both are down afterwards, whatever happened."""
    if not is_built():
        pytest.fail("the web app is not built: run ./lectern test, which builds it")
    first, second = (tmp_path_factory.mktemp(name) for name in ("one", "two"))
    try:
        up(first)
        up(second)
        yield first, second
    finally:
        for data in (first, second):
            lectern("down", data=data)


def family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def test_two_stacks_are_healthy_side_by_side(stacks: tuple[Path, Path]) -> None:
    runs = [read_run_file(data) for data in stacks]
    ports = [process.port for run in runs if run for process in run.processes if process.port]
    assert len(set(ports)) == len(ports) == 10
    for run in runs:
        assert run is not None
        assert [process.name for process in run.processes] == NAMES
        assert httpx2.get(f"{run.web}/api/health").json()["status"] == "ok"


def test_the_accounts_in_run_json_can_sign_in(stacks: tuple[Path, Path]) -> None:
    run = read_run_file(stacks[0])
    assert run is not None
    for account in run.accounts:
        body = {"email": account.email, "password": account.password}
        reply = httpx2.post(f"{run.web}/api/auth/login", json=body, timeout=10)
        assert reply.status_code // 100 == 2, reply.text


def test_nothing_listens_beyond_loopback(stacks: tuple[Path, Path]) -> None:
    pid = supervisor_pid(stacks[0])
    assert pid is not None
    bound = {
        connection.laddr.ip
        for process in family(pid)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN or connection.type == 2
        if connection.laddr and not connection.raddr
    }
    assert bound <= {"127.0.0.1", "::1"}


def test_what_is_killed_comes_back(stacks: tuple[Path, Path]) -> None:
    run = read_run_file(stacks[0])
    assert run is not None
    redis = next(process for process in run.processes if process.name == "redis")
    assert redis.pid is not None
    os.kill(redis.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        now = read_run_file(stacks[0])
        again = next(p for p in now.processes if p.name == "redis") if now else redis
        if again.state == "healthy" and again.pid != redis.pid:
            break
        time.sleep(0.1)
    assert lectern("status", data=stacks[0]).returncode == 0
    assert "starting it again" in lectern("logs", "supervisor", data=stacks[0]).stdout


def test_a_folder_that_is_in_use_is_refused(stacks: tuple[Path, Path]) -> None:
    refused = lectern("up", "--detach", "--port-base", "auto", data=stacks[0])
    assert refused.returncode == 1
    assert "already runs" in refused.stdout


def test_down_stops_all_in_time_and_touches_nothing_else(stacks: tuple[Path, Path]) -> None:
    first, second = (supervisor_pid(data) for data in stacks)
    assert first is not None
    assert second is not None
    mine, others = family(first), family(second)
    started = time.monotonic()
    assert lectern("down", data=stacks[0]).returncode == 0
    # As below: a promise for a machine that does nothing else.
    assert time.monotonic() - started < 2 * STOPS_WITHIN_S
    assert alive(mine) == []
    assert len(alive(others)) == len(others)
    assert read_run_file(stacks[0]) is None


async def test_a_killed_supervisor_leaves_no_orphan_and_can_start_again(
    stacks: tuple[Path, Path],
) -> None:
    pid = supervisor_pid(stacks[1])
    assert pid is not None
    mine = family(pid)
    assert len(mine) >= len(NAMES)
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(ORPHANS_GONE_WITHIN_S):
        while alive(mine):  # noqa: ASYNC110 other processes' state
            await asyncio.sleep(0.1)
    started = time.monotonic()
    assert {process.state for process in up(stacks[1]).processes} == {"healthy"}
    # 10 s is the promise for a quiet machine of two cores; tests share theirs.
    assert time.monotonic() - started < 30
