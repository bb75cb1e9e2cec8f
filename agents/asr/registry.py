"""Engines by name: the setting is `MODEL` (whisper) or `ENGINE:MODEL`."""

from collections.abc import Callable

from agents.asr.engine import Engine
from agents.asr.whisper import WhisperEngine

DEFAULT = "whisper"
ENGINES: dict[str, Callable[[str, int], Engine]] = {"whisper": WhisperEngine}


def load_engine(model: str, threads: int) -> Engine:
    """Takes the time that loading takes; raises what the engine raises for a model that is not there."""
    name, separator, rest = model.partition(":")
    if separator and name in ENGINES:
        return ENGINES[name](rest, threads)
    return ENGINES[DEFAULT](model, threads)
