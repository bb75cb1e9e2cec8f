"""/api/sessions/{id}/invitations for staff, and /api/invitations/accept for who has the link."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.auth.api import signed_in
from orchestrator.auth.domain import Principal
from orchestrator.auth.signin.browser import address_of
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.http.idempotency import KeyHeader, Write, chosen_key
from orchestrator.http.problems import AnyRequest
from orchestrator.invitations.service import Invitations
from orchestrator.settings import Settings
from schema.base import Page
from schema.invitations import (
    AcceptInvitation,
    CreateInvitation,
    GuestReply,
    Invitation,
    InvitationLink,
    RevokeInvitation,
)

# A class behind one address comes in within minutes; a guesser of 256 bits gets nowhere anyway.
PER_ADDRESS = Limit(60, 300)


RemoveGuests = Annotated[bool, QueryParameter(name="removeGuests")]


class SessionInvitationsController(Controller):
    path = "/api/sessions/{session_id:uuid}/invitations"
    tags = ("invitations",)

    @get()
    async def invitations_of_session(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        invitations: NamedDependency[Invitations],
    ) -> Page[Invitation]:
        """Newest first, without their links."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await invitations.listed(tx, principal, session_id))

    @post()
    async def create_invitation(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[CreateInvitation],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        invitations: NamedDependency[Invitations],
        settings: NamedDependency[Settings],
    ) -> InvitationLink:
        """The secret stands after the #, so that no server's log sees it."""
        made = await write.once(
            data,
            lambda tx, key: invitations.create(tx, key, principal, session_id, data),
            Invitation,
        )
        return InvitationLink(
            invitation=made, url=f"{settings.public_url}/invite#{invitations.token(made.id)}"
        )

    @delete("/{invitation_id:uuid}", status_code=200)
    async def revoke_invitation(
        self,
        session_id: FromPath[UUID],
        invitation_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        invitations: NamedDependency[Invitations],
        remove_guests: RemoveGuests = False,
    ) -> Invitation:
        """Nobody comes in by it any more; `removeGuests` also removes who did."""
        command = RevokeInvitation(remove_guests=remove_guests)
        return await write.once(
            command,
            lambda tx, key: invitations.revoke(
                tx, key, principal, session_id, invitation_id, command
            ),
            Invitation,
        )


class InvitationsController(Controller):
    path = "/api/invitations"
    tags = ("invitations",)

    @post("/accept")
    async def accept_invitation(
        self,
        data: JSONBody[AcceptInvitation],
        request: AnyRequest,
        invitations: NamedDependency[Invitations],
        limiter: NamedDependency[Limiter],
        settings: NamedDependency[Settings],
        idempotency_header: KeyHeader = None,
    ) -> Response[GuestReply]:
        """Makes a guest and signs them in, for this session only and not for long; a browser gets the cookie too."""
        await limiter.spend("invitation", address_of(request), PER_ADDRESS)
        key = chosen_key(idempotency_header, data.idempotency_key)
        reply = await invitations.accept(data, key)
        return Response(reply, cookies=[signed_in(settings, reply)])
