"""How a class is captioned: its own settings, else its course's; what speakers choose; what the recogniser cannot do."""

from typing import Any
from uuid import UUID

import pytest

from orchestrator.captions.domain import languages
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from tests.support.school import Caller, Member, School

SETTINGS = {
    "enabled": True,
    "language": "en",
    "glossary": ["Barton Park", "Edward Ferrars", "Barton Park"],
    "maskProfanity": True,
    "correctors": "staff",
}


async def put(caller: Caller, who: Member, path: str, **changes: Any) -> Any:
    reply = await caller.write("PUT", who, path, {**SETTINGS, **changes})
    return reply.status_code, reply.json()


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    made = await caller.new_session(school)
    await caller.command("start", school.teacher, made)
    return made


async def for_agent(caller: Caller, settings: Settings, session_id: UUID) -> Any:
    token = settings.internal_token.reveal()
    reply = await caller.http.get(
        f"/api/internal/sessions/{session_id}/captions/settings",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_class_follows_its_course_until_it_has_settings_of_its_own(
    caller: Caller, school: School, settings: Settings, session_id: UUID
) -> None:
    of_class = f"/api/sessions/{session_id}/captions/settings"
    before = (await caller.get(school.student, of_class)).json()
    assert (before["own"], before["settings"]["glossary"]) == (False, [])
    status, course = await put(caller, school.teacher, f"/api/courses/{school.course_id}/captions")
    assert status == 200
    assert course["settings"]["glossary"] == ["Barton Park", "Edward Ferrars"]
    follows = (await caller.get(school.student, of_class)).json()
    assert (follows["own"], follows["settings"]) == (False, course["settings"])
    await put(caller, school.teacher, of_class, glossary=["Norland"])
    own = (await caller.get(school.student, of_class)).json()
    assert (own["own"], own["settings"]["glossary"]) == (True, ["Norland"])
    assert (await for_agent(caller, settings, session_id))["settings"] == own["settings"]


async def test_a_speaker_chooses_the_language_of_their_own_words(
    caller: Caller, school: School, settings: Settings, session_id: UUID
) -> None:
    path = f"/api/sessions/{session_id}/captions/language"
    chosen = await caller.write("PUT", school.teacher, path, {"language": "en"})
    assert chosen.status_code == 200, chosen.text
    person = str(participant_id(session_id, school.teacher.user_id))
    assert (await for_agent(caller, settings, session_id))["languages"] == {person: "en"}
    await caller.write("PUT", school.teacher, path, {"language": ""})
    assert (await for_agent(caller, settings, session_id))["languages"] == {}


async def test_a_language_that_the_recogniser_does_not_know_is_refused(
    caller: Caller, school: School, session_id: UUID
) -> None:
    path = f"/api/sessions/{session_id}/captions/settings"
    status, body = await put(caller, school.teacher, path, language="de")
    assert (status, body["code"]) == (422, "unsupported_language")
    assert body["details"]["languages"] == ["en"]


async def test_only_staff_set_how_a_class_is_captioned(
    caller: Caller, school: School, session_id: UUID
) -> None:
    path = f"/api/sessions/{session_id}/captions/settings"
    assert (await put(caller, school.student, path))[0] == 403
    assert (await put(caller, school.student, f"/api/courses/{school.course_id}/captions"))[
        0
    ] == 403


@pytest.mark.parametrize("glossary", [["x" * 61], [""], [f"term {n}" for n in range(61)]])
async def test_a_glossary_fits_what_the_recogniser_takes_as_a_hint(
    caller: Caller, school: School, session_id: UUID, glossary: list[str]
) -> None:
    path = f"/api/sessions/{session_id}/captions/settings"
    status, body = await put(caller, school.teacher, path, glossary=glossary)
    assert (status, body["details"]["field"]) == (422, "glossary")


def test_english_models_know_english_and_others_what_whisper_knows() -> None:
    assert languages("tiny.en") == languages("/models/small.en") == ["en"]
    assert {"en", "de", "cy", "yue"} <= set(languages("base"))
