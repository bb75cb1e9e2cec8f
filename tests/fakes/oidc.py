"""A strict OpenID Connect issuer on loopback, made from the standards with no code of ours and no token library.

OpenID Connect Core 1.0, Discovery 1.0, RFC 6749, RFC 7636 (PKCE), RFC 7515 (JWS), RFC 9207.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT_ID, CLIENT_SECRET = "lectern", "a client's secret"
Claims = dict[str, Any]


class SigningKey:
    def __init__(self) -> None:
        self.id = secrets.token_hex(4)
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "kid": self.id,
            "use": "sig",
            "alg": "RS256",
            "n": b64(numbers.n.to_bytes(256)),
            "e": b64(numbers.e.to_bytes(3)),
        }

    def sign(self, text: bytes) -> bytes:
        return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())


class FakeIssuer:
    """`person` is who signs in; `forge` makes the token of given claims, `answer_as` is the `iss` of the redirect."""

    def __init__(self, redirect_uri: str) -> None:
        self.url = ""
        self.redirect_uri = redirect_uri
        self.key = SigningKey()
        self.person: Claims = {"sub": "emma-1", "email_verified": True, "name": "Emma"}
        self.forge: Callable[[Claims], str] = self.signed
        self.claimed_issuer: str | None = None
        self.answer_as: str | None = None
        self.key_requests = 0
        self._granted: dict[str, dict[str, str]] = {}

    def rotate(self) -> None:
        self.key = SigningKey()

    def signed(self, claims: Claims, **header: Any) -> str:
        head = {"alg": "RS256", "typ": "JWT", "kid": self.key.id, **header}
        text = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
        return f"{text}.{b64(self.key.sign(text.encode()))}"

    async def discovery(self, _: web.Request) -> web.Response:
        document = {
            "issuer": self.claimed_issuer or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }
        return web.json_response(document)

    async def authorize(self, request: web.Request) -> web.Response:
        """Signs `person` in without asking and sends the browser back."""
        asked = dict(request.query)
        wanted = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": self.redirect_uri,
            "code_challenge_method": "S256",
        }
        if {name: asked.get(name) for name in wanted} != wanted or "openid" not in asked["scope"]:
            raise web.HTTPBadRequest(text=f"refused: {asked}")
        if min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) < 43:
            raise web.HTTPBadRequest(text="state, nonce and challenge want 256 bits")
        code = secrets.token_urlsafe(24)
        self._granted[code] = asked
        query = {"code": code, "state": asked["state"], "iss": self.answer_as or self.url}
        raise web.HTTPFound(f"{self.redirect_uri}?{urlencode(query)}")

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        login = BasicAuth.decode(request.headers.get("Authorization", "Basic eDp5"))
        if (login.login, login.password) != (CLIENT_ID, CLIENT_SECRET):
            return web.json_response({"error": "invalid_client"}, status=401)
        asked = self._granted.pop(str(form.get("code")), None)
        challenge = b64(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        if (
            asked is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        body = {"access_token": "x", "token_type": "Bearer", "id_token": self.forge(claims)}
        return web.json_response(body)

    async def jwks(self, _: web.Request) -> web.Response:
        self.key_requests += 1
        return web.json_response({"keys": [{"kty": "oct", "k": b64(b"no")}, self.key.public]})


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@asynccontextmanager
async def fake_issuer(redirect_uri: str) -> AsyncIterator[FakeIssuer]:
    issuer = FakeIssuer(redirect_uri)
    app = web.Application()
    app.add_routes(
        [
            web.get("/.well-known/openid-configuration", issuer.discovery),
            web.get("/authorize", issuer.authorize),
            web.post("/token", issuer.token),
            web.get("/jwks", issuer.jwks),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield issuer
    finally:
        await runner.cleanup()
