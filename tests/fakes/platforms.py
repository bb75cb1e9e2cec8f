"""YouTube and Twitch on loopback, strict, made from their public documentation with no code of ours.

`{url}/HOST/PATH` is the documented `https://HOST/PATH`. Google: developers.google.com/identity/protocols/oauth2/web-server,
developers.google.com/youtube/v3/live/docs. Twitch: dev.twitch.tv/docs/authentication, /docs/api/reference, /docs/video-broadcast.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

Json = dict[str, Any]


class Grant:
    """What one person allowed: its refresh token, and the access tokens made with it, by their end."""

    def __init__(self, scopes: set[str]) -> None:
        self.scopes = scopes
        self.refresh = secrets.token_urlsafe(24)
        self.tokens: dict[str, float] = {}


class Authority:
    """An authorization server. `granting` is what the person ticks, `lifetime_s` how long an access token lives."""

    def __init__(self, redirect_uri: str, scope: str, *, pkce: bool, rotates: bool) -> None:
        self.client_id, self.client_secret = secrets.token_hex(8), secrets.token_hex(16)
        self.redirect_uri, self.scope = redirect_uri, scope
        self.pkce, self.rotates = pkce, rotates
        self.granting = {scope}
        self.lifetime_s = 3600.0
        self.away = False
        self.refreshes = 0
        self.grants: list[Grant] = []
        self._codes: dict[str, tuple[Json, Grant]] = {}

    def expire(self) -> None:
        """Every access token is over now, whatever was promised."""
        for grant in self.grants:
            grant.tokens = dict.fromkeys(grant.tokens, 0.0)

    def revoke_all(self) -> None:
        """As when the person takes the permission back on the platform's own page."""
        self.grants.clear()

    def secrets(self) -> set[str]:
        """Everything that must never be seen anywhere else."""
        tokens = {token for grant in self.grants for token in grant.tokens}
        return tokens | {grant.refresh for grant in self.grants} | {self.client_secret}

    def holder(self, token: str) -> Grant | None:
        for grant in self.grants:
            if grant.tokens.get(token, 0) > time.time():
                return grant
        return None

    async def authorize(self, request: web.Request) -> web.Response:
        """The person says yes at once and is sent back."""
        asked = dict(request.query)
        wanted = {"response_type": "code", "client_id": self.client_id}
        wanted |= {"redirect_uri": self.redirect_uri, "scope": self.scope}
        wanted |= {"code_challenge_method": "S256"} if self.pkce else {}
        if {name: asked.get(name) for name in wanted} != wanted or len(asked["state"]) < 32:
            raise web.HTTPBadRequest(text="redirect_uri_mismatch or invalid_request")
        if self.pkce and len(asked.get("code_challenge", "")) != 43:
            raise web.HTTPBadRequest(text="code_challenge")
        self.check_departure(asked)
        code = secrets.token_urlsafe(24)
        self._codes[code] = (asked, Grant(set(self.granting)))
        query = urlencode({"code": code, "state": asked["state"]})
        raise web.HTTPFound(f"{self.redirect_uri}?{query}")

    def check_departure(self, asked: Json) -> None:
        """What one platform wants besides."""

    async def token(self, request: web.Request) -> web.Response:
        if self.away:
            raise web.HTTPServiceUnavailable
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (
            self.client_id,
            self.client_secret,
        ):
            return self.refused_client()
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        raise web.HTTPBadRequest(text="unsupported_grant_type")

    def _exchange(self, form: Json) -> web.Response:
        asked, grant = self._codes.pop(form.get("code", ""), (None, None))
        if asked is None or grant is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return self.refused_grant()
        if self.pkce:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                return self.refused_grant()
        self.grants.append(grant)
        return web.json_response(self.issue(grant, first=True))

    def _refresh(self, form: Json) -> web.Response:
        self.refreshes += 1
        for grant in self.grants:
            if grant.refresh == form.get("refresh_token"):
                return web.json_response(self.issue(grant, first=False))
        return self.refused_grant()

    def issue(self, grant: Grant, *, first: bool) -> Json:
        token = secrets.token_urlsafe(24)
        # An old token dies with the new one where refresh tokens rotate.
        grant.tokens = {token: time.time() + self.lifetime_s}
        body: Json = {"access_token": token, "expires_in": int(self.lifetime_s)}
        if self.rotates and not first:
            grant.refresh = secrets.token_urlsafe(24)
        if self.rotates or first:
            body["refresh_token"] = grant.refresh
        return {**body, "scope": sorted(grant.scopes), "token_type": "bearer"}

    def refused_grant(self) -> web.Response:
        raise NotImplementedError

    def refused_client(self) -> web.Response:
        raise NotImplementedError


class FakeGoogle(Authority):
    """`ingest` is where streams go; `broadcasts` maps an id to its resource, with the bound stream's id."""

    def __init__(self, callback: str) -> None:
        scope = "https://www.googleapis.com/auth/youtube"
        super().__init__(f"{callback}/youtube/callback", scope, pkce=True, rotates=False)
        self.ingest = "rtmp://127.0.0.1:19999/live2"
        self.channel: Json | None = {"id": "UC-emma", "snippet": {"title": "Emma reads"}}
        self.broadcasts: dict[str, Json] = {}
        self.streams: dict[str, Json] = {}
        self.refuse_live: str | None = None
        self.units = 0
        self.quota_left: int | None = None

    def check_departure(self, asked: Json) -> None:
        if (asked.get("access_type"), asked.get("prompt")) != ("offline", "consent"):
            raise web.HTTPBadRequest(text="no refresh token would come of this")

    def issue(self, grant: Grant, *, first: bool) -> Json:
        body = super().issue(grant, first=first)
        return {**body, "scope": " ".join(body["scope"]), "token_type": "Bearer"}

    def refused_grant(self) -> web.Response:
        return web.json_response({"error": "invalid_grant"}, status=400)

    def refused_client(self) -> web.Response:
        return web.json_response({"error": "invalid_client"}, status=401)

    async def revoke(self, request: web.Request) -> web.Response:
        token = str((await request.post()).get("token"))
        kept = [g for g in self.grants if token != g.refresh and token not in g.tokens]
        if len(kept) == len(self.grants):
            return web.json_response({"error": "invalid_token"}, status=400)
        self.grants = kept
        return web.json_response({})

    def _check(self, request: web.Request, *parts: str) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.holder(token)
        if scheme != "Bearer" or grant is None:
            raise _google(401, "authError")
        if self.scope not in grant.scopes:
            raise _google(403, "insufficientPermissions")
        given = request.query.get("part", "").split(",")
        if not set(parts) <= set(given):
            raise _google(400, "missingRequiredParameter")

    async def channels(self, request: web.Request) -> web.Response:
        self._check(request, "snippet")
        if request.query.get("mine") != "true":
            raise _google(400, "missingRequiredParameter")
        return web.json_response({"items": [self.channel] if self.channel else []})

    async def list_broadcasts(self, request: web.Request) -> web.Response:
        self._check(request, "snippet")
        # Exactly one filter.
        if len({"mine", "broadcastStatus", "id"} & set(request.query)) != 1:
            raise _google(400, "incompatibleParameters")
        return web.json_response({"items": list(self.broadcasts.values())})

    async def insert_broadcast(self, request: web.Request) -> web.Response:
        self._check(request, "snippet", "status", "contentDetails")
        if self.refuse_live:
            raise _google(403, self.refuse_live)
        body = await request.json()
        if not body["snippet"]["title"] or not body["snippet"]["scheduledStartTime"]:
            raise _google(400, "titleRequired")
        if body["status"]["privacyStatus"] not in {"public", "unlisted", "private"}:
            raise _google(400, "invalidPrivacyStatus")
        made = {**body, "kind": "youtube#liveBroadcast", "id": f"B{len(self.broadcasts)}"}
        self.broadcasts[made["id"]] = made
        return web.json_response(made)

    async def list_streams(self, request: web.Request) -> web.Response:
        """Only the parts that were asked for, as YouTube answers; `units` counts what it costs."""
        parts = set(request.query.get("part", "").split(","))
        self._check(request)
        if not parts or not parts <= {"id", "snippet", "cdn", "contentDetails", "status"}:
            raise _google(400, "unknownPart")
        # Exactly one filter.
        if len({"mine", "id"} & set(request.query)) != 1:
            raise _google(400, "incompatibleParameters")
        self.units += 1
        if self.quota_left is not None and self.units > self.quota_left:
            raise _google(403, "quotaExceeded")
        wanted = request.query.get("id", ",".join(self.streams)).split(",")
        found = [self.streams[name] for name in wanted if name in self.streams]
        shown = [{k: v for k, v in one.items() if k in parts | {"kind", "id"}} for one in found]
        return web.json_response({"kind": "youtube#liveStreamListResponse", "items": shown})

    def judge(self, status: str, *issues: Json) -> None:
        """What YouTube says of every stream from now on."""
        for stream in self.streams.values():
            health: Json = {"status": status, "lastUpdateTimeSeconds": str(int(time.time()))}
            health |= {"configurationIssues": list(issues)} if issues else {}
            stream["status"] = {"streamStatus": "active", "healthStatus": health}

    async def insert_stream(self, request: web.Request) -> web.Response:
        self._check(request, "snippet", "cdn")
        body = await request.json()
        cdn = body["cdn"]
        if (cdn["ingestionType"], cdn["resolution"], cdn["frameRate"]) != (
            "rtmp",
            "variable",
            "variable",
        ):
            raise _google(400, "invalidFormat")
        key = f"{secrets.token_hex(8)}-youtube-{len(self.streams)}"
        cdn["ingestionInfo"] = {"ingestionAddress": self.ingest, "streamName": key}
        made = {**body, "kind": "youtube#liveStream", "id": f"S{len(self.streams)}"}
        made["status"] = {"streamStatus": "ready", "healthStatus": {"status": "noData"}}
        self.streams[made["id"]] = made
        return web.json_response(made)

    async def bind(self, request: web.Request) -> web.Response:
        self._check(request, "id")
        broadcast = self.broadcasts.get(request.query.get("id", ""))
        stream = self.streams.get(request.query.get("streamId", ""))
        if broadcast is None or stream is None:
            raise _google(404, "liveBroadcastNotFound")
        broadcast["contentDetails"]["boundStreamId"] = stream["id"]
        return web.json_response(broadcast)

    def routes(self) -> list[web.RouteDef]:
        api = "/www.googleapis.com/youtube/v3"
        return [
            web.get("/accounts.google.com/o/oauth2/v2/auth", self.authorize),
            web.post("/oauth2.googleapis.com/token", self.token),
            web.post("/oauth2.googleapis.com/revoke", self.revoke),
            web.get(f"{api}/channels", self.channels),
            web.get(f"{api}/liveBroadcasts", self.list_broadcasts),
            web.post(f"{api}/liveBroadcasts", self.insert_broadcast),
            web.post(f"{api}/liveBroadcasts/bind", self.bind),
            web.get(f"{api}/liveStreams", self.list_streams),
            web.post(f"{api}/liveStreams", self.insert_stream),
        ]


def _google(status: int, reason: str) -> web.HTTPException:
    body = {"error": {"code": status, "message": reason, "errors": [{"reason": reason}]}}
    kind = {400: web.HTTPBadRequest, 401: web.HTTPUnauthorized, 403: web.HTTPForbidden}
    made = kind.get(status, web.HTTPNotFound)
    return made(text=web.json_response(body).text, content_type="application/json")


class FakeTwitch(Authority):
    def __init__(self, callback: str) -> None:
        scope = "channel:read:stream_key"
        super().__init__(f"{callback}/twitch/callback", scope, pkce=False, rotates=True)
        self.ingest = "rtmp://127.0.0.1:19999/app"
        self.user = {"user_id": "44322889", "login": "emma_live"}
        self.stream_key = f"live_44322889_{secrets.token_hex(12)}"
        self.live = False

    def refused_grant(self) -> web.Response:
        return _twitch(400, "Invalid refresh token")

    def refused_client(self) -> web.Response:
        return _twitch(403, "invalid client secret")

    async def revoke(self, request: web.Request) -> web.Response:
        form = await request.post()
        token = str(form.get("token"))
        if form.get("client_id") != self.client_id:
            return _twitch(400, "missing client id")
        self.grants = [g for g in self.grants if token != g.refresh and token not in g.tokens]
        return web.Response()

    async def validate(self, request: web.Request) -> web.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.holder(token) if scheme == "OAuth" else None
        if grant is None:
            return _twitch(401, "invalid access token")
        scopes = sorted(grant.scopes)
        return web.json_response(
            {**self.user, "client_id": self.client_id, "scopes": scopes, "expires_in": 60}
        )

    def _helix(self, request: web.Request) -> Grant | web.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.holder(token)
        if scheme != "Bearer" or grant is None:
            return _twitch(401, "Invalid OAuth token")
        if request.headers.get("Client-Id") != self.client_id:
            return _twitch(401, "Client ID and OAuth token do not match")
        return grant

    async def streams(self, request: web.Request) -> web.Response:
        """Needs no scope; a channel that is not live is not in the list."""
        grant = self._helix(request)
        if isinstance(grant, web.Response):
            return grant
        mine = request.query.get("user_id") == self.user["user_id"]
        one = {"id": "40952121085", "user_id": self.user["user_id"], "type": "live"}
        return web.json_response({"data": [one] if mine and self.live else [], "pagination": {}})

    async def key(self, request: web.Request) -> web.Response:
        grant = self._helix(request)
        if isinstance(grant, web.Response):
            return grant
        if self.scope not in grant.scopes:
            return _twitch(401, f"Missing scope: {self.scope}")
        if request.query.get("broadcaster_id") != self.user["user_id"]:
            return _twitch(403, "The broadcaster must match the token")
        return web.json_response({"data": [{"stream_key": self.stream_key}]})

    async def ingests(self, _: web.Request) -> web.Response:
        far = {"_id": 1, "priority": 9, "availability": 1.0, "name": "Far"}
        shut = {"_id": 2, "priority": 0, "availability": 0.0, "name": "Shut"}
        near = {"_id": 3, "priority": 1, "availability": 1.0, "name": "Near"}
        elsewhere = {"url_template": "rtmp://127.0.0.1:9/app/{stream_key}"}
        here = {"url_template": f"{self.ingest}/{{stream_key}}"}
        return web.json_response({"ingests": [far | elsewhere, shut | elsewhere, near | here]})

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/id.twitch.tv/oauth2/authorize", self.authorize),
            web.post("/id.twitch.tv/oauth2/token", self.token),
            web.post("/id.twitch.tv/oauth2/revoke", self.revoke),
            web.get("/id.twitch.tv/oauth2/validate", self.validate),
            web.get("/api.twitch.tv/helix/streams", self.streams),
            web.get("/api.twitch.tv/helix/streams/key", self.key),
            web.get("/ingest.twitch.tv/ingests", self.ingests),
        ]


def _twitch(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "message": message}, status=status)


class Simulator:
    def __init__(self, public_url: str) -> None:
        callback = f"{public_url}/api/platforms/connections"
        self.url = ""
        self.google, self.twitch = FakeGoogle(callback), FakeTwitch(callback)

    def of(self, platform: str) -> FakeGoogle | FakeTwitch:
        return self.google if platform == "youtube" else self.twitch


@asynccontextmanager
async def simulator(public_url: str, port: int = 0) -> AsyncIterator[Simulator]:
    both = Simulator(public_url)
    app = web.Application()
    app.add_routes([*both.google.routes(), *both.twitch.routes()])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    both.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield both
    finally:
        await runner.cleanup()
