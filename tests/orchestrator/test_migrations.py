"""The migrations build exactly the tables that the code declares, with the tenant in every reference."""

import asyncio

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

import orchestrator.app  # noqa: F401 declares every table
from orchestrator.core.database import Database, metadata
from orchestrator.migrations.run import upgrade
from orchestrator.settings import Settings
from tests.support.school import found_school

# A webhook is stored as it came, before anybody knows whose room it speaks of.
WITHOUT_TENANT = {"tenants", "webhook_inbox"}


async def test_the_newest_schema_is_what_the_code_declares(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_and_from_two_places_changes_nothing(settings: Settings) -> None:
    await asyncio.gather(*(asyncio.to_thread(upgrade, settings.database_url) for _ in range(2)))


def test_every_table_and_every_reference_carries_the_tenant() -> None:
    for table in metadata.sorted_tables:
        if table.name in WITHOUT_TENANT:
            continue
        assert "tenant_id" in table.c, table.name
        for key in table.foreign_key_constraints:
            assert "tenant_id" in [column.name for column in key.columns], (table.name, key.name)


async def test_a_row_cannot_point_into_another_tenant(database: Database) -> None:
    ours, theirs = await found_school(database), await found_school(database)
    lessons = metadata.tables["lessons"]
    with pytest.raises(IntegrityError):
        async with database.system_transaction() as tx:
            await tx.execute(
                sa.update(lessons)
                .where(lessons.c.id == ours.lesson_id)
                .values(course_id=theirs.course_id)
            )
