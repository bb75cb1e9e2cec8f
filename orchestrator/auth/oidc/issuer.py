"""An OpenID Connect issuer over HTTP: its discovery document, its keys, and the exchange of a code.

Sources: OpenID Connect Discovery 1.0 §4, Core 1.0 §3.1.3, RFC 6749 §4.1.3, RFC 7636 §4.5.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from orchestrator.auth.oidc.provider import Provider
from schema.errors import IdentityRefused, IdentityUnavailable

T = TypeVar("T")

log = structlog.get_logger(__name__)

TIMEOUT_S = 8
MAX_BYTES = 512 * 1024
METADATA_TTL_S = 3600
KEYS_TTL_S = 3600
# An unknown key id makes us ask again, for an issuer that has changed its keys; tokens with invented ids, not more often.
REFETCH_S = 30


class Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


class Issuer:
    """`check_url` raises for an endpoint that must not be called."""

    def __init__(
        self,
        provider: Provider,
        check_url: Callable[[str], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._check_url = check_url
        self._seconds = seconds
        self._http = httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, dict[str, Key]] | None = None
        self._asking = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """Raises IdentityUnavailable, also for a document that speaks of another issuer."""
        async with self._asking:
            if self._metadata and self._seconds() - self._metadata[0] < METADATA_TTL_S:
                return self._metadata[1]
            base = self._provider.issuer.rstrip("/")
            found = await self._get(f"{base}/.well-known/openid-configuration", Metadata)
            if found.issuer != self._provider.issuer:
                raise _away(f"discovery speaks of {found.issuer}")
            for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                self._check_url(url)
            self._metadata = (self._seconds(), found)
            return found

    async def key(self, key_id: str | None) -> Key | None:
        """The issuer's key of this id; without an id its only one. Raises IdentityUnavailable."""
        url = (await self.metadata()).jwks_uri
        async with self._asking:
            age = self._seconds() - self._keys[0] if self._keys else KEYS_TTL_S
            known = _pick(self._keys[1], key_id) if self._keys else None
            if age < REFETCH_S or (known is not None and age < KEYS_TTL_S):
                return known
            fresh = usable((await self._get(url, _Keys)).keys)
            self._keys = (self._seconds(), fresh)
            return _pick(fresh, key_id)

    async def exchange(self, code: str, verifier: str) -> str:
        """The ID token for a code. Raises IdentityRefused when the issuer does not take it, IdentityUnavailable."""
        metadata = await self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._provider.redirect_uri,
            "code_verifier": verifier,
        }
        secret = self._provider.client_secret.reveal()
        request: dict[str, Any] = {"data": form}
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            request["auth"] = httpx2.BasicAuth(self._provider.client_id, secret)
        else:
            form |= {"client_id": self._provider.client_id, "client_secret": secret}
        answer = await self._ask("POST", metadata.token_endpoint, **request)
        if answer.status_code in {400, 401, 403}:
            log.warning("code refused by the issuer", status=answer.status_code)
            raise IdentityRefused("The identity provider did not confirm the sign-in.")
        return _decode(answer, _Tokens).id_token

    async def close(self) -> None:
        await self._http.aclose()

    async def _get(self, url: str, kind: type[T]) -> T:
        return _decode(await self._ask("GET", url), kind)

    async def _ask(self, method: str, url: str, **request: Any) -> httpx2.Response:
        try:
            return await self._http.request(method, url, **request)
        except httpx2.HTTPError as error:
            raise _away(type(error).__name__) from error


def usable(found: list[dict[str, Any]]) -> dict[str, Key]:
    """Public signing keys by id; symmetric ones and what cannot be read are left out."""
    keys: dict[str, Key] = {}
    for entry in found:
        if entry.get("kty") not in {"RSA", "EC", "OKP"} or entry.get("use", "sig") != "sig":
            continue
        try:
            keys[str(entry.get("kid", ""))] = JWKRegistry.import_key(entry)
        except (JoseError, ValueError) as error:
            log.warning("unreadable key of the issuer", error=type(error).__name__)
    return keys


def _pick(keys: dict[str, Key], key_id: str | None) -> Key | None:
    if key_id is None:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return keys.get(key_id)


def _decode(answer: httpx2.Response, kind: type[T]) -> T:
    if answer.status_code != 200 or len(answer.content) > MAX_BYTES:
        raise _away(f"status {answer.status_code}, {len(answer.content)} bytes")
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise _away(str(error)) from error


def _away(reason: str) -> IdentityUnavailable:
    log.warning("identity provider away", reason=reason)
    return IdentityUnavailable("The identity provider does not answer as it should; try again.")
