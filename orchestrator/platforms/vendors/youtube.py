"""YouTube: a broadcast that people see, bound to a stream that we send (developers.google.com/youtube/v3/live)."""

from typing import Any, TypeVar

import httpx2
import msgspec

from orchestrator.platforms.port import (
    Account,
    Broadcast,
    Health,
    Ingest,
    Issue,
    OAuthApp,
    TokenRefused,
)
from orchestrator.platforms.transport import Transport, away, read
from orchestrator.settings import Secret, Settings, variable
from schema.errors import PlatformRefused
from schema.platforms import IssueSeverity, PlatformName, PlatformVerdict

T = TypeVar("T")

API = "https://www.googleapis.com/youtube/v3"
REHEARSAL = "Lectern test"
MAX_TITLE_CHARS = 100
# Reasons of a 403 that pass by themselves.
PASSING = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}
ADVICE = {
    "liveStreamingNotEnabled": "Live streaming is not enabled for this channel: enable it in YouTube Studio; the first time takes up to 24 hours.",
    "livePermissionBlocked": "YouTube has blocked this channel from live streaming; YouTube Studio says until when.",
    "insufficientPermissions": "The account did not allow Lectern to manage live streams; connect it again and allow all.",
}
# `noData`, a stream that was `revoked`, and words that come later say that there is nothing to judge.
VERDICTS: dict[str, PlatformVerdict] = {"good": "good", "ok": "ok", "bad": "bad"}
SEVERITIES: dict[str, IssueSeverity] = {"error": "error", "warning": "warning"}
MAX_ISSUES = 10
MAX_ISSUE_CHARS = 500
REFUSED = "YouTube refused; YouTube Studio may say why."


class _Reason(msgspec.Struct, frozen=True):
    reason: str = ""


class _Error(msgspec.Struct, frozen=True):
    errors: list[_Reason] = []


class _Refusal(msgspec.Struct, frozen=True):
    error: _Error = _Error()


class _Snippet(msgspec.Struct, frozen=True):
    title: str = ""
    description: str = ""


class _Ingestion(msgspec.Struct, frozen=True, rename="camel"):
    ingestion_address: str
    stream_name: str
    rtmps_ingestion_address: str = ""


class _Cdn(msgspec.Struct, frozen=True, rename="camel"):
    ingestion_info: _Ingestion


class _Item(msgspec.Struct, frozen=True):
    id: str
    snippet: _Snippet = _Snippet()


class _Stream(msgspec.Struct, frozen=True):
    id: str
    cdn: _Cdn
    snippet: _Snippet = _Snippet()


class _Issue(msgspec.Struct, frozen=True):
    type: str = ""
    severity: str = ""
    description: str = ""


class _HealthStatus(msgspec.Struct, frozen=True, rename="camel"):
    status: str = ""
    configuration_issues: list[_Issue] = []


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    health_status: _HealthStatus = _HealthStatus()


class _Arriving(msgspec.Struct, frozen=True):
    status: _Status = _Status()


class _Arrivals(msgspec.Struct, frozen=True):
    items: list[_Arriving] = []


class _Items(msgspec.Struct, frozen=True):
    items: list[_Item] = []


class _Streams(msgspec.Struct, frozen=True):
    items: list[_Stream] = []


class YouTube:
    slug: PlatformName = "youtube"
    name = "YouTube"

    def __init__(self, settings: Settings, transport: Transport) -> None:
        needed = ("youtube_client_id", "youtube_client_secret")
        self.app = OAuthApp(
            authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
            token_url="https://oauth2.googleapis.com/token",  # noqa: S106 an address
            revoke_url="https://oauth2.googleapis.com/revoke",
            scopes=("https://www.googleapis.com/auth/youtube",),
            pkce=True,
            client_id=settings.youtube_client_id,
            client_secret=settings.youtube_client_secret,
            missing=tuple(variable(field) for field in needed if not getattr(settings, field)),
            # Without these Google gives a refresh token the first time only.
            extra={"access_type": "offline", "prompt": "consent"},
        )
        self._transport = transport

    async def account(self, token: Secret) -> Account:
        found = await self._get(token, "channels", _Items, part="snippet", mine="true")
        if not found.items:
            raise PlatformRefused("This Google account has no YouTube channel.")
        return Account(found.items[0].id, found.items[0].snippet.title)

    async def go_live(self, token: Secret, account: str, broadcast: Broadcast) -> Ingest:
        """Starts when the stream arrives and ends with it; only who has the link finds it."""
        del account
        made = await self._broadcast(token, broadcast)
        stream = await self._stream(token, broadcast.marker)
        bind = {"id": made, "streamId": stream.id, "part": "id,contentDetails"}
        await self._post(token, "liveBroadcasts/bind", _Item, params=bind)
        return _ingest(stream)

    async def rehearse(self, token: Secret, account: str) -> Ingest:
        """Unseen: no broadcast is bound to this stream."""
        del account
        return _ingest(await self._stream(token, REHEARSAL))

    async def health(self, token: Secret, account: str, reference: str) -> Health:
        """One unit of the quota."""
        del account
        found = await self._get(token, "liveStreams", _Arrivals, part="id,status", id=reference)
        if not found.items:
            return Health("no_data")
        said = found.items[0].status.health_status
        issues = tuple(_issue(one) for one in said.configuration_issues[:MAX_ISSUES])
        return Health(VERDICTS.get(said.status, "no_data"), issues)

    async def _broadcast(self, token: Secret, broadcast: Broadcast) -> str:
        """The id; found by its marker when an earlier try got as far."""
        known = await self._get(
            token,
            "liveBroadcasts",
            _Items,
            part="id,snippet",
            broadcastStatus="upcoming",
            maxResults="50",
        )
        for item in known.items:
            if broadcast.marker in item.snippet.description:
                return item.id
        body = {
            "snippet": {
                "title": broadcast.title[:MAX_TITLE_CHARS].translate({60: None, 62: None}),
                "description": f"Streamed by Lectern ({broadcast.marker}).",
                "scheduledStartTime": broadcast.starts_at.isoformat(),
            },
            "status": {"privacyStatus": "unlisted", "selfDeclaredMadeForKids": False},
            "contentDetails": {
                "enableAutoStart": True,
                "enableAutoStop": True,
                "monitorStream": {"enableMonitorStream": False},
            },
        }
        part = {"part": "id,snippet,status,contentDetails"}
        return (await self._post(token, "liveBroadcasts", _Item, params=part, json=body)).id

    async def _stream(self, token: Secret, marker: str) -> _Stream:
        part = "id,snippet,cdn"
        known = await self._get(
            token, "liveStreams", _Streams, part=part, mine="true", maxResults="50"
        )
        for stream in known.items:
            if stream.snippet.title == marker:
                return stream
        body = {
            "snippet": {"title": marker},
            "cdn": {"ingestionType": "rtmp", "resolution": "variable", "frameRate": "variable"},
            "contentDetails": {"isReusable": marker == REHEARSAL},
        }
        params = {"part": f"{part},contentDetails"}
        return await self._post(token, "liveStreams", _Stream, params=params, json=body)

    async def _get(self, token: Secret, path: str, kind: type[T], **params: str) -> T:
        return await self._ask("GET", token, path, kind, params=params)

    async def _post(self, token: Secret, path: str, kind: type[T], **request: Any) -> T:
        return await self._ask("POST", token, path, kind, **request)

    async def _ask(self, method: str, token: Secret, path: str, kind: type[T], **request: Any) -> T:
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        answer = await self._transport.ask(method, f"{API}/{path}", headers=headers, **request)
        if answer.status_code == 401:
            raise TokenRefused
        if 400 <= answer.status_code < 500:
            raise _refusal(answer)
        return read(answer, kind)


def _refusal(answer: httpx2.Response) -> Exception:
    try:
        said = msgspec.json.decode(answer.content, type=_Refusal)
    except msgspec.MsgspecError:
        return away(answer.url.host, f"status {answer.status_code}")
    reasons = [one.reason for one in said.error.errors]
    if PASSING & set(reasons):
        return away(answer.url.host, reasons[0])
    return PlatformRefused(next((ADVICE[one] for one in reasons if one in ADVICE), REFUSED))


def _ingest(stream: _Stream) -> Ingest:
    info = stream.cdn.ingestion_info
    url = info.rtmps_ingestion_address or info.ingestion_address
    return Ingest(url, Secret(info.stream_name), stream.id)


def _issue(said: _Issue) -> Issue:
    message = (said.description or said.type)[:MAX_ISSUE_CHARS]
    return Issue(SEVERITIES.get(said.severity, "info"), message)
