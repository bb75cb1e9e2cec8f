"""Facts that a browser keeps for us in a cookie and cannot change: a JWT under a key of our own for each purpose."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring

ALGORITHM = "HS256"
DEVICE_LIFETIME = timedelta(days=365)


class Signed:
    def __init__(self, keyring: Keyring, purpose: str, clock: Clock = utc_now) -> None:
        self._key = OctKey.import_key(keyring.derive(f"cookie: {purpose}"))
        self._clock = clock

    def seal(self, facts: dict[str, Any], lifetime: timedelta) -> str:
        expires = int((self._clock() + lifetime).timestamp())
        return jwt.encode({"alg": ALGORITHM}, {**facts, "exp": expires}, self._key)

    def open(self, text: str | None) -> dict[str, Any] | None:
        """None for what is not ours, was changed, or is over."""
        claims = jwt.JWTClaimsRegistry(now=int(self._clock().timestamp()), exp={"essential": True})
        try:
            token = jwt.decode(text or "", self._key, algorithms=[ALGORITHM])
            claims.validate(token.claims)
        except (JoseError, ValueError):
            return None
        return token.claims


class Devices:
    """Remembers in a browser that somebody signed in there; worth nothing but an allowance of tries of their own."""

    def __init__(self, keyring: Keyring, clock: Clock = utc_now) -> None:
        self._signed = Signed(keyring, "device", clock)

    def remember(self, user_id: UUID) -> str:
        return self._signed.seal({"sub": str(user_id), "jti": str(new_id())}, DEVICE_LIFETIME)

    def known(self, cookie: str | None, user_id: UUID) -> UUID | None:
        """The device's id, if it has signed in to this account."""
        facts = self._signed.open(cookie)
        return UUID(facts["jti"]) if facts is not None and facts["sub"] == str(user_id) else None
