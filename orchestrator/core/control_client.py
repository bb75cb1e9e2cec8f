"""The one HTTP client for the control plane's internal API: bearer token, deadlines, retries of what may pass by itself."""

from http import HTTPStatus
from types import TracebackType
from typing import TypeVar

import httpx2
import msgspec
import stamina

from orchestrator.settings import Settings
from schema.errors import DomainError, ErrorBody

T = TypeVar("T")

TIMEOUT_S = 10.0
# Long polls wait up to 25 s on the server; the deadline must lie behind that.
READ_TIMEOUT_S = 35.0


class ControlUnavailable(Exception):
    """No answer, or one that says "try again", through all retries: keep the report and come back."""


class ControlRefused(Exception):
    """A final no; `code` is that of schema.errors, `status` the HTTP status."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status


class ControlClient:
    """`path` is relative to the control plane's address, such as `/api/internal/jobs/...`; close it, or use it as a context."""

    def __init__(self, settings: Settings, attempts: int = 4) -> None:
        self._attempts = attempts
        self._http = httpx2.AsyncClient(
            base_url=settings.control_url,
            headers={"authorization": f"Bearer {settings.internal_token.reveal()}"},
            timeout=httpx2.Timeout(TIMEOUT_S, read=READ_TIMEOUT_S),
            trust_env=False,
        )

    async def get(self, path: str, type: type[T]) -> T:  # noqa: A002 the word msgspec uses
        """Raises ControlUnavailable, ControlRefused."""
        return msgspec.json.decode(await self._call("GET", path, None), type=type)

    async def post(self, path: str, body: msgspec.Struct, type: type[T]) -> T:  # noqa: A002 the word msgspec uses
        """Raises ControlUnavailable, ControlRefused."""
        content = msgspec.json.encode(body)
        return msgspec.json.decode(await self._call("POST", path, content), type=type)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> "ControlClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _call(self, method: str, path: str, content: bytes | None) -> bytes:
        retrying = stamina.retry_context(
            on=ControlUnavailable, attempts=self._attempts, wait_initial=0.2, wait_max=2.0
        )
        async for attempt in retrying:
            with attempt:
                return await self._once(method, path, content)
        raise AssertionError("stamina raises when its attempts are spent")

    async def _once(self, method: str, path: str, content: bytes | None) -> bytes:
        headers = {} if content is None else {"content-type": "application/json"}
        try:
            reply = await self._http.request(method, path, content=content, headers=headers)
        except httpx2.TransportError as error:
            raise ControlUnavailable(f"{method} {path}: {type(error).__name__}") from error
        if reply.status_code >= 500 or reply.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise ControlUnavailable(f"{method} {path}: HTTP {reply.status_code}")
        if not reply.is_success:
            raise _refusal(reply)
        return reply.content


def _refusal(reply: httpx2.Response) -> ControlRefused:
    try:
        body = msgspec.json.decode(reply.content, type=ErrorBody)
    except msgspec.DecodeError:
        return ControlRefused(DomainError.code, reply.status_code, "an answer without a code")
    return ControlRefused(body.code, reply.status_code, body.message)
