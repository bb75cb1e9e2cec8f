"""The default model, loaded once."""

import pytest

from agents.asr.engine import Engine
from agents.asr.registry import load_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load_engine("tiny.en", threads=2)
