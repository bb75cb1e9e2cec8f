"""Which issuer signs people in besides the local accounts, from the settings; Clerk is one like any other."""

import base64
import binascii
from urllib.parse import urlsplit

import msgspec

from orchestrator.settings import Secret, Settings, SettingsError, variable

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CALLBACK = "/api/auth/oidc/callback"


class Provider(msgspec.Struct, frozen=True):
    """`missing` names the settings without which nobody can sign in there."""

    issuer: str
    client_id: str
    client_secret: Secret
    name: str
    redirect_uri: str
    missing: tuple[str, ...] = ()


def provider_of(settings: Settings) -> Provider | None:
    """Raises SettingsError for an issuer that is not HTTPS; on loopback plain HTTP is enough, in embedded mode."""
    issuer = clerk_issuer(settings) or settings.oidc_issuer
    if not issuer:
        return None
    check_secure(issuer, settings)
    needed = ("oidc_client_id", "oidc_client_secret")
    return Provider(
        issuer=issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name or _default_name(settings, issuer),
        redirect_uri=settings.public_url + CALLBACK,
        missing=tuple(variable(field) for field in needed if not getattr(settings, field)),
    )


def clerk_issuer(settings: Settings) -> str | None:
    """A publishable key is `pk_test_` or `pk_live_` and base64 of the frontend API's host with a `$` behind it.

    Source: clerk.com/docs, "Clerk environment variables". Raises SettingsError for anything else.
    """
    key = settings.next_public_clerk_publishable_key
    if not key or not settings.clerk_secret_key:
        return None
    name = variable("next_public_clerk_publishable_key")
    try:
        coded = key.split("_", 2)[2]
        host = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode()
    except (IndexError, binascii.Error, UnicodeDecodeError):
        raise SettingsError(f"{name} is not a publishable key of Clerk") from None
    if not host.endswith("$") or "/" in host:
        raise SettingsError(f"{name} is not a publishable key of Clerk")
    return f"https://{host[:-1]}"


def check_secure(url: str, settings: Settings) -> None:
    """Raises SettingsError."""
    parts = urlsplit(url)
    local = parts.hostname in LOOPBACK and settings.mode == "embedded"
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
        raise SettingsError(f"an identity provider is reached by https:// only, not at {url}")


def _default_name(settings: Settings, issuer: str) -> str:
    return "Clerk" if clerk_issuer(settings) else urlsplit(issuer).hostname or issuer
