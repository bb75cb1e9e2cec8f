"""A program that was started with a death signal: what it gets, who it is, and what it leaves to its parent."""

import ast
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.cli.stack.child import with_death_signal

ROOT = Path(__file__).parents[2]
FOLDERS = ("agents", "orchestrator", "pipelines", "schema", "tests")
# What Linux says of it, of whoever runs it.
WHO = ["cat", "/proc/self/status"]
SAYS_WHAT_IT_HEARD = "trap 'echo heard; exit' TERM; echo ready; while :; do sleep 0.05; done"
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own, and so is /proc")


def status(command: list[str]) -> dict[str, str]:
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)


@LINUX
def test_it_is_the_program_itself_and_ignores_no_signal() -> None:
    """As it would be without us: Python ignores two, and what runs in its place would go on ignoring them."""
    said = status(with_death_signal(WHO))
    assert said["Name"] == "cat"
    assert said["SigIgn"] == status(WHO)["SigIgn"]


def test_its_arguments_and_its_exit_code_are_its_own() -> None:
    code = "import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(7)"
    command = with_death_signal([sys.executable, "-c", code, "-v", "", "a b", "ö"])
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE)
    assert (json.loads(done.stdout), done.returncode) == (["-v", "", "a b", "ö"], 7)


def test_a_missing_program_is_said_before_anything_starts() -> None:
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '/nonexistent'"):
        with_death_signal(["/nonexistent"])


@LINUX
@ROOT_ONLY
def test_another_user_has_none_of_our_groups() -> None:
    nobody = pwd.getpwnam("nobody")
    said = status(with_death_signal(WHO, user="nobody"))
    assert set(said["Uid"].split()) == {str(nobody.pw_uid)}
    assert set(said["Gid"].split()) == {str(nobody.pw_gid)}
    assert said["Groups"].split() == []


@LINUX
@pytest.mark.parametrize("user", [None, pytest.param("nobody", marks=ROOT_ONLY)])
def test_it_gets_the_signal_that_was_asked_for_when_we_die(user: str | None) -> None:
    parent = f"""
import signal, subprocess, time
from orchestrator.cli.stack.child import with_death_signal
subprocess.Popen(with_death_signal(["sh", "-c", {SAYS_WHAT_IT_HEARD!r}], signal.SIGTERM, {user!r}))
time.sleep(60)
"""
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.kill()
        assert process.stdout.read() == "heard\n"


def called_with_preexec(path: Path) -> bool:
    return any(
        isinstance(node, ast.keyword) and node.arg == "preexec_fn"
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_nothing_of_ours_runs_between_a_fork_and_its_program() -> None:
    """LiveKit's client has threads, and a lock that one of them holds at a fork is never released in the child."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 500
    assert [path for path in paths if called_with_preexec(path)] == []
