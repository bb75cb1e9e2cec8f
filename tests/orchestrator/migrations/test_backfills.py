"""What a migration does to rows that were there before it, on a database of the revision before."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from orchestrator.migrations.run import upgrade
from orchestrator.settings import Secret, Settings


class OldDatabase:
    """One of its own, from before the migration in question; each statement is a transaction."""

    def __init__(self, url: Secret) -> None:
        self.url = url

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """The rows of the last one."""
        return asyncio.run(self._run(statements))

    def add(self, table: str, **values: object) -> UUID:
        """With an id of its own; returns that."""
        key = uuid4()
        row = {"id": key, **values}
        text = ", ".join("null" if v is None else f"'{v}'" for v in row.values())
        self.run(f"insert into {table} ({', '.join(quoted(row))}) values ({text})")
        return key

    def upgrade(self, to: str) -> None:
        upgrade(self.url, to)

    async def _run(self, statements: tuple[str, ...]) -> list[tuple[object, ...]]:
        engine = create_async_engine(self.url.reveal(), poolclass=NullPool)
        rows: list[tuple[object, ...]] = []
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for statement in statements:
                found = await connection.execute(sa.text(statement))
                rows = [tuple(row) for row in found] if found.returns_rows else []
        await engine.dispose()
        return rows


def quoted(names: dict[str, object]) -> list[str]:
    return [f'"{name}"' for name in names]


@pytest.fixture
def old(settings: Settings) -> Iterator[OldDatabase]:
    server = OldDatabase(settings.database_url)
    name = f"old_{uuid4().hex}"
    server.run(f"create database {name}")
    url = make_url(settings.database_url.reveal()).set(database=name)
    yield OldDatabase(Secret(url.render_as_string(hide_password=False)))
    server.run(f"drop database {name} with (force)")


@pytest.fixture
def tenant(old: OldDatabase) -> UUID:
    """Of the very first schema."""
    old.upgrade("0002")
    return old.add("tenants", name="School")


def person(old: OldDatabase, tenant: UUID) -> UUID:
    row = {"email": f"{uuid4()}@school.test", "name": "Bo", "hashed_password": ""}
    return old.add("users", tenant_id=tenant, **row)


def course(old: OldDatabase, tenant: UUID, title: str) -> UUID:
    return old.add("courses", tenant_id=tenant, title=title, created_at="2026-01-01T10:00Z")


def lesson(old: OldDatabase, tenant: UUID, course_id: UUID, order: int) -> UUID:
    row = {"title": "Emma", "order": order, "created_at": "2026-01-01T10:00Z"}
    return old.add("lessons", tenant_id=tenant, course_id=course_id, **row)


def test_enrolment_puts_students_where_they_were_and_keeps_the_highest_role(
    old: OldDatabase, tenant: UUID
) -> None:
    student, helper = person(old, tenant), person(old, tenant)
    roles = {name: old.add("roles", tenant_id=tenant, name=name) for name in ("student", "teacher")}
    novels, poems = course(old, tenant, "Novels"), course(old, tenant, "Poems")
    held = {"tenant_id": tenant, "scope": "tenant", "scope_id": None}
    old.add("user_roles", user_id=student, role_id=roles["student"], **held)
    for role in roles.values():
        place = {"tenant_id": tenant, "scope": "course", "scope_id": novels}
        old.add("user_roles", user_id=helper, role_id=role, **place)
    old.upgrade("0017")
    assert set(
        old.run(
            "select g.user_id, r.name, g.scope_id from user_roles g"
            " join roles r on r.id = g.role_id where g.scope = 'course'"
        )
    ) == {(student, "student", novels), (student, "student", poems), (helper, "teacher", novels)}
    assert old.run("select distinct enrols_everybody from courses") == [(True,)]


def test_lessons_of_one_place_get_places_of_their_own(old: OldDatabase, tenant: UUID) -> None:
    novels = course(old, tenant, "Novels")
    last = lesson(old, tenant, novels, 7)
    same = {lesson(old, tenant, novels, 3) for _ in range(2)}
    old.upgrade("0009")
    rows = old.run('select id, "order", version from lessons order by "order"')
    assert [(place, version) for _, place, version in rows] == [(1, 1), (2, 1), (3, 1)]
    assert {rows[0][0], rows[1][0]} == same
    assert rows[2][0] == last


def test_replays_move_out_of_the_artifacts(old: OldDatabase, tenant: UUID) -> None:
    lesson_id = lesson(old, tenant, course(old, tenant, "Novels"), 1)
    times = {"scheduled_start": "2026-01-01T10:00Z", "scheduled_end": "2026-01-01T11:00Z"}
    owned = {"tenant_id": tenant, "created_at": "2026-01-01T10:00Z"}
    session = old.add("sessions", lesson_id=lesson_id, title="Emma", **times, **owned)
    made = {"session_id": session, "provenance": '{"kind": "test"}', **owned}
    replay = old.add("artifacts", type="replay", data_key="a/replay.json", **made)
    transcript = old.add("artifacts", type="transcript", data_key="a/transcript.json", **made)
    old.upgrade("0014")
    assert old.run("select id, session_id, metadata_json from replays") == [
        (replay, session, {"key": "a/replay.json", "provenance": {"kind": "test"}})
    ]
    assert old.run("select id from artifacts") == [(transcript,)]
