"""Any OpenAI-compatible endpoint: `POST {url}/chat/completions`; what it writes is recorded with the prompt and its name."""

import httpx2
import msgspec

from orchestrator.settings import Settings
from pipelines.kind import TEMPERATURE, Unwritten

# A small model on a CPU writes a few words a second.
TIMEOUT_S = 170.0


class Message(msgspec.Struct, frozen=True):
    role: str
    content: str


class Request(msgspec.Struct, frozen=True):
    model: str
    messages: list[Message]
    temperature: float = TEMPERATURE


class Choice(msgspec.Struct, frozen=True):
    message: Message


class Reply(msgspec.Struct, frozen=True):
    choices: list[Choice]


class LanguageModel:
    def __init__(self, settings: Settings) -> None:
        self.name = settings.language_model
        self._url = f"{settings.language_model_url.rstrip('/')}/chat/completions"
        key = settings.language_model_key.reveal()
        self._headers = {"content-type": "application/json"}
        if key:
            self._headers["authorization"] = f"Bearer {key}"

    @classmethod
    def of(cls, settings: Settings) -> "LanguageModel | None":
        """None where none is set up."""
        return cls(settings) if settings.language_model_url else None

    async def write(self, prompt: str, text: str) -> str:
        """Raises Unwritten."""
        messages = [Message("system", prompt), Message("user", text)]
        content = msgspec.json.encode(Request(self.name, messages))
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http:
                reply = await http.post(self._url, content=content, headers=self._headers)
        except httpx2.TransportError as error:
            raise Unwritten("The language model does not answer.") from error
        if not reply.is_success:
            raise Unwritten(f"The language model answered with HTTP {reply.status_code}.")
        try:
            return msgspec.json.decode(reply.content, type=Reply).choices[0].message.content
        except (msgspec.DecodeError, IndexError) as error:
            raise Unwritten("The language model's answer is none.") from error
