"""Whether an ID token is the issuer's, for us, for this sign-in, and still good (OpenID Connect Core 1.0 §3.1.3.7)."""

import hmac
from typing import Any

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from schema.errors import IdentityRefused

# Only signatures by a key that the issuer alone holds: no `none`, and no HMAC, which a public key would then open.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY_S = 60


class Identity(msgspec.Struct, frozen=True):
    """Who the issuer says it is; `email` only when the issuer has verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str


class Expected(msgspec.Struct, frozen=True):
    issuer: str
    client_id: str
    nonce: str


def key_id(token: str) -> str | None:
    """Which of the issuer's keys has signed, as the token says. Raises IdentityRefused."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise _refused("not a token") from None
    if header.get("alg") not in ALGORITHMS:
        raise _refused("algorithm")
    named = header.get("kid")
    return named if named is None else str(named)


def verify(token: str, key: Key | None, expected: Expected, now_s: int) -> Identity:
    """Raises IdentityRefused."""
    if key is None:
        raise _refused("unknown key")
    registry = jwt.JWTClaimsRegistry(
        now=now_s,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True},
    )
    try:
        claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
        registry.validate(claims)
    except (JoseError, ValueError) as error:
        raise _refused(type(error).__name__) from None
    if not hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()):
        raise _refused("nonce")
    _check_party(claims, expected.client_id)
    return _identity(claims)


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """A token for several audiences names in `azp` the one that may use it."""
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp")
    if (len(audiences) > 1 and party is None) or party not in {None, client_id}:
        raise _refused("azp")


def _identity(claims: dict[str, Any]) -> Identity:
    verified = claims.get("email_verified") is True
    email = str(claims.get("email") or "").strip().lower() if verified else ""
    subject = str(claims["sub"])
    name = str(claims.get("name") or email.partition("@")[0] or "New user")
    return Identity(str(claims["iss"]), subject, email or None, name[:120])


def _refused(reason: str) -> IdentityRefused:
    return IdentityRefused("The identity provider's answer is not valid.", {"reason": reason})
