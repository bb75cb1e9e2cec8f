"""A recogniser that is there and answers nothing: it is ended, started again, and nothing that was said is lost."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.asr.client import AsrClient, Speech
from agents.room.track.ear import downsample, new_downsampler
from orchestrator.cli.stack.program import Program, socket_open
from orchestrator.cli.stack.supervisor import Running, Supervisor
from tests.support.rooms import clip

SPEECH = Speech("a", downsample(new_downsampler(), clip("sense_0930")).tobytes())
# Long enough for a service that lives, on a machine full of tests.
ALIVE_WITHIN_S = 2.0


@pytest.fixture
async def recogniser(tmp_path: Path) -> AsyncIterator[Running]:
    """Started again when it ends, as in a stack."""
    path = tmp_path / "asr.sock"
    program = Program(
        name="asr",
        command=[sys.executable, "-m", "agents.asr"],
        ready=socket_open(path),
        env={"PATH": "/usr/bin:/bin", "LECTERN_ASR_SOCKET": str(path)},
    )
    supervisor = Supervisor([program], tmp_path, say=print)
    try:
        await supervisor.start()
        yield supervisor.running["asr"]
    finally:
        await supervisor.stop()


async def test_a_recogniser_that_hangs_is_started_again_and_hears_what_waited(
    recogniser: Running, tmp_path: Path
) -> None:
    client = AsrClient(tmp_path / "asr.sock", ALIVE_WITHIN_S)
    await client.load()
    hung = recogniser.pid
    assert hung
    os.kill(hung, signal.SIGSTOP)
    final = await client.final(SPEECH)
    await client.close()
    assert final.text == "He might even have been made amiable himself."
    assert recogniser.pid not in (None, hung)


def test_its_health_is_an_answer_not_a_socket(tmp_path: Path) -> None:
    environment = os.environ | {"LECTERN_ASR_SOCKET": str(tmp_path / "nobody.sock")}
    command = [sys.executable, "-m", "agents.asr.alive"]
    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert "no ASR service" in asked.stderr
