"""What the room of a live class says its programme shows, as LiveKit tells it."""

from collections.abc import AsyncIterator, Callable

import msgspec
import pytest

from orchestrator.core.livekit.client import LiveKit
from orchestrator.sessions.domain import room_name
from orchestrator.settings import Settings
from schema.programme import Shown
from tests.support.school import School
from tests.support.studio import Desk, png
from tests.support.waiting import eventually


@pytest.fixture
async def livekit(settings: Settings) -> AsyncIterator[LiveKit]:
    client = LiveKit(settings)
    yield client
    await client.close()


async def told(livekit: LiveKit, desk: Desk, holds: Callable[[Shown], bool]) -> Shown:
    """The room's description as soon as this holds."""

    async def ask() -> Shown | None:
        for room in await livekit.list_rooms([room_name(desk.session_id)]):
            if room.metadata:
                shown = msgspec.json.decode(room.metadata, type=Shown)
                return shown if holds(shown) else None
        return None

    shown = await eventually(ask)
    assert shown is not None
    return shown


async def test_a_class_begins_with_the_usual(livekit: LiveKit, desk: Desk) -> None:
    shown = await told(livekit, desk, lambda one: bool(one.name))
    assert (shown.layout, shown.surface) == (None, None)


async def test_scenes_slides_and_the_board_are_told(livekit: LiveKit, desk: Desk) -> None:
    scene = await desk.scene("Slides", "slides_speaker", metadata={"title": "Odes"})
    path = f"/api/studio/scenes/{scene['id']}"
    await desk.send("POST", f"{path}/activate")
    first = await told(livekit, desk, lambda one: one.title == "Odes")
    assert (first.layout, first.surface) == ("slides_speaker", None)
    asset = await desk.asset(png(), sceneId=scene["id"])
    second = await told(livekit, desk, lambda one: one.surface is not None)
    assert second.sequence > first.sequence
    assert second.surface is not None
    assert second.surface.picture is not None
    assert second.surface.picture.key.endswith(f"{asset['id']}/0001.webp")
    opened = await desk.caller.http.get(second.surface.picture.link)
    assert opened.headers["content-type"] == "image/webp"
    await desk.send("POST", f"/api/sessions/{desk.session_id}/whiteboard/show")
    await told(livekit, desk, lambda one: bool(one.surface and not one.surface.picture))
    await desk.send("POST", f"/api/sessions/{desk.session_id}/whiteboard/hide")
    await desk.send("POST", f"{path}/deactivate")
    await told(livekit, desk, lambda one: one.layout is None and one.surface is None)


async def test_a_new_look_reaches_the_class_on_air(
    livekit: LiveKit, desk: Desk, school: School
) -> None:
    await told(livekit, desk, lambda one: bool(one.name))
    await desk.caller.patch(school.admin, "/api/branding", {"primaryColor": "#102030"})
    await told(livekit, desk, lambda one: one.brand.primary_color == "#102030")


async def test_what_livekit_lost_is_told_again(livekit: LiveKit, desk: Desk) -> None:
    await told(livekit, desk, lambda one: bool(one.name))
    await livekit.describe_room(room_name(desk.session_id), "")
    lost = await livekit.list_rooms([room_name(desk.session_id)])
    assert [room.metadata for room in lost] == [""]

    async def described() -> bool:
        rooms = await livekit.list_rooms([room_name(desk.session_id)])
        return any(room.metadata for room in rooms)

    await eventually(described, within_s=30)
