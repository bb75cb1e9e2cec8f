"""Engines by name: the setting is `MODEL` (whisper) or `ENGINE:MODEL`."""

from collections.abc import Callable

import msgspec

from agents.asr.engine import Engine
from agents.asr.engines.remote import RemoteEngine
from agents.asr.engines.whisper import WhisperEngine
from orchestrator.settings import Secret


class Model(msgspec.Struct, frozen=True):
    """`url` and `key` are for engines that are elsewhere."""

    name: str
    threads: int
    url: str = ""
    key: Secret = Secret("")


DEFAULT = "whisper"
ENGINES: dict[str, Callable[[Model], Engine]] = {
    "whisper": lambda model: WhisperEngine(model.name, model.threads),
    "openai": lambda model: RemoteEngine(model.name, model.url, model.key),
}


def load_engine(setting: str, threads: int, url: str = "", key: Secret = Secret("")) -> Engine:  # noqa: B008 immutable
    """Takes the time that loading takes. Raises agents.asr.engines.models.ModelRefused."""
    engine, separator, name = setting.partition(":")
    if not separator or engine not in ENGINES:
        engine, name = DEFAULT, setting
    return ENGINES[engine](Model(name, threads, url, key))
