"""From a worker's report over HTTP to the timeline, the newest numbers and the log."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.egress import selection
from orchestrator.egress.statistics import timeline
from orchestrator.egress.statistics.tables import samples
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.events import DestinationChanged, EgressStarted, Event
from schema.streams import redact
from tests.orchestrator.egress.test_api import choose, new_destination
from tests.support.school import Caller, School

URL = redact("rtmp://127.0.0.1:19350/live/key-of-one")
NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)


class OnAir:
    """A session with one destination that is live by the log of egress EG_1."""

    def __init__(self, caller: Caller, school: School, settings: Settings) -> None:
        self.caller, self.school = caller, school
        self.session_id, self.name = UUID(int=0), ""
        self._token = settings.internal_token.reveal()
        self._at_ms = int(time.time() * 1000)

    async def begin(self, database: Database) -> None:
        self.name = await new_destination(self.caller, self.school.teacher, "one")
        self.session_id = await self.caller.new_session(self.school)
        await choose(self.caller, self.school.teacher, self.session_id, [self.name])
        live = DestinationChanged(destination_id=UUID(self.name), status="live")
        happened: list[Event] = [EgressStarted(egress_id="EG_1", attempt=1), live]
        log: EventLog[SessionState] = EventLog(SessionState(), evolve, [selection.project])
        async with database.system_transaction() as tx:
            await log.append(
                tx, self.school.tenant_id, self.session_id, "began", lambda _: happened
            )

    async def report(self, times: int = 1, *, egress: str = "EG_1", **changes: Any) -> int:
        """Returns how many measurements the last of them brought."""
        new = 0
        for _ in range(times):
            self._at_ms += 2000
            new = await self.send(egress, changes)
        return new

    async def send(self, egress: str = "EG_1", changes: dict[str, Any] | None = None) -> int:
        stream = {
            "url": URL,
            "bitrateBps": 3_000_000,
            "fps": 30.0,
            "droppedFrames": 0,
            "queuedBytes": 0,
        }
        body = {
            "egressId": egress,
            "atUnixMs": self._at_ms,
            "spanS": 2,
            "targetBps": 3_128_000,
            "starved": False,
            "streams": [stream | (changes or {}), stream | {"url": "rtmp://nobody/{...}"}],
        }
        reply = await self.caller.http.post(
            f"/api/internal/sessions/{self.session_id}/statistics",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
        )
        assert reply.status_code == 200, reply.text
        return int(reply.json()["accepted"])

    async def shown(self) -> dict[str, Any]:
        path = f"/api/sessions/{self.session_id}/destinations"
        (one,) = (await self.caller.get(self.school.teacher, path)).json()
        found: dict[str, Any] = one
        return found


@pytest.fixture
async def on_air(caller: Caller, school: School, settings: Settings, database: Database) -> OnAir:
    made = OnAir(caller, school, settings)
    await made.begin(database)
    return made


async def test_the_newest_numbers_are_shown_and_the_timeline_has_them_all(on_air: OnAir) -> None:
    assert (await on_air.shown())["stats"] is None
    assert await on_air.report(8) == 1
    assert await on_air.report(bitrateBps=2_900_000) == 1
    shown = await on_air.shown()
    assert (shown["status"], shown["stats"]["bitrateBps"]) == ("live", 2_900_000)
    path = f"/api/sessions/{on_air.session_id}/destinations/timeline"
    (line,) = (await on_air.caller.get(on_air.school.teacher, path)).json()
    assert line["destinationId"] == on_air.name
    bitrates = [sample["bitrateBps"] for sample in line["samples"]]
    assert bitrates == [3_000_000] * 8 + [2_900_000]
    assert (await on_air.caller.get(on_air.school.student, path)).status_code == 403


async def test_a_report_that_comes_twice_or_from_an_old_egress_changes_nothing(
    on_air: OnAir,
) -> None:
    assert await on_air.report() == 1
    assert await on_air.send() == 0
    assert await on_air.report(egress="EG_0") == 0


async def test_a_link_that_drops_pictures_is_degraded_until_it_is_well_again(
    on_air: OnAir,
) -> None:
    await on_air.report(2, droppedFrames=12)
    assert (await on_air.shown())["status"] == "live"
    await on_air.report(droppedFrames=12)
    degraded = await on_air.shown()
    assert degraded["status"] == "degraded"
    assert "dropped" in degraded["reason"]
    assert degraded["stats"]["trouble"] == "drops"
    await on_air.report(5)
    well = await on_air.shown()
    assert (well["status"], well["reason"], well["reconnects"]) == ("live", None, 0)


async def test_old_reports_become_minutes(on_air: OnAir, database: Database) -> None:
    row = {
        "tenant_id": on_air.school.tenant_id,
        "session_id": on_air.session_id,
        "destination_id": UUID(on_air.name),
        "span_s": 2,
        "fps": 30.0,
        "queued_bytes": 5,
        "trouble": None,
    }
    rows = [
        row
        | {
            "at": NOW - timedelta(hours=5) + timedelta(seconds=second),
            "bitrate_bps": 1000 * second,
            "dropped_frames": 1,
        }
        for second in range(0, 60, 2)
    ]
    async with database.system_transaction() as tx:
        await timeline.keep(tx, rows)
        await timeline.thin(tx, NOW)
        await timeline.thin(tx, NOW)
        found = (await tx.execute(sa.select(samples).order_by(samples.c.at))).mappings().all()
    assert [(one["span_s"], one["dropped_frames"]) for one in found] == [(60, 15), (60, 15)]
    assert [one["bitrate_bps"] for one in found] == [14_000, 44_000]
    async with database.system_transaction() as tx:
        await timeline.thin(tx, NOW + timedelta(days=91))
        assert await tx.scalar(sa.select(sa.func.count()).select_from(samples)) == 0
