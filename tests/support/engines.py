"""A recogniser that takes as long as a test wants."""

import threading
from collections.abc import Sequence

from agents.asr.engine import Audio, Transcript


class SlowEngine:
    """Decodes when the test lets it; notes in which order. The samples' first value names the request."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.began = threading.Event()
        self.order: list[str] = []

    def partial(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        return self._decode(f"partial {round(float(audio[0]) * 32768)}")

    def final(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        return self._decode(f"final {round(float(audio[0]) * 32768)}")

    def _decode(self, name: str) -> Transcript:
        self.began.set()
        if not self.go.acquire(timeout=10):
            raise TimeoutError(name)
        self.order.append(name)
        return Transcript(name, "en")
