"""`test`: the parts that CI runs, in order, until one fails; `./lectern test PART ...` runs some."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from rich.console import Console

from orchestrator.cli.install import system, toolchains
from orchestrator.cli.install.everything import install
from orchestrator.cli.install.web import WEB, build, install_packages, is_built
from orchestrator.cli.stack import binaries

PACKAGES = ("schema", "orchestrator", "agents", "pipelines", "tests")
SLOW_FOLDERS = ("tests/live", "tests/e2e")
WORKERS = "2"
# Real servers, real time, a machine shared with others: what fails is tried once more, and named at the end of the run.
AGAIN = ("--reruns", "1", "-rR")


def run_parts(names: list[str], console: Console) -> int:
    """The exit code of the first part that fails; 2 for a part that does not exist."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        console.print(f"no part {unknown[0]}; there are: {', '.join(PARTS)}", style="red")
        return 2
    chosen = [name for name in PARTS if name in names or not names]
    if {"unit", "live", "e2e"} & set(chosen):
        system.install_missing(console)
        install(console)
    for name in chosen:
        console.rule(name, align="left")
        started = time.monotonic()
        if code := PARTS[name]():
            console.print(f"lectern test: {name} failed", style="bold red")
            return code
        console.print(f"{name}: {time.monotonic() - started:.0f} s", style="green")
    console.print(f"lectern test: all passed ({', '.join(chosen)})", style="bold green")
    return 0


def lint() -> int:
    return python("ruff", "check", ".") or python("ruff", "format", "--check", ".")


def types() -> int:
    return python("mypy")


def imports() -> int:
    return call([str(binaries.ROOT / ".venv" / "bin" / "lint-imports")])


def unit() -> int:
    ignored = [f"--ignore={folder}" for folder in SLOW_FOLDERS]
    return python("pytest", "-n", WORKERS, "--dist", "loadfile", *AGAIN, *ignored)


def live() -> int:
    return pytest_folder("tests/live")


def e2e() -> int:
    return pytest_folder("tests/e2e")


def pytest_folder(folder: str) -> int:
    """One at a time: these start whole stacks, and media needs the cores to itself."""
    if not any((binaries.ROOT / folder).glob("**/test_*.py")):
        return 0
    return python("pytest", *AGAIN, folder)


def web() -> int:
    install_packages()
    folder, npm = toolchains.npm()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    for script in ("lint", "api:check", "api:lint", "test"):
        if code := call([*npm, "run", script], cwd=str(WEB), extra={"PATH": path}):
            return code
    if not is_built():
        build()  # type-checks, too
    return 0


def python(module: str, *arguments: str) -> int:
    return call([sys.executable, "-m", module, *arguments])


def call(command: list[str], cwd: str = str(binaries.ROOT), extra: Mapping[str, str] = {}) -> int:
    """Its output is ours; no standard input, so that nothing can wait for an answer."""
    tools = str(binaries.TOOLS / "bin")
    path = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    environment = os.environ | {"PATH": path} | dict(extra)
    sys.stdout.flush()
    return subprocess.run(
        command, check=False, cwd=cwd, env=environment, stdin=subprocess.DEVNULL
    ).returncode


PARTS: dict[str, Callable[[], int]] = {
    "lint": lint,
    "types": types,
    "imports": imports,
    "web": web,
    "unit": unit,
    "live": live,
    "e2e": e2e,
}
