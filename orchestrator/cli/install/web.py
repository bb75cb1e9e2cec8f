"""The web app: npm ci and a Vite build, again only when a source file changed."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from orchestrator.cli.install.steps import Step, run_command
from orchestrator.cli.install.toolchains import npm as npm_command
from orchestrator.cli.stack import binaries

WEB = binaries.ROOT / "web"
NOT_SOURCES = {"node_modules", "dist", "test-results"}


def web_step() -> Step:
    return Step("web app (npm ci, build)", lambda: not is_built(), build)


def is_built() -> bool:
    stamp = WEB / "dist" / ".stamp"
    return stamp.exists() and stamp.read_text() == digest_of(sources())


def build() -> None:
    """Raises InstallFailed, or MissingProgram for want of Node."""
    made_from = digest_of(sources())
    install_packages()
    npm("run", "build")
    (WEB / "dist" / ".stamp").write_text(made_from)


def install_packages() -> None:
    """`npm ci`, unless npm finished one since the lock last changed: its own copy of the lock is what it writes last."""
    lock, finished = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not finished.exists() or finished.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund")


def npm(*arguments: str) -> None:
    """Raises InstallFailed, or MissingProgram for want of Node."""
    folder, command = npm_command()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    run_command(
        f"npm {arguments[0]}",
        [*command, *arguments],
        WEB,
        os.environ | {"PATH": path},
        binaries.TOOLS / "web-build.log",
    )


def sources() -> list[Path]:
    tops = [path for path in WEB.iterdir() if path.name not in NOT_SOURCES]
    files = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in files if path.is_file())


def digest_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(WEB)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
