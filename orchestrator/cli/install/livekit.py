"""livekit-server, built from the pinned Go module in tools/livekit: upstream publishes no wheel of it."""

import os
import shutil

from orchestrator.cli.install.steps import Step, run_command
from orchestrator.cli.install.toolchains import go
from orchestrator.cli.stack import binaries

MODULE = binaries.ROOT / "tools" / "livekit"
PACKAGE = "github.com/livekit/livekit-server/cmd/server"


def livekit_step() -> Step:
    return Step(
        "livekit-server (Go build, about 2 minutes)", lambda: binaries.livekit() is None, build
    )


def build() -> None:
    """Raises InstallFailed, or MissingProgram for want of a Go."""
    cache, target = binaries.TOOLS / "go", binaries.TOOLS / "bin" / "livekit-server"
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
        "building livekit-server",
        [*command, "-o", str(partial), PACKAGE],
        MODULE,
        os.environ | environment,
        binaries.TOOLS / "livekit-build.log",
    )
    partial.replace(target)
    shutil.rmtree(cache, ignore_errors=True)  # 1 GB that only another build would use
