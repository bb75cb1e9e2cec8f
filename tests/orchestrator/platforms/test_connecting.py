"""Connecting accounts of YouTube and Twitch, against strict simulators of both."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.app import create_app
from orchestrator.core.database import Database
from orchestrator.platforms.tables import departures, integrations
from orchestrator.settings import Settings
from tests.fakes.platforms import Simulator
from tests.support.accounts import CONNECTIONS, PLATFORMS, allow, come_back, connect, status
from tests.support.school import Caller, School, calling

ACCOUNTS = {"youtube": "Emma reads", "twitch": "emma_live"}
REFUSED = "/dashboard/destinations?problem=connection_refused"
each = pytest.mark.parametrize("platform", PLATFORMS)


async def rows(database: Database) -> list[sa.RowMapping]:
    async with database.system_transaction() as tx:
        return list((await tx.execute(sa.select(integrations))).mappings())


@each
async def test_an_account_becomes_a_destination_and_its_tokens_stay_sealed(
    caller: Caller, school: School, both: Simulator, database: Database, platform: str
) -> None:
    made = await connect(caller, school.teacher, platform)
    assert (made["name"], made["status"], made["keyHint"]) == (
        ACCOUNTS[platform],
        "connected",
        None,
    )
    listed = await caller.get(school.teacher, CONNECTIONS)
    (connection,) = listed.json()["items"]
    assert connection["tenantId"] == connection["churchId"] == str(school.tenant_id)
    assert (connection["platform"], connection["account"]) == (platform, ACCOUNTS[platform])
    shown = listed.text + str(await rows(database))
    assert not [secret for secret in both.of(platform).secrets() if secret in shown]


@each
async def test_connecting_again_is_the_same_account_and_destination(
    caller: Caller, school: School, database: Database, platform: str
) -> None:
    first = await connect(caller, school.teacher, platform)
    second = await connect(caller, school.admin, platform)
    assert second["id"] == first["id"]
    assert len(await rows(database)) == 1
    again = {"type": platform, "connectionId": str((await rows(database))[0]["id"])}
    reply = await caller.post(school.teacher, "/api/destinations", again)
    assert (reply.status_code, reply.json()["code"]) == (409, "destination_exists")


@each
async def test_an_answer_counts_once_and_for_the_person_who_asked(
    caller: Caller, school: School, other_school: School, database: Database, platform: str
) -> None:
    path = await allow(caller, school.teacher, platform)
    for other in (school.admin, other_school.teacher):
        assert await come_back(caller, other, path) == REFUSED
    assert (await come_back(caller, school.teacher, path)).endswith(f"?connected={platform}")
    assert await come_back(caller, school.teacher, path) == REFUSED
    assert len(await rows(database)) == 1


@each
async def test_an_answer_of_the_other_platform_is_refused(
    caller: Caller, school: School, database: Database, platform: str
) -> None:
    other = {"youtube": "twitch", "twitch": "youtube"}[platform]
    path = await allow(caller, school.teacher, platform)
    assert await come_back(caller, school.teacher, path.replace(platform, other)) == REFUSED
    assert await rows(database) == []


async def test_a_code_that_was_used_a_state_that_is_old_and_a_no_connect_nothing(
    caller: Caller, school: School, database: Database
) -> None:
    used = await allow(caller, school.teacher, "youtube")
    query = parse_qs(urlsplit(used).query)
    fresh = await allow(caller, school.teacher, "youtube")
    state = parse_qs(urlsplit(fresh).query)["state"][0]
    # A code with the state, and so the verifier, of another departure.
    body = {"code": query["code"][0], "state": state}
    mixed = await caller.post(school.teacher, f"{CONNECTIONS}/youtube/callback", body, key="")
    assert (mixed.status_code, mixed.json()["code"]) == (409, "connection_refused")
    old = await allow(caller, school.teacher, "youtube")
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(departures).values(expires_at=sa.text("now() - interval '1 s'")))
    assert await come_back(caller, school.teacher, old) == REFUSED
    denied = await allow(caller, school.teacher, "youtube")
    state = parse_qs(urlsplit(denied).query)["state"][0]
    path = f"{CONNECTIONS}/youtube/callback?error=access_denied&state={state}"
    assert await come_back(caller, school.teacher, path) == REFUSED
    assert await rows(database) == []


@each
async def test_who_does_not_allow_everything_is_not_connected(
    caller: Caller, school: School, both: Simulator, database: Database, platform: str
) -> None:
    both.of(platform).granting = {"something:else"}
    path = await allow(caller, school.teacher, platform)
    assert await come_back(caller, school.teacher, path) == REFUSED
    assert await rows(database) == []


async def test_a_google_account_without_a_channel_is_told_so(
    caller: Caller, school: School, both: Simulator
) -> None:
    both.google.channel = None
    path = await allow(caller, school.teacher, "youtube")
    page = await come_back(caller, school.teacher, path)
    assert page == "/dashboard/destinations?problem=platform_refused"


@each
async def test_a_platform_that_is_away_connects_nothing_and_says_so(
    caller: Caller, school: School, both: Simulator, platform: str
) -> None:
    path = await allow(caller, school.teacher, platform)
    both.of(platform).away = True
    page = await come_back(caller, school.teacher, path)
    assert page == "/dashboard/destinations?problem=platform_unavailable"


@each
async def test_a_wrong_client_secret_is_the_administrators_business(
    caller: Caller, school: School, both: Simulator, platform: str
) -> None:
    path = await allow(caller, school.teacher, platform)
    both.of(platform).client_secret = "another"
    page = await come_back(caller, school.teacher, path)
    assert page == "/dashboard/destinations?problem=platform_refused"


@each
async def test_the_simulator_lets_nobody_else_in(
    caller: Caller, school: School, platform: str
) -> None:
    reply = await caller.post(school.teacher, f"{CONNECTIONS}/{platform}/connect", None, key="")
    url = httpx.URL(reply.json()["authorizationUrl"])
    async with httpx.AsyncClient() as outside:
        for change in ({"redirect_uri": "https://evil.example/"}, {"scope": "x"}, {"state": ""}):
            assert (await outside.get(url.copy_merge_params(change))).status_code == 400


async def test_without_credentials_the_missing_settings_are_named(
    settings: Settings, database: Database, school: School
) -> None:
    async with calling(create_app(settings)) as caller:
        offers = (await caller.get(school.teacher, "/api/platforms")).json()["items"]
        assert [offer["missing"] for offer in offers] == [
            ["LECTERN_YOUTUBE_CLIENT_ID", "LECTERN_YOUTUBE_CLIENT_SECRET"],
            ["LECTERN_TWITCH_CLIENT_ID", "LECTERN_TWITCH_CLIENT_SECRET"],
        ]
        reply = await caller.post(school.teacher, f"{CONNECTIONS}/twitch/connect", None, key="")
    assert (reply.status_code, reply.json()["code"]) == (409, "platform_not_set_up")
    assert "LECTERN_TWITCH_CLIENT_ID" in reply.json()["message"]


async def test_strangers_and_students_connect_nothing(
    caller: Caller, school: School, other_school: School
) -> None:
    path = f"{CONNECTIONS}/youtube/connect"
    assert (await caller.post(school.student, path, None, key="")).status_code == 403
    assert (await caller.post(None, path, None, key="")).status_code == 401
    unknown = await caller.post(school.teacher, f"{CONNECTIONS}/myspace/connect", None, key="")
    assert unknown.status_code == 404
    await connect(caller, school.teacher, "youtube")
    assert (await caller.get(other_school.teacher, CONNECTIONS)).json() == {"items": []}
    foreign = await caller.get(other_school.teacher, f"{CONNECTIONS}/youtube/status")
    assert foreign.status_code == 404


@each
async def test_disconnecting_forgets_the_tokens_here_and_there(
    caller: Caller, school: School, both: Simulator, database: Database, platform: str
) -> None:
    made = await connect(caller, school.teacher, platform)
    reply = await caller.delete(school.teacher, f"{CONNECTIONS}/{platform}")
    assert reply.status_code == 204
    (row,) = await rows(database)
    assert (row["status"], row["credentials"]) == ("disconnected", None)
    assert both.of(platform).grants == []
    (listed,) = (await caller.get(school.teacher, "/api/destinations")).json()["items"]
    assert (listed["id"], listed["status"]) == (made["id"], "disconnected")
    again = await connect(caller, school.teacher, platform)
    assert (again["id"], again["status"]) == (made["id"], "connected")
    assert (await status(caller, school.teacher, platform))["status"] == "connected"


async def test_who_connected_an_account_may_take_it_away_and_an_administrator_any(
    caller: Caller, school: School, database: Database
) -> None:
    made = await connect(caller, school.admin, "youtube")
    (listed,) = (await caller.get(school.teacher, CONNECTIONS)).json()["items"]
    assert listed["connectedBy"] == str(school.admin.user_id)
    assert listed["destinationIds"] == [made["id"]]
    refused = await caller.delete(school.teacher, f"{CONNECTIONS}/youtube")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await rows(database))[0]["status"] == "connected"
    # Who allows it again has it.
    await connect(caller, school.teacher, "youtube")
    assert (await caller.delete(school.teacher, f"{CONNECTIONS}/youtube")).status_code == 204
    await connect(caller, school.teacher, "youtube")
    assert (await caller.delete(school.admin, f"{CONNECTIONS}/youtube")).status_code == 204
