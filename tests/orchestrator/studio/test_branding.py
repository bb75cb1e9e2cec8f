"""How a school looks: set by its administrators, seen by its members, drawn in its programmes."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.school import Caller, Member, School, bearer
from tests.support.studio import pdf, png, refusal

PLAIN = {"primaryColor": "#16324f", "accentColor": "#40a0ff", "logoUrl": None}


async def look(caller: Caller, who: Member) -> dict[str, Any]:
    reply = await caller.get(who, "/api/branding")
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def upload(caller: Caller, who: Member, file: bytes, key: str = "") -> Any:
    headers = bearer(who) | {"Idempotency-Key": key or str(uuid4())}
    return await caller.http.post(
        "/api/branding/logo", headers=headers, files={"file": ("logo.png", file)}
    )


async def test_a_school_without_a_look_of_its_own_has_lecterns(
    caller: Caller, school: School
) -> None:
    assert await look(caller, school.student) == PLAIN


async def test_colours_are_changed_one_by_one(caller: Caller, school: School) -> None:
    body = {"primaryColor": "#102030"}
    await caller.patch(school.admin, "/api/branding", body)
    reply = await caller.patch(school.admin, "/api/branding", {"accentColor": "#aabbcc"})
    assert reply.json() == {
        "primaryColor": "#102030",
        "accentColor": "#aabbcc",
        "logoUrl": None,
    }
    assert await look(caller, school.teacher) == reply.json()


@pytest.mark.parametrize("color", ["red", "#FFF", "#12345", "#12345678", 7])
async def test_what_is_no_colour_is_refused(caller: Caller, school: School, color: Any) -> None:
    reply = await caller.patch(school.admin, "/api/branding", {"primaryColor": color})
    assert refusal(reply) == (422, "invalid_field")
    assert await look(caller, school.admin) == PLAIN


async def test_a_logo_is_drawn_anew_and_can_be_opened(caller: Caller, school: School) -> None:
    reply = await upload(caller, school.admin, png(200, 80))
    assert reply.status_code == 201, reply.text
    picture = await caller.http.get(reply.json()["logoUrl"])
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content[8:12] == b"WEBP"
    removed = await caller.http.delete(
        "/api/branding/logo", headers=bearer(school.admin) | {"Idempotency-Key": str(uuid4())}
    )
    assert removed.status_code == 204
    assert (await look(caller, school.admin))["logoUrl"] is None


async def test_the_same_upload_twice_is_one_logo(caller: Caller, school: School) -> None:
    first, again = [await upload(caller, school.admin, png(), "same key") for _ in range(2)]
    key = first.json()["logoUrl"].partition("?")[0]
    assert again.json()["logoUrl"].partition("?")[0] == key


@pytest.mark.parametrize("file", [b"<svg/>", b"", pdf(2)])
async def test_what_is_no_single_picture_is_no_logo(
    caller: Caller, school: School, file: bytes
) -> None:
    reply = await upload(caller, school.admin, file)
    assert refusal(reply) == (422, "invalid_field")
    assert await look(caller, school.admin) == PLAIN


async def test_who_is_no_administrator_changes_nothing(caller: Caller, school: School) -> None:
    reply = await caller.patch(school.teacher, "/api/branding", {"primaryColor": "#000000"})
    assert refusal(reply) == (403, "forbidden")
    assert (await upload(caller, school.teacher, png())).status_code == 403
