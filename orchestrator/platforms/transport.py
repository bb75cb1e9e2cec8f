"""HTTP to the platforms: one pool for all, JSON in and out, and failures in our own words."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec
import structlog

from orchestrator.core.guard.trust import authorities
from orchestrator.settings import Settings, SettingsError
from schema.errors import PlatformUnavailable

T = TypeVar("T")
log = structlog.get_logger(__name__)

TIMEOUT_S = 10
MAX_BYTES = 1024 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Transport:
    """`address` is where a documented URL is reached: the platform itself, or the simulator that stands for all of them."""

    def __init__(self, settings: Settings) -> None:
        self._simulator = simulator_of(settings)
        self._http = httpx2.AsyncClient(
            timeout=TIMEOUT_S, follow_redirects=False, trust_env=False, verify=authorities()
        )

    def address(self, url: str) -> str:
        return f"{self._simulator}/{url.removeprefix('https://')}" if self._simulator else url

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> httpx2.Response:
        """Any answer below 500 and 429. Raises PlatformUnavailable."""
        host = urlsplit(url).hostname or url
        try:
            answer = await self._http.request(
                method, self.address(url), headers=headers, params=params, data=form, json=json
            )
        except httpx2.HTTPError as error:
            raise away(host, type(error).__name__) from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise away(host, f"status {answer.status_code}")
        return answer

    async def close(self) -> None:
        await self._http.aclose()


def read(answer: httpx2.Response, kind: type[T]) -> T:
    """Raises PlatformUnavailable for what is not as documented."""
    if answer.status_code != 200 or len(answer.content) > MAX_BYTES:
        raise away(answer.url.host, f"status {answer.status_code}, {len(answer.content)} bytes")
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise away(answer.url.host, type(error).__name__) from None


def away(host: str, reason: str) -> PlatformUnavailable:
    log.warning("platform away", host=host, reason=reason)
    return PlatformUnavailable("The platform does not answer as it should; try again.")


def simulator_of(settings: Settings) -> str:
    """Raises SettingsError for a simulator in production, or one that is not on this machine."""
    url = settings.platforms_url.rstrip("/")
    if url and (settings.mode != "embedded" or urlsplit(url).hostname not in LOOPBACK):
        raise SettingsError("LECTERN_PLATFORMS_URL is for a simulator on loopback, embedded only")
    return url
