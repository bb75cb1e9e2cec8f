"""A strict server of OpenAI's transcription call on loopback, from its API reference: what it would refuse is refused here."""

import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from tests.fakes.openai import authorized, refused, serving

FORMATS = {"json", "text", "srt", "verbose_json", "vtt"}
KNOWN = {"file", "model", "language", "prompt", "response_format", "temperature"}
KNOWN |= {"timestamp_granularities[]"}


class FakeTranscription:
    """Says `text` to every sound; `status` takes the place of 200; `asked` are the forms it took."""

    def __init__(self) -> None:
        self.url = ""
        self.text = "Good morning."
        self.status = 200
        self.asked: list[dict[str, Any]] = []

    async def transcribe(self, request: web.Request) -> web.Response:
        if not authorized(request):
            return refused(401, "invalid_api_key")
        if self.status != 200:
            return refused(self.status, "server_error")
        form = await read(request)
        problem = check(form)
        if problem:
            return refused(400, problem)
        self.asked.append(form)
        return web.json_response(self._heard(form))

    def _heard(self, form: dict[str, Any]) -> dict[str, Any]:
        words = self.text.split()
        each_s = form["duration_s"] / max(len(words), 1)
        times = [
            {"word": word, "start": n * each_s, "end": (n + 1) * each_s}
            for n, word in enumerate(words)
        ]
        return {
            "task": "transcribe",
            "language": form.get("language", "en"),
            "duration": form["duration_s"],
            "text": self.text,
            "words": times,
        }


async def read(request: web.Request) -> dict[str, Any]:
    form: dict[str, Any] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "file":
            with wave.open(io.BytesIO(bytes(await part.read()))) as sound:
                form["duration_s"] = sound.getnframes() / sound.getframerate()
                form["channels"] = sound.getnchannels()
            form["filename"] = part.filename
        form[part.name or ""] = form.get("filename") if part.name == "file" else await part.text()
    return form


def check(form: dict[str, Any]) -> str:
    """What the server would say against it; empty for nothing."""
    unknown = set(form) - KNOWN - {"duration_s", "channels", "filename"}
    shape = form.get("response_format", "json")
    wrong = {
        f"unknown parameters {sorted(unknown)}": bool(unknown),
        "model and file are required": not form.get("model") or "duration_s" not in form,
        "unsupported file format": not str(form.get("filename")).endswith((".wav", ".flac")),
        "unknown response format": shape not in FORMATS,
        "timestamp granularities need verbose_json": (
            "timestamp_granularities[]" in form and shape != "verbose_json"
        ),
        "language is no ISO 639 code": len(form.get("language", "en")) not in (2, 3),
    }
    return next((problem for problem, found in wrong.items() if found), "")


@asynccontextmanager
async def fake_transcription() -> AsyncIterator[FakeTranscription]:
    fake = FakeTranscription()
    async with serving("/audio/transcriptions", fake.transcribe) as fake.url:
        yield fake
