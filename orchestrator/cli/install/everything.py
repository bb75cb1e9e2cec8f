"""All that `up` needs beyond Python: each step is skipped when its result is there."""

import fcntl

from rich.console import Console

from orchestrator.cli.install.livekit import livekit_step
from orchestrator.cli.install.media import ffmpeg_step
from orchestrator.cli.install.steps import run_steps
from orchestrator.cli.install.web import web_step
from orchestrator.cli.stack import binaries


def install(console: Console) -> None:
    """One at a time: a second `./lectern` waits and finds it done. Raises InstallFailed or MissingProgram."""
    binaries.redis()
    binaries.without_root()
    binaries.TOOLS.mkdir(parents=True, exist_ok=True)
    with (binaries.TOOLS / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run_steps([livekit_step(), web_step(), ffmpeg_step()], console)
