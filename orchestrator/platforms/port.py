"""What Lectern asks of a streaming platform: one file each in `vendors`, one line in its registry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from orchestrator.settings import Secret
from schema.platforms import IssueSeverity, PlatformName, PlatformVerdict


class TokenRefused(Exception):
    """The platform does not take this access token (any more): a new one may help."""


class OAuthApp(msgspec.Struct, frozen=True):
    """Lectern as the platform knows it. `missing` names the settings without which nobody can connect; `pkce` whether the
    platform documents a code challenge; `extra` goes with the browser's departure."""

    authorize_url: str
    token_url: str
    revoke_url: str
    scopes: tuple[str, ...]
    pkce: bool
    client_id: str
    client_secret: Secret
    missing: tuple[str, ...]
    extra: Mapping[str, str] = {}


class Account(msgspec.Struct, frozen=True):
    """`id` never changes on the platform; `name` is what people see."""

    id: str
    name: str


class Broadcast(msgspec.Struct, frozen=True):
    """One class on one account; `marker` is the same at every try, so that nothing is made twice."""

    title: str
    marker: str
    starts_at: datetime


class Ingest(msgspec.Struct, frozen=True):
    """Where the platform wants the stream: whatever it said, not checked yet. `reference` is how it calls the stream."""

    url: str
    key: Secret
    reference: str = ""


class Issue(msgspec.Struct, frozen=True):
    """What the platform finds wrong with a stream, in its own words."""

    severity: IssueSeverity
    message: str


class Health(msgspec.Struct, frozen=True):
    """What the platform says of a stream that it gets."""

    status: PlatformVerdict
    issues: tuple[Issue, ...] = ()


class Platform(Protocol):
    """Every call raises TokenRefused, PlatformRefused, PlatformUnavailable."""

    slug: PlatformName
    name: str
    app: OAuthApp

    async def account(self, token: Secret) -> Account:
        """Whose token it is; also the check that it still works."""
        ...

    async def go_live(self, token: Secret, account: str, broadcast: Broadcast) -> Ingest:
        """Makes what the platform needs for the class to be seen, or finds it made."""
        ...

    async def rehearse(self, token: Secret, account: str) -> Ingest:
        """Where two seconds of a test picture may go, unseen where the platform allows."""
        ...

    async def health(self, token: Secret, account: str, reference: str) -> Health:
        """How the stream arrives there; one cheap call, for it is repeated while a class is live."""
        ...
