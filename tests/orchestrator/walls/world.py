"""Two schools, everything of the second made once, and those who must not touch it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa

from orchestrator.auth.access import ACCESS, Rule
from orchestrator.core.database import Database, metadata
from orchestrator.courses.tables import courses
from tests.support.objects import Form, Objects, Request
from tests.support.school import NOW, Caller, Member, School, bearer, enrol, found_school
from tests.support.studio import png

# About an object, for members: what can be called with an id that is not the caller's business.
ABOUT = sorted(
    route for route, rule in ACCESS.items() if rule.at and isinstance(rule.who, frozenset)
)


class World:
    """`ours` and `theirs` are schools; `things` is all that the table names of theirs, `own` of ours."""

    ours: School
    theirs: School
    own: Objects
    things: Objects
    other_teacher: Member
    stranger: Member
    guest: Member
    machine: Member

    def __init__(self, caller: Caller, database: Database) -> None:
        self.caller = caller
        self.database = database

    async def found(self) -> None:
        self.ours = await found_school(self.database)
        self.theirs = await found_school(self.database, "Another school")
        self.own = Objects(self.caller, self.ours)
        self.things = Objects(self.caller, self.theirs)
        async with self.database.system_transaction() as tx:
            elsewhere = await self._course(tx, self.ours.tenant_id)
            self.other_teacher = await enrol(tx, self.ours.tenant_id, "teacher", elsewhere)
            self.stranger = await enrol(tx, self.ours.tenant_id, "student", elsewhere)
        self.guest = await self._invited()
        self.machine = await self._programmed()

    async def _programmed(self) -> Member:
        """A program of ours, with the key of a teacher who does nothing else: its pace is its own."""
        async with self.database.system_transaction() as tx:
            maker = await enrol(tx, self.ours.tenant_id, "teacher")
        wanted = {"name": "Timetable", "role": "teacher"}
        made = (await self.caller.post(maker, "/api/api-keys", wanted)).json()
        return Member(maker.tenant_id, maker.user_id, "teacher", made["secret"])

    async def _invited(self) -> Member:
        """A guest of another session of ours."""
        path = f"/api/sessions/{await self.caller.new_session(self.ours)}/invitations"
        made = (await self.caller.post(self.ours.teacher, path, {})).json()
        link = {"token": made["url"].rpartition("#")[2], "name": "Cy"}
        reply = await self.caller.post(None, "/api/invitations/accept", link)
        self.caller.http.cookies.clear()
        body = reply.json()
        return Member(self.ours.tenant_id, UUID(body["user"]["id"]), "student", body["token"])

    async def _course(self, tx: Any, tenant_id: UUID) -> UUID:
        course_id = uuid4()
        row = {"id": course_id, "tenant_id": tenant_id, "title": "Plays", "created_at": NOW}
        await tx.execute(sa.insert(courses).values(row))
        return course_id

    async def send(
        self, who: Member | None, request: Request, key: str | None = None
    ) -> httpx.Response:
        method, path, body = request
        headers = bearer(who) | ({} if key == "" else {"Idempotency-Key": key or str(uuid4())})
        if isinstance(body, Form):
            picture = {"file": ("picture.png", png())}
            return await self.caller.http.post(path, data=body, files=picture, headers=headers)
        return await self.caller.http.request(method, path, json=body, headers=headers)

    async def contents(self) -> dict[str, tuple[int, str]]:
        """Every table's number of rows and a hash of all it holds."""
        parts = [
            f"select '{name}' as name, count(*) as rows, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as content"
            f' from "{name}" t'
            for name in sorted(metadata.tables)
        ]
        async with self.database.system_transaction() as tx:
            rows = (await tx.execute(sa.text(" union all ".join(parts)))).all()
            return {row.name: (row.rows, row.content) for row in rows}


def allowed(rule: Rule, school: School) -> list[Member]:
    return [member for role, member in school.members.items() if role in rule.who]
