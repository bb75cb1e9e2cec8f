"""Scenes over HTTP: prepared, switched, changed by two at once, and closed with the class."""

from typing import Any
from uuid import uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.studio.scenes.domain import MAX_SCENES
from tests.support.school import Caller, School
from tests.support.studio import Desk, pdf, png, refusal


async def test_a_class_without_scenes_has_the_default_layout(desk: Desk) -> None:
    assert await desk.listed("scenes") == []
    state = await desk.caller.get(desk.who, f"/api/sessions/{desk.session_id}/state")
    assert state.json()["studio"] == {
        "scenes": [],
        "assets": [],
        "activeScene": None,
        "whiteboard": False,
    }


async def test_one_scene_is_shown_at_a_time(desk: Desk, pupil: Desk, database: Database) -> None:
    made = [await desk.scene("Hello", "speaker"), await desk.scene("All", "grid")]
    assert [scene["active"] for scene in await pupil.listed("scenes")] == [False, False]
    for shown in made:
        path = f"/api/studio/scenes/{shown['id']}"
        reply = await desk.send("POST", f"{path}/activate")
        assert (reply.status_code, reply.json()["active"]) == (200, True)
        active = [scene["id"] for scene in await pupil.listed("scenes") if scene["active"]]
        assert active == [shown["id"]]
    last = f"/api/studio/scenes/{made[1]['id']}"
    assert (await desk.send("POST", f"{last}/deactivate")).json()["active"] is False
    await desk.send("POST", f"{last}/activate")
    assert (await desk.send("DELETE", last)).status_code == 204
    assert [(s["name"], s["active"]) for s in await pupil.listed("scenes")] == [("Hello", False)]
    async with database.system_transaction() as tx:
        assert await verify(tx, desk.session_id) == []


async def test_a_scene_is_changed_in_part(desk: Desk) -> None:
    metadata = {
        "title": "Poems",
        "lowerThird": "Ada Lovelace",
        "backgroundColor": "#102030",
        "backgroundAssetId": None,
        "pinnedParticipantId": str(uuid4()),
        "countdownTo": "2026-11-21T10:00:00Z",
        "captions": True,
        "logo": False,
    }
    scene = await desk.scene("Start", "waiting", metadata=metadata)
    assert scene["metadata"] == metadata
    path = f"/api/studio/scenes/{scene['id']}"
    changed = await desk.send("PATCH", path, {"layout": "slides_speaker"})
    assert changed.json() == {
        **scene,
        "layout": "slides_speaker",
        "sequence": scene["sequence"] + 1,
    }
    same = await desk.send("PATCH", path, {"name": "Start", "slide": None})
    assert same.json()["sequence"] == scene["sequence"] + 1
    assert (await desk.caller.get(desk.who, path)).json() == changed.json()


async def test_an_edit_based_on_what_is_no_longer_so_is_refused(desk: Desk) -> None:
    scene = await desk.scene()
    path = f"/api/studio/scenes/{scene['id']}"
    seen = scene["sequence"]
    first = await desk.send("PATCH", path, {"name": "One"}, based_on=seen)
    assert first.headers["ETag"] == f'"{first.json()["sequence"]}"'
    late = [
        await desk.send("PATCH", path, {"name": "Two"}, based_on=seen),
        await desk.send("POST", f"{path}/activate", based_on=seen),
        await desk.send("POST", f"{path}/deactivate", based_on=seen),
        await desk.send("DELETE", path, based_on=seen),
    ]
    for reply in late:
        assert refusal(reply) == (409, "stale_edit")
        assert reply.json()["details"] == {"sequence": first.json()["sequence"]}
    assert [scene["name"] for scene in await desk.listed("scenes")] == ["One"]
    fresh = await desk.send("DELETE", path, based_on=first.json()["sequence"])
    assert fresh.status_code == 204
    odd = await desk.send("PATCH", path, {"name": "Two"}, based_on="x")
    assert refusal(odd) == (422, "invalid_field")


async def test_scenes_are_prepared_before_and_closed_after_class(
    caller: Caller, school: School
) -> None:
    desk = Desk(caller, school.teacher, await caller.new_session(school))
    scene = await desk.scene("Welcome", "countdown")
    path = f"/api/studio/scenes/{scene['id']}"
    assert (await desk.send("POST", f"{path}/activate")).status_code == 200
    await caller.command("start", school.teacher, desk.session_id)
    await caller.command("end", school.teacher, desk.session_id)
    late = [
        await desk.create(),
        await desk.send("PATCH", path, {"name": "Late"}),
        await desk.send("POST", f"{path}/deactivate"),
        await desk.send("DELETE", path),
        await desk.upload(png()),
    ]
    assert {refusal(reply) for reply in late} == {(409, "session_over")}
    assert [scene["name"] for scene in await desk.listed("scenes")] == ["Welcome"]


async def test_students_look_and_do_not_touch(desk: Desk, pupil: Desk) -> None:
    scene = await desk.scene()
    path = f"/api/studio/scenes/{scene['id']}"
    assert (await pupil.caller.get(pupil.who, path)).json() == scene
    tried = [
        await pupil.create(),
        await pupil.send("PATCH", path, {"name": "Mine"}),
        await pupil.send("POST", f"{path}/activate"),
        await pupil.send("POST", f"{path}/deactivate"),
        await pupil.send("DELETE", path),
        await pupil.upload(png()),
    ]
    assert {refusal(reply) for reply in tried} == {(403, "forbidden")}


async def test_what_is_of_another_session_or_school_is_not_found(
    desk: Desk, other_school: School, school: School
) -> None:
    scene, asset = await desk.scene(), await desk.asset(png())
    path = f"/api/studio/scenes/{scene['id']}"
    them = Desk(desk.caller, other_school.teacher, desk.session_id)
    next_door = Desk(desk.caller, school.teacher, await desk.caller.new_session(school))
    other = await next_door.scene()
    tried = [
        await them.create(),
        await them.send("PATCH", path, {"name": "Theirs"}),
        await them.send("POST", f"{path}/activate"),
        await them.send("DELETE", path),
        await them.send("DELETE", f"/api/studio/assets/{asset['id']}"),
        await them.upload(png()),
        await desk.send("PATCH", f"/api/studio/scenes/{uuid4()}", {"name": "Nothing"}),
        await next_door.upload(png(), sceneId=scene["id"]),
        await desk.send("PATCH", f"/api/studio/scenes/{other['id']}", {"assets": [asset["id"]]}),
    ]
    assert {refusal(reply) for reply in tried} == {(404, "not_found")}


async def test_a_slide_is_one_that_the_scene_has(desk: Desk) -> None:
    scene = await desk.scene("Slides", "slides")
    deck = await desk.asset(pdf(2))
    path = f"/api/studio/scenes/{scene['id']}"
    slide = {"assetId": deck["id"], "page": 2}
    early = await desk.send("PATCH", path, {"slide": slide})
    assert (refusal(early), early.json()["details"]) == (
        (422, "invalid_field"),
        {"field": "slide"},
    )
    shown = await desk.send("PATCH", path, {"assets": [deck["id"]], "slide": slide})
    assert (shown.status_code, shown.json()["slide"]) == (200, slide)
    beyond = await desk.send("PATCH", path, {"slide": {"assetId": deck["id"], "page": 3}})
    assert refusal(beyond) == (422, "invalid_field")
    empty = await desk.send("PATCH", path, {"assets": []})
    assert (empty.json()["assets"], empty.json()["slide"]) == ([], None)


async def test_a_background_is_an_image_of_the_session(desk: Desk) -> None:
    deck, image = await desk.asset(pdf(1)), await desk.asset(png(), type="image")
    scene = await desk.scene("Start", "waiting", metadata={"backgroundAssetId": image["id"]})
    path = f"/api/studio/scenes/{scene['id']}"
    assert scene["metadata"]["backgroundAssetId"] == image["id"]
    slides = await desk.send("PATCH", path, {"metadata": {"backgroundAssetId": deck["id"]}})
    assert refusal(slides) == (422, "invalid_field")
    for tried in (
        await desk.send("PATCH", path, {"metadata": {"backgroundAssetId": str(uuid4())}}),
        await desk.create(metadata={"backgroundAssetId": str(uuid4())}),
    ):
        assert refusal(tried) == (404, "not_found")


async def test_a_background_that_is_removed_leaves_its_scenes(desk: Desk) -> None:
    image = await desk.asset(png(), type="image")
    metadata = {"title": "Hello", "backgroundAssetId": image["id"]}
    scene = await desk.scene("Start", "waiting", metadata=metadata)
    await desk.send("DELETE", f"/api/studio/assets/{image['id']}")
    (left,) = [one for one in await desk.listed("scenes") if one["id"] == scene["id"]]
    assert (left["metadata"]["title"], left["metadata"]["backgroundAssetId"]) == ("Hello", None)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "nul \0"},
        {"layout": "spiral"},
        {"metadata": {"title": "x" * 201}},
        {"metadata": {"backgroundColor": "red"}},
        {"metadata": {"script": "alert(1)"}},
        {"slide": {"assetId": "7"}},
        {"sequence": 7},
    ],
)
async def test_a_scene_that_cannot_be_is_refused(desk: Desk, change: dict[str, Any]) -> None:
    scene = await desk.scene()
    reply = await desk.send("PATCH", f"/api/studio/scenes/{scene['id']}", change)
    assert refusal(reply) == (422, "invalid_field")
    made = await desk.create(**{"metadata": {}, **change})
    assert refusal(made) == (422, "invalid_field")
    assert await desk.listed("scenes") == [scene]


async def test_there_is_an_end_to_scenes(desk: Desk) -> None:
    for n in range(MAX_SCENES):
        await desk.scene(f"Scene {n}")
    assert refusal(await desk.create()) == (409, "studio_full")


async def test_a_repeated_key_makes_one_scene(desk: Desk) -> None:
    body = {"sessionId": str(desk.session_id), "name": "One", "layout": "grid"}
    replies = [await desk.send("POST", "/api/studio/scenes", body, key="k") for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert len(await desk.listed("scenes")) == 1
