"""Any server with OpenAI's transcription call: faster-whisper-server, vLLM, LocalAI, OpenAI itself. Speech leaves the host.

The call is POST /audio/transcriptions, as OpenAI's API reference has it (2026-10).
"""

import io
import wave
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec
import numpy as np

from agents.asr.engine import SAMPLE_RATE_HZ, Audio, EngineAway, SpokenWord, Transcript
from agents.asr.engines import guards
from agents.asr.engines.models import ModelMissing
from orchestrator.settings import Secret

# A partial is of no use after its deadline; a final may take its time.
PARTIAL_TIMEOUT_S = 2.0
FINAL_TIMEOUT_S = 30.0
# Its operator or ours mends that, and the speech is still good.
AWAY = {401, 403, 404, 408, 409, 425, 429}


class RemoteWord(msgspec.Struct, frozen=True):
    word: str
    start: float
    end: float


class Reply(msgspec.Struct, frozen=True):
    """`verbose_json`; servers without word times leave `words` out."""

    text: str
    language: str = ""
    words: list[RemoteWord] | None = None


class RemoteEngine:
    """Satisfies agents.asr.engine.Engine; `url` ends before /audio/transcriptions, as in OPENAI_BASE_URL."""

    def __init__(self, model: str, url: str, key: Secret) -> None:
        """Raises ModelMissing without an address."""
        if not url.startswith(("http://", "https://")):
            raise ModelMissing("An engine elsewhere needs LECTERN_ASR_URL, http or https.")
        self._model = model
        self._http = httpx2.Client(
            base_url=url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key.reveal()}"} if key.reveal() else {},
            follow_redirects=False,
        )

    def partial(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        reply = self._ask(audio, language, glossary, PARTIAL_TIMEOUT_S)
        return Transcript(_kept(reply.text, audio), reply.language or language)

    def final(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        reply = self._ask(audio, language, glossary, FINAL_TIMEOUT_S)
        text = _kept(reply.text, audio)
        words = tuple(SpokenWord(w.word.strip(), w.start, w.end) for w in reply.words or ())
        return Transcript(text, reply.language or language, words if text else ())

    def close(self) -> None:
        self._http.close()

    def _ask(self, audio: Audio, language: str, glossary: Sequence[str], timeout_s: float) -> Reply:
        form: dict[str, Any] = {
            "model": self._model,
            "response_format": "verbose_json",
            "timestamp_granularities[]": "word",
        }
        form |= {"language": language} if language else {}
        form |= {"prompt": ", ".join(glossary)} if glossary else {}
        files = {"file": ("speech.wav", _wav(audio), "audio/wav")}
        try:
            reply = self._http.post(
                "audio/transcriptions", data=form, files=files, timeout=timeout_s
            )
        except httpx2.HTTPError as error:
            raise EngineAway(type(error).__name__) from error
        if reply.status_code in AWAY or reply.status_code >= 500:
            raise EngineAway(f"status {reply.status_code}")
        if reply.status_code != 200:
            raise ValueError(f"the server refuses this audio: status {reply.status_code}")
        return msgspec.json.decode(reply.content, type=Reply)


def _kept(text: str, audio: Audio) -> str:
    """Without loops; such servers tell no probabilities, so what is invented shows by its length and sameness only."""
    words = text.split()
    cut = " ".join(words[: guards.before_loop(words)])
    duration_s = len(audio) / SAMPLE_RATE_HZ
    return "" if guards.is_invented(cut, duration_s, 0.0, 0.0) else cut


def _wav(audio: Audio) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        out.writeframes((audio * 32767).astype(np.int16).tobytes())
    return file.getvalue()
