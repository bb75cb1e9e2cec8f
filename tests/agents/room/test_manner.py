"""How each speaker is heard: by the class's settings, their own language, and not at all once redacted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from agents.room.manner import Manner, treatment
from orchestrator.core.control_client import ControlClient
from orchestrator.settings import Secret, Settings
from schema.captions import USUAL, RoomCaptions
from schema.events import CaptionsConfigured, StoredEvent
from tests.support.control_plane import TOKEN, FakeControlPlane, fake_control_plane

ADA, BEN = uuid4(), uuid4()
SETTINGS = replace(USUAL, language="en", glossary=("Norland",), mask_profanity=True)
ROOM = RoomCaptions(settings=SETTINGS, languages={ADA: "de"}, redacted=[BEN])


def test_a_speaker_is_heard_in_their_own_language_and_others_in_the_classes() -> None:
    assert treatment(ROOM, ADA).language == "de"
    assert treatment(ROOM, None).language == "en"
    assert treatment(ROOM, ADA).glossary == ("Norland",)
    assert treatment(ROOM, ADA).mask_profanity


def test_nobody_is_captioned_in_a_class_without_captions_and_never_who_was_redacted() -> None:
    assert treatment(ROOM, ADA).captioned
    assert not treatment(ROOM, BEN).captioned
    assert not treatment(replace(ROOM, settings=replace(USUAL, enabled=False)), ADA).captioned


@pytest.fixture
async def plane() -> AsyncIterator[FakeControlPlane]:
    async with fake_control_plane() as plane:
        yield plane


async def test_a_change_in_the_log_is_followed(plane: FakeControlPlane) -> None:
    session_id = UUID(int=7)
    async with ControlClient(Settings(control_url=plane.url, internal_token=Secret(TOKEN))) as http:
        manner = Manner(http, session_id)
        running = asyncio.create_task(manner.run())
        plane.manners[session_id] = ROOM
        configured = CaptionsConfigured(settings=SETTINGS, changed_by=ADA)
        event = StoredEvent(
            id=uuid4(),
            session_id=session_id,
            sequence=1,
            created_at=datetime.now(UTC),
            payload=configured,
        )
        manner.hear(event)
        async with asyncio.timeout(10):
            while not manner.of(ADA).mask_profanity:  # noqa: ASYNC110 nobody tells when an answer was taken
                await asyncio.sleep(0.01)
        running.cancel()
    assert manner.of(ADA).language == "de"
