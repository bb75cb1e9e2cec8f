"""The supervisor with real, tiny children: order, restart, stopping in time, and no orphans."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import psutil
import pytest

from orchestrator.cli.stack.program import Program, never, says_ready
from orchestrator.cli.stack.supervisor import StartFailed, Supervisor, reason, states

ROOT = Path(__file__).parents[2]
READY = """import json, time; print(json.dumps({"event": "ready"}), flush=True); time.sleep(60)"""
DEAF = """import json, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN); print(json.dumps({"event": "ready"}), flush=True); time.sleep(60)"""
PARENT = """import json, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(json.dumps({"event": "ready", "child": child.pid}), flush=True); time.sleep(60)"""


def program(name: str, code: str = READY, **kwargs: object) -> Program:
    command = [sys.executable, "-S", "-c", code]
    return msgspec.structs.replace(Program(name=name, command=command, ready=says_ready), **kwargs)


@contextlib.asynccontextmanager
async def supervised(logs: Path, *programs: Program) -> AsyncIterator[tuple[Supervisor, list[str]]]:
    said: list[str] = []
    supervisor = Supervisor(programs, logs, said.append)
    try:
        await supervisor.start(budget_s=20)
        yield supervisor, said
    finally:
        await supervisor.stop()


async def until(condition: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 another process's state
            await asyncio.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_starts_in_order_and_leaves_nothing_behind(tmp_path: Path) -> None:
    order = tmp_path / "order"
    first = f"open({str(order)!r}, 'a').write('a'); {READY}"
    second = f"open({str(order)!r}, 'a').write('b'); {READY}"
    async with supervised(tmp_path, program("b", second, after=("a",)), program("a", first)) as (
        supervisor,
        _,
    ):
        assert order.read_text() == "ab"
        pids = [state.pid for state in states(supervisor)]
        assert {state.state for state in states(supervisor)} == {"healthy"}
    assert all(pid is not None and gone(pid) for pid in pids)


async def test_what_dies_is_started_again_and_it_says_so(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("worker"), program("other")) as (supervisor, said):
        before = {state.name: state.pid for state in states(supervisor)}
        os.kill(before["worker"] or 0, signal.SIGKILL)
        await until(lambda: supervisor.running["worker"].restarts == 1)
        await until(lambda: supervisor.running["worker"].state == "healthy")
        after = {state.name: state.pid for state in states(supervisor)}
        assert after["worker"] != before["worker"]
        assert after["other"] == before["other"]
        assert said == [
            "worker ended with signal SIGKILL; starting it again in 0.5 s",
            "worker is healthy again",
        ]


async def test_a_dead_programs_children_go_before_it_comes_back(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("parent", PARENT)) as (supervisor, _):
        line = (tmp_path / "parent.log").read_text().splitlines()[0]
        child = int(msgspec.json.decode(line)["child"])
        assert not gone(child)
        os.kill(supervisor.running["parent"].pid or 0, signal.SIGKILL)
        await until(lambda: gone(child))


async def test_a_program_deaf_to_signals_is_killed_in_its_grace(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("deaf", DEAF, grace_s=0.5), program("good")) as (
        supervisor,
        _,
    ):
        pid = supervisor.running["deaf"].pid
        started = time.monotonic()
    assert pid is not None
    assert gone(pid)
    assert 0.4 < time.monotonic() - started < 30, "it would sleep for a minute"


async def test_waves_stop_highest_first(tmp_path: Path) -> None:
    code = """import json, signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2]); sys.exit()
signal.signal(signal.SIGTERM, end); print(json.dumps({"event": "ready"}), flush=True); time.sleep(60)"""
    order = tmp_path / "order"
    programs = [
        program(str(wave), command=[sys.executable, "-c", code, str(order), str(wave)], wave=wave)
        for wave in (0, 2, 1)
    ]
    async with supervised(tmp_path, *programs):
        pass
    assert order.read_text() == "210"


async def test_a_one_shot_gates_what_comes_after_it(tmp_path: Path) -> None:
    done = tmp_path / "done"
    prepare = program("prepare", f"open({str(done)!r}, 'w')", ready=never, one_shot=True)
    check = f"import os; assert os.path.exists({str(done)!r}); {READY}"
    async with supervised(tmp_path, program("main", check, after=("prepare",)), prepare) as (
        supervisor,
        _,
    ):
        assert [state.name for state in states(supervisor)] == ["main"]
        assert supervisor.running["main"].restarts == 0


async def test_gives_up_on_what_never_starts_and_shows_its_log(tmp_path: Path) -> None:
    broken = program("broken", "raise SystemExit('no such key')")
    with pytest.raises(StartFailed, match=r"not healthy: broken(?s:.)*no such key"):
        async with supervised(tmp_path, program("fine"), broken):
            pass


async def test_a_missing_executable_is_a_failed_start(tmp_path: Path) -> None:
    missing = program("missing", command=["/nonexistent/program"])
    with pytest.raises(StartFailed, match="No such file"):
        async with supervised(tmp_path, missing):
            pass


def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    script = f"""
import asyncio, sys
from pathlib import Path
from orchestrator.cli.stack.program import Program, says_ready
from orchestrator.cli.stack.supervisor import Supervisor, states
async def main():
    command = [sys.executable, "-S", "-c", {DEAF!r}]
    programs = [Program(name=name, command=command, ready=says_ready) for name in "ab"]
    supervisor = Supervisor(programs, Path({str(tmp_path)!r}), print)
    await supervisor.start()
    print(*(state.pid for state in states(supervisor)), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.kill()
    assert len(pids) == 2
    asyncio.run(until(lambda: all(gone(pid) for pid in pids)))


@pytest.mark.parametrize(("code", "said"), [(1, "exit code 1"), (-9, "signal SIGKILL")])
def test_says_how_a_program_ended(code: int, said: str) -> None:
    assert reason(code) == said
