"""The authorization code flow as a client (RFC 6749 §4.1, §6; RFC 7636; RFC 7009), for any platform."""

import base64
import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx2
import msgspec
import structlog

from orchestrator.core.clock import Clock, utc_now
from orchestrator.platforms.port import OAuthApp
from orchestrator.platforms.transport import Transport, read
from orchestrator.settings import Secret
from schema.errors import ConnectionRefused, PlatformRefused, PlatformUnavailable

log = structlog.get_logger(__name__)


class GrantOver(Exception):
    """The platform renews this grant no more: its owner has to allow it again."""


class Tokens(msgspec.Struct, frozen=True):
    access: Secret
    refresh: Secret
    expires_at: datetime


class _Answer(msgspec.Struct, frozen=True):
    """Google gives the scopes with spaces between, Twitch as a list; a renewal may leave out the refresh token."""

    access_token: str
    expires_in: int
    refresh_token: str | None = None
    scope: str | list[str] = ""


class _Refusal(msgspec.Struct, frozen=True):
    """RFC 6749 §5.2, or Twitch's own with a `message`."""

    error: str = ""
    message: str = ""


class OAuth:
    def __init__(self, transport: Transport, clock: Clock = utc_now) -> None:
        self._transport = transport
        self._clock = clock

    def departure(self, app: OAuthApp, redirect_uri: str, state: str, verifier: str) -> str:
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(app.scopes),
            "state": state,
            **app.extra,
        }
        if app.pkce:
            query |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        return f"{self._transport.address(app.authorize_url)}?{urlencode(query)}"

    async def exchange(self, app: OAuthApp, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """Raises ConnectionRefused, PlatformRefused, PlatformUnavailable."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        form |= {"code_verifier": verifier} if app.pkce else {}
        answer = await self._ask(app, form)
        if answer.status_code != 200:
            raise ConnectionRefused("The platform did not confirm the connection; begin again.")
        found = read(answer, _Answer)
        granted = found.scope.split() if isinstance(found.scope, str) else found.scope
        if not set(app.scopes) <= set(granted):
            raise ConnectionRefused("Not everything was allowed that streaming needs; allow all.")
        if not found.refresh_token:
            raise ConnectionRefused("The platform gave no lasting permission; begin again.")
        return self._tokens(found, found.refresh_token)

    async def refresh(self, app: OAuthApp, refresh: Secret) -> Tokens:
        """Raises GrantOver, PlatformRefused, PlatformUnavailable."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        answer = await self._ask(app, form)
        if answer.status_code != 200:
            raise GrantOver
        found = read(answer, _Answer)
        return self._tokens(found, found.refresh_token or refresh.reveal())

    async def forget(self, app: OAuthApp, token: Secret) -> None:
        """Ends the grant at the platform; when that does not answer, its owner can still end it there."""
        form = {"token": token.reveal(), "client_id": app.client_id}
        with suppress(PlatformUnavailable):
            await self._transport.ask("POST", app.revoke_url, form=form)

    async def _ask(self, app: OAuthApp, form: dict[str, str]) -> httpx2.Response:
        """Raises PlatformRefused when it is Lectern that is refused, not the account."""
        client = {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}
        answer = await self._transport.ask("POST", app.token_url, form=form | client)
        if answer.status_code != 200 and "client" in _refusal(answer):
            log.error("client refused by the platform", host=answer.url.host)
            raise PlatformRefused(
                "The platform does not know Lectern: an administrator has to check the client id and secret in the settings."
            )
        return answer

    def _tokens(self, found: _Answer, refresh: str) -> Tokens:
        expires_at = self._clock() + timedelta(seconds=found.expires_in)
        return Tokens(Secret(found.access_token), Secret(refresh), expires_at)


def _refusal(answer: httpx2.Response) -> str:
    try:
        said = msgspec.json.decode(answer.content, type=_Refusal)
    except msgspec.MsgspecError:
        return ""
    return f"{said.error} {said.message}"


def challenge(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
