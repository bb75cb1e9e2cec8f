"""All that `up` needs beyond Python: each step is skipped when its result is there."""

from rich.console import Console

from orchestrator.cli.install.livekit import livekit_step
from orchestrator.cli.install.media import ffmpeg_step
from orchestrator.cli.install.steps import run_steps
from orchestrator.cli.install.web import web_step
from orchestrator.cli.stack import binaries


def install(console: Console) -> None:
    """Raises InstallFailed or MissingProgram, whose message says what to install."""
    binaries.redis()
    binaries.without_root()
    run_steps([livekit_step(), web_step(), ffmpeg_step()], console)
