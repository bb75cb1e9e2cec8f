"""What a crash between store and database leaves behind is cleared away, and nothing else is."""

from datetime import timedelta

import pytest

from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings
from orchestrator.studio.loose import GRACE, Loose, name
from schema.errors import StorageUnavailable
from tests.support.school import Caller, School, bearer
from tests.support.studio import Desk, png

LATER = GRACE + timedelta(seconds=1)


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage.from_settings(settings)


@pytest.fixture
def now(database: Database, storage: Storage) -> Loose:
    return Loose(database, storage)


@pytest.fixture
def later(database: Database, storage: Storage) -> Loose:
    return Loose(database, storage, lambda: utc_now() + LATER)


async def test_what_no_row_names_goes_after_an_hour(
    now: Loose, later: Loose, storage: Storage, school: School
) -> None:
    place = f"{school.tenant_id}/somewhere/assets/half"
    await now.expect(school.tenant_id, place)
    for page in ("0001.webp", "0001.small.webp"):
        await storage.put(f"{place}/{page}", b"a page")
    await now.sweep()
    assert len(await storage.list(place)) == 2
    assert await later.sweep() > 0
    assert await storage.list(place) == []


async def test_what_a_row_names_stays(desk: Desk, later: Loose, storage: Storage) -> None:
    asset = await desk.asset(png())
    await later.sweep()
    place = f"{desk.who.tenant_id}/{desk.session_id}/assets/{asset['id']}"
    assert len(await storage.list(place)) == 2


async def test_what_the_store_kept_of_a_removed_file_goes(
    desk: Desk, later: Loose, storage: Storage
) -> None:
    asset = await desk.asset(png())
    await desk.send("DELETE", f"/api/studio/assets/{asset['id']}")
    place = f"{desk.who.tenant_id}/{desk.session_id}/assets/{asset['id']}"
    await storage.put(f"{place}/0001.webp", b"as if the store had been away")
    await later.sweep()
    assert await storage.list(place) == []


async def test_an_old_logo_goes_and_the_new_one_stays(
    caller: Caller, school: School, later: Loose, storage: Storage
) -> None:
    async def shown(color: str) -> str:
        headers = bearer(school.admin) | {"Idempotency-Key": color}
        files = {"file": ("logo.png", png(color=color))}
        reply = await caller.http.post("/api/branding/logo", headers=headers, files=files)
        return str(reply.json()["logoUrl"])

    _, new = await shown("red"), await shown("blue")
    folder = f"{school.tenant_id}/branding"
    assert len(await storage.list(folder)) == 2
    await later.sweep()
    (left,) = await storage.list(folder)
    assert left in new


async def test_what_was_cleared_away_is_named_no_more(
    now: Loose, later: Loose, database: Database, school: School
) -> None:
    place = f"{school.tenant_id}/somewhere/assets/late"
    await now.expect(school.tenant_id, place)
    await later.sweep()
    with pytest.raises(StorageUnavailable):
        async with database.transaction(school.tenant_id) as tx:
            await name(tx, place)
