"""The audit log: who did what to whom outside of sessions."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from schema.base import Wire

AuditAction = Literal[
    "sign_in.succeeded",
    "sign_in.failed",
    "sign_in.ended_everywhere",
    "password.changed",
    "password.link_made",
    "password.set_by_link",
    "identity.linked",
    "user.created",
    "user.updated",
    "user.disabled",
    "user.enabled",
    "role.granted",
    "role.revoked",
    "api_key.created",
    "api_key.revoked",
    "account.connected",
    "account.disconnected",
    "branding.changed",
]


class AuditEntry(Wire, frozen=True):
    """`actor_id` is null for the command line and for who did not get in; `target_id` is the user or key it is about."""

    id: UUID
    at: datetime
    action: AuditAction
    actor_id: UUID | None
    actor_name: str | None
    target_id: UUID | None
    target_name: str | None
    details: dict[str, Any]
