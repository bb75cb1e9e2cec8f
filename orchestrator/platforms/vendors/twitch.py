"""Twitch: whatever is sent with the account's stream key is live at once (dev.twitch.tv/docs/api, /docs/authentication)."""

import httpx2
import msgspec

from orchestrator.platforms.port import (
    Account,
    Broadcast,
    Health,
    Ingest,
    OAuthApp,
    TokenRefused,
)
from orchestrator.platforms.transport import Transport, read
from orchestrator.settings import Secret, Settings, variable
from schema.errors import PlatformRefused
from schema.platforms import PlatformName

LOGIN = "https://id.twitch.tv/oauth2"
STREAMS = "https://api.twitch.tv/helix/streams"
STREAM_KEY = "https://api.twitch.tv/helix/streams/key"
INGESTS = "https://ingest.twitch.tv/ingests"
KEY_PLACE = "/{stream_key}"


class _Valid(msgspec.Struct, frozen=True):
    user_id: str
    login: str


class _Key(msgspec.Struct, frozen=True):
    stream_key: str


class _Keys(msgspec.Struct, frozen=True):
    data: list[_Key]


class _Live(msgspec.Struct, frozen=True):
    type: str = ""


class _Lives(msgspec.Struct, frozen=True):
    data: list[_Live] = []


class _Server(msgspec.Struct, frozen=True):
    """`availability` is 0 for one that takes nobody now."""

    url_template: str
    url_template_secure: str = ""
    availability: float = 1
    priority: int = 0


class _Servers(msgspec.Struct, frozen=True):
    ingests: list[_Server]


class Twitch:
    slug: PlatformName = "twitch"
    name = "Twitch"

    def __init__(self, settings: Settings, transport: Transport) -> None:
        needed = ("twitch_client_id", "twitch_client_secret")
        self.app = OAuthApp(
            authorize_url=f"{LOGIN}/authorize",
            token_url=f"{LOGIN}/token",
            revoke_url=f"{LOGIN}/revoke",
            scopes=("channel:read:stream_key",),
            # Twitch documents no code challenge.
            pkce=False,
            client_id=settings.twitch_client_id,
            client_secret=settings.twitch_client_secret,
            missing=tuple(variable(field) for field in needed if not getattr(settings, field)),
        )
        self._transport = transport

    async def account(self, token: Secret) -> Account:
        headers = {"Authorization": f"OAuth {token.reveal()}"}
        answer = await self._transport.ask("GET", f"{LOGIN}/validate", headers=headers)
        if answer.status_code == 401:
            raise TokenRefused
        found = read(answer, _Valid)
        return Account(found.user_id, found.login)

    async def go_live(self, token: Secret, account: str, broadcast: Broadcast) -> Ingest:
        del broadcast
        return await self.rehearse(token, account)

    async def rehearse(self, token: Secret, account: str) -> Ingest:
        """Seen by viewers: Twitch has no other way in."""
        answer = await self._helix(token, STREAM_KEY, {"broadcaster_id": account})
        if answer.status_code == 403:
            raise PlatformRefused("Twitch does not let this account stream.")
        keys = read(answer, _Keys).data
        if not keys:
            raise PlatformRefused("Twitch has no stream key for this account.")
        return Ingest(await self._server(), Secret(keys[0].stream_key))

    async def health(self, token: Secret, account: str, reference: str) -> Health:
        """Twitch says no more than whether the channel is live, some seconds late; it wants no scope for it."""
        del reference
        live = read(await self._helix(token, STREAMS, {"user_id": account}), _Lives).data
        # An empty type is one that Twitch could not determine.
        return Health("online" if any(one.type == "live" for one in live) else "offline")

    async def _helix(self, token: Secret, url: str, params: dict[str, str]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token.reveal()}", "Client-Id": self.app.client_id}
        answer = await self._transport.ask("GET", url, headers=headers, params=params)
        if answer.status_code == 401:
            raise TokenRefused
        return answer

    async def _server(self) -> str:
        """The nearest server that takes streams now, encrypted where it can be."""
        found = read(await self._transport.ask("GET", INGESTS), _Servers).ingests
        ready = sorted((one for one in found if one.availability), key=lambda one: one.priority)
        if not ready:
            raise PlatformRefused("Twitch takes no streams at the moment.")
        return (ready[0].url_template_secure or ready[0].url_template).removesuffix(KEY_PLACE)
