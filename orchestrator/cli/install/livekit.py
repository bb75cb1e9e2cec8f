"""livekit-server, built from the pinned Go module in tools/livekit: upstream publishes no wheel of it.

And, for benches only, participants that take data: its own test client, which leaves a small machine to what is measured.
"""

import os
import shutil
from pathlib import Path

from orchestrator.cli.install.steps import Step, run_command
from orchestrator.cli.install.toolchains import go
from orchestrator.cli.stack import binaries

MODULE = binaries.ROOT / "tools" / "livekit"
PACKAGE = "github.com/livekit/livekit-server/cmd/server"


SERVER = binaries.TOOLS / "bin" / "livekit-server"
LISTENERS = binaries.TOOLS / "bin" / f"listeners-{binaries.LIVEKIT_VERSION}"


def livekit_step() -> Step:
    return Step(
        "livekit-server (Go build, about 2 minutes)",
        lambda: binaries.livekit() is None,
        lambda: build(PACKAGE, SERVER),
    )


def listeners_step() -> Step:
    return Step(
        "listeners for the bench (Go build, about 2 minutes)",
        lambda: not LISTENERS.exists(),
        lambda: build("./listeners", LISTENERS),
    )


def build(package: str, target: Path) -> None:
    """Raises InstallFailed, or MissingProgram for want of a Go."""
    cache = binaries.TOOLS / "go"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    command = [str(go(MODULE)), "build", "-trimpath", "-modcacherw", "-ldflags", "-s -w"]
    environment = {
        "GOCACHE": str(cache / "build"),
        "GOPATH": str(cache),
        "GOMODCACHE": str(cache / "mod"),
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    run_command(
        f"building {target.name}",
        [*command, "-o", str(partial), package],
        MODULE,
        os.environ | environment,
        binaries.TOOLS / f"{target.name}-build.log",
    )
    partial.replace(target)
    shutil.rmtree(cache, ignore_errors=True)  # 1 GB that only another build would use
