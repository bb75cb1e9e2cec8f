"""The second wall: whatever a query forgets, the database shows and takes one tenant's rows only."""

import asyncio
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ProgrammingError

from orchestrator.core.database import MEMBER_ROLE, Database, metadata
from orchestrator.courses.tables import courses
from orchestrator.migrations.run import upgrade
from orchestrator.migrations.walls import APPEND_ONLY
from orchestrator.settings import Secret, Settings
from tests.support.school import NOW, found_school

OWNED = sorted(table.name for table in metadata.tables.values() if "tenant_id" in table.c)
OF_NOBODY = sorted(set(metadata.tables) - set(OWNED) - {"tenants"})


async def rights(database: Database, table: str) -> set[str]:
    wanted = ("select", "insert", "update", "delete", "truncate")
    async with database.system_transaction() as tx:
        return {
            right
            for right in wanted
            if await tx.scalar(sa.select(sa.func.has_table_privilege(MEMBER_ROLE, table, right)))
        }


@pytest.mark.parametrize("table", sorted(metadata.tables))
async def test_every_table_has_a_wall(database: Database, table: str) -> None:
    async with database.system_transaction() as tx:
        secured = await tx.scalar(
            sa.text(
                "select relrowsecurity from pg_class where oid = cast(:t as regclass)"
            ).bindparams(t=table)
        )
        policies = await tx.execute(
            sa.text("select qual, roles::text from pg_policies where tablename = :t").bindparams(
                t=table
            )
        )
    column = "id" if table == "tenants" else "tenant_id"
    rule = f"({column} = (current_setting('lectern.tenant_id'::text))::uuid)"
    expected = [] if table in OF_NOBODY else [(rule, f"{{{MEMBER_ROLE}}}")]
    assert secured
    assert [tuple(row) for row in policies] == expected


@pytest.mark.parametrize("table", OF_NOBODY)
async def test_members_never_touch_what_belongs_to_no_tenant(
    database: Database, table: str
) -> None:
    assert await rights(database, table) == set()


@pytest.mark.parametrize("table", sorted(APPEND_ONLY & set(metadata.tables)))
async def test_a_log_can_only_grow(database: Database, table: str) -> None:
    assert await rights(database, table) == {"select", "insert"}


async def test_a_member_cannot_write_for_another_tenant(database: Database) -> None:
    ours, theirs = await found_school(database), await found_school(database)
    row = {"id": uuid4(), "tenant_id": theirs.tenant_id, "title": "Smuggled", "created_at": NOW}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(ours.tenant_id) as tx:
            await tx.execute(sa.insert(courses).values(row))
    async with database.transaction(ours.tenant_id) as tx:
        moved = await tx.execute(sa.update(courses).values(title="Taken"))
        gone = await tx.execute(sa.delete(courses).where(courses.c.id == theirs.course_id))
    assert (moved.rowcount, gone.rowcount) == (1, 0)
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(ours.tenant_id) as tx:
            await tx.execute(sa.update(courses).values(tenant_id=theirs.tenant_id))


async def test_the_wall_stands_for_one_transaction(database: Database) -> None:
    """Pooled connections go from one tenant to another, and to Lectern itself."""
    schools = [await found_school(database) for _ in range(3)]

    async def seen(tenant_id: UUID) -> list[UUID]:
        async with database.transaction(tenant_id) as tx:
            rows = await tx.execute(sa.select(courses.c.tenant_id))
            return list(rows.scalars())

    wanted = [school.tenant_id for school in schools] * 10
    assert await asyncio.gather(*(seen(tenant_id) for tenant_id in wanted)) == [
        [tenant_id] for tenant_id in wanted
    ]
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(courses)) == 3


async def test_a_member_of_no_tenant_sees_nothing(database: Database) -> None:
    async def look() -> None:
        async with database.system_transaction() as tx:
            await tx.execute(sa.text(f"set local role {MEMBER_ROLE}"))
            await tx.execute(sa.select(courses))

    await found_school(database)
    with pytest.raises(DBAPIError, match=r"lectern\.tenant_id"):
        await look()


async def test_it_works_for_a_database_user_who_is_no_superuser(
    database: Database, settings: Settings
) -> None:
    """As on a managed server: the user that migrates owns the tables, and may make roles but not pass walls."""
    name = f"managed_{uuid4().hex[:8]}"
    async with database.engine.connect() as raw:
        plain = await raw.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(sa.text(f"create role {name} login createrole password 'managed'"))
        await plain.execute(sa.text(f"grant {MEMBER_ROLE} to {name}"))
        await plain.execute(sa.text(f"create database {name} owner {name}"))
    url = sa.make_url(settings.database_url.reveal()).set(
        username=name, password="managed", database=name
    )
    secret = Secret(url.render_as_string(hide_password=False))
    await asyncio.to_thread(upgrade, secret)
    managed = Database(secret, pool_size=1)
    try:
        ours, _ = await found_school(managed), await found_school(managed)
        async with managed.transaction(ours.tenant_id) as tx:
            assert list((await tx.execute(sa.select(courses.c.id))).scalars()) == [ours.course_id]
        async with managed.system_transaction() as tx:
            assert await tx.scalar(sa.select(sa.func.count()).select_from(courses)) == 2
    finally:
        await managed.close()
