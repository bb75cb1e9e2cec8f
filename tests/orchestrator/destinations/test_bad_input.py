"""What may not become a destination, or a session's: each is refused with a code, and nothing is kept or started."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.destinations.domain import NewAccount, NewDestination, check, parse_address
from orchestrator.destinations.service import MAX_OF_TENANT, Destinations
from orchestrator.settings import Settings
from schema.destinations import CreateDestination
from schema.errors import InvalidField, TooManyDestinations
from tests.support.school import Caller, School

PATH = "/api/destinations"
URL = "rtmp://127.0.0.1:19350/live"
GOOD = {"type": "rtmp", "url": URL, "streamKey": "good-key-of-today"}
Changes = dict[str, Any]

ADDRESSES = {
    "wrong scheme": "http://127.0.0.1/live",
    "file": "file:///etc/passwd",
    "an option": "-report",
    "carrier's": "rtmp://100.64.0.1/live",
    "metadata": "rtmp://169.254.169.254/live",
    "metadata, IPv6": "rtmp://[fd00:ec2::254]/live",
    "link-local, IPv6": "rtmp://[fe80::1]/live",
    "metadata in IPv6": "rtmp://[::ffff:169.254.169.254]/live",
    "6to4": "rtmp://[2002:a9fe:a9fe::]/live",
    "NAT64": "rtmp://[64:ff9b::a9fe:a9fe]/live",
    "number": "rtmp://2130706433/live",
    "userinfo": "rtmp://user:word@127.0.0.1:19350/live",
    "odd port": "rtmp://127.0.0.1:22/live",
    "no port": "rtmp://127.0.0.1:0/live",
    "no application": "rtmp://127.0.0.1:19350",
    "upwards": "rtmp://127.0.0.1:19350/live/../admin",
    "suffix": "rtmp://127.0.0.1:19350/live live=1",
    "query": "rtmp://127.0.0.1:19350/live?key=1",
    "4 KiB": "rtmp://127.0.0.1:19350/" + "a" * 4096,
}
KEYS = {
    "space": "two words",
    "pipe": "a|[f=flv]/tmp/x",
    "brackets": "a[b]",
    "leading dash": "-report",
    "4 KiB": "k" * 4096,
    "line end": "key\n",
    "other letters": "schlüssel",
    "none": "",
}
# By what is wrong: what is sent instead, and the field that is named. All in one test each: setting up a school takes longer.
TYPED: dict[str, tuple[Changes, str]] = {
    **{f"url: {name}": ({"url": bad}, "url") for name, bad in ADDRESSES.items()},
    **{f"key: {name}": ({"streamKey": bad}, "streamKey") for name, bad in KEYS.items()},
    "blank name": ({"name": " "}, "name"),
    "name of two lines": ({"name": "two\nlines"}, "name"),
}
MADE: dict[str, tuple[Changes, str]] = {
    "unknown preset": ({"preset": "myspace"}, "preset"),
    "empty preset": ({"preset": ""}, "preset"),
    "another platform's preset": ({"type": "youtube", "preset": "twitch"}, "preset"),
    "no address, and none is known": ({"preset": "instagram", "url": None}, "url"),
    "not encrypted": ({"preset": "facebook", "url": URL}, "url"),
    "no key": ({"streamKey": None}, "streamKey"),
    "a token": ({"oauthToken": "secret"}, "oauthToken"),
    "an account of no platform": ({"connectionId": str(uuid4())}, "type"),
    "an account with an address": ({"type": "twitch", "connectionId": str(uuid4())}, "url"),
}


async def test_what_is_no_destination_is_refused_by_its_field_and_not_kept(
    caller: Caller, school: School
) -> None:
    got = {}
    for name, (changes, _) in (TYPED | MADE).items():
        reply = await caller.post(school.teacher, PATH, {**GOOD, **changes})
        got[name] = code_and_field(reply)
        secret = str(changes.get("streamKey") or changes.get("oauthToken") or "")
        assert not secret or secret not in reply.text, f"{name}: a refusal repeats no key"
    assert got == {
        name: (422, "invalid_field", field) for name, (_, field) in (TYPED | MADE).items()
    }
    assert (await caller.get(school.teacher, PATH)).json() == {"items": []}


async def test_nor_does_one_become_it(caller: Caller, school: School) -> None:
    made = (await caller.post(school.teacher, PATH, GOOD)).json()
    got = {}
    for name, (changes, _) in TYPED.items():
        reply = await caller.patch(school.teacher, f"{PATH}/{made['id']}", changes)
        got[name] = code_and_field(reply)
    assert got == {name: (422, "invalid_field", field) for name, (_, field) in TYPED.items()}
    assert (await caller.get(school.teacher, PATH)).json() == {"items": [made]}


async def test_another_type_or_field_is_refused(caller: Caller, school: School) -> None:
    for changes in ({"type": "srt"}, {"streamkey": "typo"}, {"url": 7}, {"preset": ["x"]}):
        reply = await caller.post(school.teacher, PATH, {**GOOD, **changes})
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field"), changes


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "rtmp://10.0.0.1/live",
        "rtmp://192.168.1.20:1935/live",
        "rtmp://[fd12:3456::1]/live",
        "rtmp://[::ffff:10.0.0.1]/live",
        "rtmp://[2002:0a00:0001::]/live",
        "rtmp://[64:ff9b::a00:1]/live",
    ],
)
async def test_the_own_network_is_a_destination_only_in_embedded_mode(
    settings: Settings, url: str
) -> None:
    keyring = Keyring(settings.encryption_key)
    address = parse_address(url)
    await Destinations(keyring, settings).check_reachable(address)
    production = msgspec.structs.replace(settings, mode="production")
    with pytest.raises(InvalidField, match="private or reserved"):
        await Destinations(keyring, production).check_reachable(address)


def numbered(number: int) -> NewDestination | NewAccount:
    url = f"rtmp://127.0.0.1:19350/live{number}"
    return check(CreateDestination(type="rtmp", url=url, stream_key="key-of-today"))


async def test_a_school_has_only_so_many(
    settings: Settings, database: Database, school: School
) -> None:
    keyring = Keyring(settings.encryption_key)
    made = Destinations(keyring, settings)
    async with database.transaction(school.tenant_id) as tx:
        for number in range(MAX_OF_TENANT):
            await made.create(tx, school.tenant_id, numbered(number))
        with pytest.raises(TooManyDestinations):
            await made.create(tx, school.tenant_id, numbered(MAX_OF_TENANT))


Situation = Callable[[Caller, School], Awaitable[httpx.Response]]


async def make(caller: Caller, school: School, **fields: Any) -> str:
    body = {**GOOD, "streamKey": f"key-{uuid4()}", **fields}
    reply = await caller.post(school.teacher, PATH, body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def choose(caller: Caller, school: School, session: UUID, *ids: str) -> httpx.Response:
    path = f"/api/sessions/{session}/destinations"
    return await caller.post(school.teacher, path, {"destinationIds": list(ids)})


async def deleted_while_live(caller: Caller, school: School) -> httpx.Response:
    made, session = await make(caller, school), await caller.new_session(school)
    await choose(caller, school, session, made)
    await caller.command("start", school.teacher, session)
    return await caller.delete(school.teacher, f"{PATH}/{made}")


async def one_key_in_two_sessions(caller: Caller, school: School) -> httpx.Response:
    once = await make(caller, school, preset="linkedin")
    first, second = await caller.new_session(school), await caller.new_session(school)
    await choose(caller, school, first, once)
    return await choose(caller, school, second, once)


async def the_same_url_and_key_twice(caller: Caller, school: School) -> httpx.Response:
    await make(caller, school, streamKey="one-key")
    written = {**GOOD, "url": "rtmp://127.0.0.1:19350/live/", "streamKey": "one-key"}
    return await caller.post(school.teacher, PATH, written)


async def chosen_after_it_was_deleted(caller: Caller, school: School) -> httpx.Response:
    made, session = await make(caller, school), await caller.new_session(school)
    await caller.delete(school.teacher, f"{PATH}/{made}")
    return await choose(caller, school, session, made)


async def chosen_for_a_class_that_is_over(caller: Caller, school: School) -> httpx.Response:
    made, session = await make(caller, school), await caller.new_session(school)
    await caller.command("start", school.teacher, session)
    await caller.command("end", school.teacher, session)
    return await choose(caller, school, session, made)


async def retried_without_being_chosen(caller: Caller, school: School) -> httpx.Response:
    made, session = await make(caller, school), await caller.new_session(school)
    path = f"/api/sessions/{session}/destinations/{made}/retry"
    return await caller.post(school.teacher, path, {})


async def chosen_too_many_for_one_class(caller: Caller, school: School) -> httpx.Response:
    session = await caller.new_session(school)
    return await choose(caller, school, session, *(str(uuid4()) for _ in range(21)))


@pytest.mark.parametrize(
    ("situation", "status", "code"),
    [
        (deleted_while_live, 409, "destination_in_use"),
        (one_key_in_two_sessions, 409, "single_use_key_taken"),
        (the_same_url_and_key_twice, 409, "destination_exists"),
        (chosen_after_it_was_deleted, 422, "invalid_field"),
        (chosen_for_a_class_that_is_over, 409, "session_over"),
        (chosen_too_many_for_one_class, 422, "invalid_field"),
        (retried_without_being_chosen, 404, "not_found"),
    ],
)
async def test_what_a_situation_forbids_is_refused(
    caller: Caller, school: School, situation: Situation, status: int, code: str
) -> None:
    reply = await situation(caller, school)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert len(reply.json()["message"].split()) >= 3


async def test_a_refused_choice_leaves_the_set_as_it_was(caller: Caller, school: School) -> None:
    made, session = await make(caller, school), await caller.new_session(school)
    await choose(caller, school, session, made)
    assert (await choose(caller, school, session, made, str(uuid4()))).status_code == 422
    shown = await caller.get(school.teacher, f"/api/sessions/{session}/destinations")
    assert [one["destinationId"] for one in shown.json()] == [made]
    log = await caller.get(school.teacher, f"/api/sessions/{session}/events")
    said = [event["payload"]["type"] for event in log.json()["items"]]
    assert said.count("destinations.selected") == 1


def code_and_field(reply: httpx.Response) -> tuple[int, str, str]:
    body = reply.json()
    return reply.status_code, body["code"], body["details"]["field"]
