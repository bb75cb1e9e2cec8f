"""`lectern user`, on a database that the environment names."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.audit.tables import audit_log
from orchestrator.auth.tables import tenants
from orchestrator.cli.accounts.main import place_of, run
from orchestrator.cli.accounts.people import choose_school
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from schema.errors import NotFound
from tests.support.school import found_school


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url.reveal(),
        "LECTERN_PUBLIC_URL": "https://class.example",
    }


async def test_the_first_admin_of_a_new_installation(
    database: Database,
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def lectern_user(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["--data", str(tmp_path), *arguments], environ)
        return code, capsys.readouterr().out

    emma = "emma@school.test"
    assert (await lectern_user("list"))[0] == 1
    made, said = await lectern_user("add", emma, "--name", "Emma", "--role", "admin")
    assert made == 0
    assert "https://class.example/set-password#" in said
    again, said = await lectern_user("add", emma, "--name", "Emma")
    assert (again, said) == (1, "lectern: Another account has this address.\n")
    _, said = await lectern_user("list")
    assert all(word in said for word in (emma, "Emma", "admin"))
    refused, said = await lectern_user("disable", emma)
    assert refused == 1
    assert "last admin" in said
    assert "set-password#" in (await lectern_user("password", emma.upper()))[1]
    assert (await lectern_user("password", "nobody@school.test"))[0] == 1
    assert (await lectern_user("add", "no address", "--name", "Nobody"))[0] == 1
    async with database.system_transaction() as tx:
        actors = set((await tx.execute(sa.select(audit_log.c.actor_id))).scalars())
    assert actors == {None}


async def test_with_several_schools_it_wants_to_know_which(database: Database) -> None:
    ours = await found_school(database, "Highbury")
    await found_school(database, "Randalls")
    async with database.system_transaction() as tx:
        assert await choose_school(tx, "Highbury", may_make=False) == ours.tenant_id
        for name, may_make in (("", True), ("Donwell", False)):
            with pytest.raises(NotFound):
                await choose_school(tx, name, may_make=may_make)
        await choose_school(tx, "Donwell", may_make=True)
        names = set((await tx.execute(sa.select(tenants.c.name))).scalars())
    assert names == {"Highbury", "Randalls", "Donwell"}


def test_without_a_stack_the_environment_counts(environ: dict[str, str], tmp_path: Path) -> None:
    assert place_of(tmp_path, environ).web == "https://class.example"
