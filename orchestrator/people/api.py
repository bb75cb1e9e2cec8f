"""Order in class: rights, hands, muting, the door. For who keeps order, but for one's own hand."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.guard.limits import CLICKING, Limiter
from orchestrator.http.idempotency import Write
from orchestrator.people.attendance import as_csv
from orchestrator.people.reading import attendance_of
from orchestrator.people.service import Order, Turn
from schema.base import Command
from schema.people import (
    Attendance,
    ChangePermissions,
    ChangeRules,
    ClassMember,
    Mute,
    Muted,
    Rules,
)


class ParticipantsController(Controller):
    path = "/api/sessions/{session_id:uuid}/participants"
    tags = ("people",)

    @patch("/{participant_id:uuid}/permissions")
    async def change_permissions(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        data: JSONBody[ChangePermissions],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> ClassMember:
        """The room follows within moments. Giving the microphone lowers the hand."""
        return await write.once(
            data,
            lambda tx, key: class_order.permit(
                Turn(tx, key, principal, session_id), participant_id, data
            ),
            ClassMember,
        )

    @post("/{participant_id:uuid}/mute", status_code=200)
    async def mute_participant(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        data: JSONBody[Mute],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> Muted:
        """Who is muted may switch it on again; nobody's microphone is ever switched on for them."""
        return await write.once(
            data,
            lambda tx, key: class_order.mute(
                Turn(tx, key, principal, session_id), data.source, participant_id
            ),
            Muted,
        )

    @post("/mute", status_code=200)
    async def mute_all_students(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[Mute],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> Muted:
        """All students."""
        return await write.once(
            data,
            lambda tx, key: class_order.mute(Turn(tx, key, principal, session_id), data.source),
            Muted,
        )

    @delete("/{participant_id:uuid}", status_code=200)
    async def remove_participant(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> ClassMember:
        """Out of the room, and not in again before being readmitted."""
        return await write.once(
            Command(),
            lambda tx, key: class_order.remove(
                Turn(tx, key, principal, session_id), participant_id
            ),
            ClassMember,
        )

    @post("/{participant_id:uuid}/readmit", status_code=200)
    async def readmit_participant(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> ClassMember:
        return await write.once(
            Command(),
            lambda tx, key: class_order.readmit(
                Turn(tx, key, principal, session_id), participant_id
            ),
            ClassMember,
        )

    @delete("/{participant_id:uuid}/hand", status_code=200)
    async def lower_hand(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> ClassMember:
        return await write.once(
            Command(),
            lambda tx, key: class_order.lower_hand(
                Turn(tx, key, principal, session_id), participant_id
            ),
            ClassMember,
        )


class AttendanceController(Controller):
    path = "/api/sessions/{session_id:uuid}/attendance"
    tags = ("people",)

    @get()
    async def attendance(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Attendance:
        """Who was there, from when to when, and who of the course never came."""
        async with database.transaction(principal.tenant_id) as tx:
            return await attendance_of(tx, principal, session_id)

    @get("/export", media_type="text/csv")
    async def export_attendance(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Response[str]:
        """As CSV; no cell of it is a formula to a spreadsheet."""
        async with database.transaction(principal.tenant_id) as tx:
            found = await attendance_of(tx, principal, session_id)
        name = f'attachment; filename="attendance-{session_id}.csv"'
        return Response(
            as_csv(found),
            media_type="text/csv",
            headers={"Content-Disposition": name},
        )


class ClassOrderController(Controller):
    path = "/api/sessions/{session_id:uuid}"
    tags = ("people",)

    @post("/hand", status_code=200)
    async def raise_hand(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
        limiter: NamedDependency[Limiter],
    ) -> ClassMember:
        """One's own; raising it again keeps its place in the order."""
        await limiter.spend("clicking", str(principal.user_id), CLICKING)
        return await write.once(
            Command(),
            lambda tx, key: class_order.hand(Turn(tx, key, principal, session_id), up=True),
            ClassMember,
        )

    @delete("/hand", status_code=200)
    async def lower_own_hand(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
        limiter: NamedDependency[Limiter],
    ) -> ClassMember:
        """One's own."""
        await limiter.spend("clicking", str(principal.user_id), CLICKING)
        return await write.once(
            Command(),
            lambda tx, key: class_order.hand(Turn(tx, key, principal, session_id), up=False),
            ClassMember,
        )

    @delete("/hands")
    async def lower_all_hands(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> None:
        async def work(tx: Transaction, key: str) -> Command:
            await class_order.lower_all_hands(Turn(tx, key, principal, session_id))
            return Command()

        await write.once(Command(), work, Command)

    @put("/lock")
    async def lock_room(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> Rules:
        """Nobody new comes in; who was in may come back, and staff always."""
        return await write.once(
            Command(),
            lambda tx, key: class_order.lock(Turn(tx, key, principal, session_id), locked=True),
            Rules,
        )

    @delete("/lock", status_code=200)
    async def unlock_room(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> Rules:
        return await write.once(
            Command(),
            lambda tx, key: class_order.lock(Turn(tx, key, principal, session_id), locked=False),
            Rules,
        )

    @put("/rules")
    async def change_class_rules(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ChangeRules],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        class_order: NamedDependency[Order],
    ) -> Rules:
        """Sets what all students may publish, those asked or silenced one by one included."""
        return await write.once(
            data,
            lambda tx, key: class_order.change_rules(Turn(tx, key, principal, session_id), data),
            Rules,
        )
