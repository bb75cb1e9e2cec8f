"""`lectern keys`: everything that is sealed moves to the new key, whenever it is interrupted."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.cli.keys.main import make_new, place_of, run
from orchestrator.cli.keys.rewrap import BATCH, SEALED, counts, rewrap
from orchestrator.cli.stack.credentials import credentials
from orchestrator.cli.stack.servers import DataFolderError
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Database, metadata
from orchestrator.destinations.tables import destinations
from orchestrator.settings import Secret, Settings, SettingsError, load_settings, old_keys
from tests.support.school import School, found_school

OLD, NEW, LOST = Secret("0f" * 32), Secret("a0" * 32), Secret("5c" * 32)
ROTATING = Keyring(NEW, [OLD])
MANY = BATCH + 7


class Interrupted(Exception):
    pass


@pytest.fixture
async def school(database: Database) -> School:
    return await found_school(database)


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url.reveal(),
        "ENCRYPTION_KEY": NEW.reveal(),
        "LECTERN_OLD_ENCRYPTION_KEYS": OLD.reveal(),
    }


async def add(database: Database, school: School, ring: Keyring, number: int) -> dict[UUID, str]:
    """Destinations sealed by `ring`, with their keys."""
    made = {new_id(): f"key-{n}" for n in range(number)}
    row: dict[str, Any] = {"type": "rtmp", "name": "x", "url": "rtmp://h/a", "status": "connected"}
    row |= {"tenant_id": school.tenant_id, "created_at": utc_now(), "updated_at": utc_now()}
    rows = [
        {**row, "id": name, "stream_key": ring.seal(Secret(key), place(school, name))}
        for name, key in made.items()
    ]
    async with database.system_transaction() as tx:
        await tx.execute(sa.insert(destinations).values(rows))
    return made


def place(school: School, name: UUID) -> Place:
    return Place("multistream_destinations", "stream_key", school.tenant_id, name)


async def opened(database: Database, school: School, ring: Keyring) -> dict[UUID, str]:
    """What a ring can read; the rest is left out."""
    found = {}
    async with database.system_transaction() as tx:
        rows = (await tx.execute(sa.select(destinations.c.id, destinations.c.stream_key))).all()
    for row in rows:
        try:
            found[row.id] = ring.open(row.stream_key, place(school, row.id)).reveal()
        except Undecryptable:
            continue
    return found


def ignore(*_: Any) -> None:
    return None


async def test_everything_is_moved_in_batches_and_told(database: Database, school: School) -> None:
    made = await add(database, school, Keyring(OLD), MANY)
    told: list[tuple[str, int, int]] = []
    outcome = await rewrap(database, ROTATING, lambda *said: told.append(said))
    assert (outcome.moved, outcome.unreadable) == (MANY, [])
    assert told == [("multistream_destinations.stream_key", done, MANY) for done in (BATCH, MANY)]
    assert await opened(database, school, Keyring(NEW)) == made
    assert (await rewrap(database, ROTATING, ignore)).moved == 0


async def test_an_interrupted_rotation_goes_on_and_all_stays_readable(
    database: Database, school: School
) -> None:
    made = await add(database, school, Keyring(OLD), MANY)

    def interrupt(*_: Any) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        await rewrap(database, ROTATING, interrupt)
    assert len(await opened(database, school, Keyring(NEW))) == BATCH
    assert await opened(database, school, ROTATING) == made
    assert (await rewrap(database, ROTATING, ignore)).moved == MANY - BATCH
    assert await opened(database, school, Keyring(NEW)) == made


async def test_a_row_that_no_key_opens_is_named_and_holds_up_nothing(
    database: Database, school: School
) -> None:
    (lost,) = await add(database, school, Keyring(LOST), 1)
    made = await add(database, school, Keyring(OLD), 3)
    outcome = await rewrap(database, ROTATING, ignore)
    assert outcome.unreadable == [f"multistream_destinations.stream_key {lost}"]
    assert await opened(database, school, Keyring(NEW)) == made


async def test_keys_are_counted_also_those_that_are_missing(
    database: Database, school: School
) -> None:
    await add(database, school, Keyring(OLD), 2)
    await add(database, school, Keyring(LOST), 1)
    async with database.system_transaction() as tx:
        found = {count.key_id: count.rows for count in await counts(tx, ROTATING)}
    new, old, lost = (ring.key_ids[0].hex() for ring in map(Keyring, (NEW, OLD, LOST)))
    assert found == {new: 0, old: 2, lost: 1}


async def test_the_command_says_what_it_did(
    database: Database,
    school: School,
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await add(database, school, Keyring(OLD), 2)
    code = await asyncio.to_thread(run, ["--data", str(tmp_path), "rotate"], environ)
    said = capsys.readouterr().out
    assert (code, "2 secrets were sealed anew." in said) == (0, True)
    assert "can be removed" in said
    assert OLD.reveal() not in said
    assert NEW.reveal() not in said


def test_every_sealed_column_is_rotated() -> None:
    """Envelopes are the only bytes in rows, but for hashes."""
    hashes = {"token_hash", "secret_hash", "state_hash", "request_hash", "input_hash"}
    bytes_in_rows = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary) and column.name not in hashes
    }
    known_other = {name for name in bytes_in_rows if name.startswith("session_snapshots.")}
    assert bytes_in_rows - known_other == {str(column) for column in SEALED}


def test_a_new_key_keeps_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError):
        make_new(tmp_path)
    before = credentials(tmp_path)
    make_new(tmp_path)
    make_new(tmp_path)
    after = credentials(tmp_path)
    assert after.old_encryption_keys[1] == before.encryption_key
    assert len({after.encryption_key, *after.old_encryption_keys}) == 3
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_keys_come_from_the_environment_without_a_stack(
    environ: dict[str, str], tmp_path: Path
) -> None:
    assert place_of(tmp_path, environ).keyring.key_ids == ROTATING.key_ids
    assert old_keys(load_settings(environ)) == [OLD]
    with pytest.raises(SettingsError, match="LECTERN_OLD_ENCRYPTION_KEYS"):
        load_settings({**environ, "LECTERN_OLD_ENCRYPTION_KEYS": "short"})
