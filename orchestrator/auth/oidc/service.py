"""A sign-in at another issuer: sends the browser there, and takes it back (authorization code with PKCE)."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import msgspec

from orchestrator.auth.oidc.claims import Expected, key_id, verify
from orchestrator.auth.oidc.issuer import Issuer
from orchestrator.auth.oidc.linking import account_of
from orchestrator.auth.oidc.provider import Provider, check_secure, provider_of
from orchestrator.auth.service import Accounts, Visit
from orchestrator.auth.signin.signed import Signed
from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.settings import Settings, SettingsError
from schema.auth import LoginReply
from schema.errors import IdentityRefused, IdentityUnavailable, NotFound

SCOPE = "openid email profile"
LIFETIME = timedelta(minutes=10)
# Each code is good for one try, also when the issuer would take it twice.
ONCE = Limit(1, 3600)


class Departure(msgspec.Struct, frozen=True):
    """Where the browser goes, and what it keeps meanwhile to prove that it is the same one."""

    url: str
    cookie: str


class Arrival(msgspec.Struct, frozen=True):
    """What the issuer sent back through the browser."""

    code: str | None = None
    state: str | None = None
    error: str | None = None
    iss: str | None = None


class SignInElsewhere:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        keyring: Keyring,
        accounts: Accounts,
        limiter: Limiter,
        clock: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._database = database
        self._signed = Signed(keyring, "sign-in elsewhere", clock)
        self._accounts = accounts
        self._limiter = limiter
        self._clock = clock
        self.provider = provider_of(settings)
        self._issuer = Issuer(self.provider, self._check_url) if self.provider else None

    async def depart(self, next_path: str) -> Departure:
        """Raises NotFound when no issuer is set up, IdentityUnavailable."""
        provider, issuer = self._ready()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": provider.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": next_path}
        endpoint = (await issuer.metadata()).authorization_endpoint
        joint = "&" if "?" in endpoint else "?"
        return Departure(f"{endpoint}{joint}{urlencode(query)}", self._signed.seal(kept, LIFETIME))

    async def arrive(
        self, arrival: Arrival, cookie: str | None, visit: Visit
    ) -> tuple[LoginReply, str]:
        """The sign-in and the path to go on to. Raises IdentityRefused, IdentityUnknown, IdentityUnavailable, NotFound."""
        provider, issuer = self._ready()
        kept = self._signed.open(cookie)
        if kept is None or not hmac.compare_digest(
            str(kept["state"]).encode(), (arrival.state or "").encode()
        ):
            raise IdentityRefused("This sign-in was not begun in this browser; begin again.")
        await self._check_sender(arrival, provider, issuer)
        if arrival.error or not arrival.code:
            raise IdentityRefused("The identity provider did not sign you in.")
        await self._limiter.spend("oidc-code", arrival.code, ONCE)
        token = await issuer.exchange(arrival.code, str(kept["verifier"]))
        expected = Expected(provider.issuer, provider.client_id, str(kept["nonce"]))
        key = await issuer.key(key_id(token))
        identity = verify(token, key, expected, int(self._clock().timestamp()))
        async with self._database.system_transaction() as tx:
            user = await account_of(tx, self._settings, identity)
            return await self._accounts.admit(tx, user, visit, way="oidc"), str(kept["next"])

    async def close(self) -> None:
        if self._issuer is not None:
            await self._issuer.close()

    def _ready(self) -> tuple[Provider, Issuer]:
        if self.provider is None or self._issuer is None or self.provider.missing:
            raise NotFound("No identity provider is set up.")
        return self.provider, self._issuer

    async def _check_sender(self, arrival: Arrival, provider: Provider, issuer: Issuer) -> None:
        """RFC 9207: an answer that another issuer has sent is not taken."""
        promised = (await issuer.metadata()).authorization_response_iss_parameter_supported
        if arrival.iss != provider.issuer and (promised or arrival.iss is not None):
            raise IdentityRefused("Another identity provider has answered.")

    def _check_url(self, url: str) -> None:
        try:
            check_secure(url, self._settings)
        except SettingsError as error:
            raise IdentityUnavailable(str(error)) from None


def challenge(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
