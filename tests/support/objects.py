"""One real object of each kind that the access table names, made over the API; a new `Scope` needs its factory here."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from orchestrator.auth.access import ACCESS, Rule
from orchestrator.sessions.domain import participant_id
from tests.support.samples import SAMPLES, Sample
from tests.support.school import Caller, Member, School, bearer
from tests.support.studio import Desk, png

Request = tuple[str, str, Any]


class Form(dict[str, str]):
    """Fields of a multipart body; a picture goes with them as `file`."""


class Objects:
    """Of one school, each made at its first use; the teacher is the author of all."""

    def __init__(self, caller: Caller, school: School) -> None:
        self.caller = caller
        self.school = school
        self._made: dict[str, str] = {}

    async def id(self, kind: str) -> str:
        if kind not in self._made:
            self._made[kind] = await FACTORIES[kind](self)
        return self._made[kind]

    async def make(self, path: str, body: Any, who: Member | None = None) -> str:
        """The id of what a POST there made."""
        reply = await self.caller.post(who or self.school.teacher, path, body)
        assert reply.is_success, reply.text
        return str(reply.json()["id"])

    async def filled(self, value: Any) -> Any:
        """The same with each `<kind>` replaced by the id of that object."""
        if isinstance(value, dict):
            return {key: await self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [await self.filled(inner) for inner in value]
        if isinstance(value, str) and value.startswith("<"):
            return await self.id(value.strip("<>"))
        return value

    async def request(self, route: str, rule: Rule) -> Request:
        """Method, address and body with which the route succeeds, for who may call it."""
        method, path = route.split()
        sample = SAMPLES.get(route, Sample())
        ids: dict[str, str] = {place: f"<{kind}>" for place, kind in rule.also.items()}
        ids |= {rule.at: f"<{rule.scope}>"} if rule.at else {}
        given = await self.filled({**ids, **sample.at})
        for place in list(given):
            if f"{{{place}}}" in path:
                path = path.replace(f"{{{place}}}", given.pop(place))
        query = {**sample.query, **(given if method == "GET" else {})}
        path += f"?{urlencode(query)}" if query else ""
        if sample.form is not None:
            return method, path, Form(given | await self.filled(sample.form))
        body = None if sample.body is None else given | await self.filled(sample.body)
        return method, path, body


async def api_key(objects: Objects) -> str:
    reply = await objects.caller.post(
        objects.school.teacher, "/api/api-keys", SAMPLES["POST /api/api-keys"].body
    )
    assert reply.is_success, reply.text
    return str(reply.json()["key"]["id"])


async def new_email(_: Objects) -> str:
    return f"{uuid4()}@school.test"


async def course(objects: Objects) -> str:
    return str(objects.school.course_id)


async def lesson(objects: Objects) -> str:
    return str(objects.school.lesson_id)


async def empty_course(objects: Objects) -> str:
    return await objects.make("/api/courses", {"title": "Plays"})


async def spare_course(objects: Objects) -> str:
    """With the student in it."""
    made = await empty_course(objects)
    people = [{"userId": str(objects.school.student.user_id)}]
    path = f"/api/courses/{made}/enrolments"
    reply = await objects.caller.post(objects.school.teacher, path, {"people": people})
    assert reply.is_success, reply.text
    return made


async def spare_lesson(objects: Objects) -> str:
    path = f"/api/courses/{await objects.id('spare_course')}/lessons"
    return await objects.make(path, {"title": "Odes"})


async def lesson_to_delete(objects: Objects) -> str:
    path = f"/api/courses/{await objects.id('other_course')}/lessons"
    return await objects.make(path, {"title": "Odes"})


async def user(objects: Objects) -> str:
    return str(objects.school.student.user_id)


async def planned_session(objects: Objects) -> str:
    return str(await objects.caller.new_session(objects.school))


async def session(objects: Objects) -> str:
    """A live one, with everybody in it."""
    made = await objects.caller.new_session(objects.school)
    await enter(objects, "start", objects.school.teacher, made)
    for role in ("admin", "assistant", "student"):
        await enter(objects, "join", objects.school.members[role], made)
    return str(made)


async def enter(objects: Objects, verb: str, who: Member, session_id: UUID) -> None:
    reply = await objects.caller.command(verb, who, session_id)
    assert reply.status_code == 200, reply.text


async def ended_session(objects: Objects) -> str:
    made = await session(objects)
    await enter(objects, "end", objects.school.teacher, UUID(made))
    return made


async def participant(objects: Objects) -> str:
    session_id = UUID(await objects.id("session"))
    return str(participant_id(session_id, objects.school.student.user_id))


async def caption(objects: Objects) -> str:
    """Something that the student said."""
    speaker, session_id = await participant(objects), await objects.id("session")
    said: dict[str, Any] = {"type": "caption.finalized", "segmentId": "SG_TR_1_0"}
    said |= {
        "participantId": speaker,
        "trackSid": "TR_1",
        "startUnixMs": 0,
        "endUnixMs": 1000,
        "text": "Why Emma?",
    }
    body = {"captions": [said | {"language": "en", "words": []}]}
    reply = await objects.caller.report(f"/sessions/{session_id}/captions", body)
    assert reply.is_success, reply.text
    return "SG_TR_1_0"


async def removed_participant(objects: Objects) -> str:
    removed = await participant(objects)
    path = f"/api/sessions/{await objects.id('session')}/participants/{removed}"
    reply = await objects.caller.http.delete(
        path, headers=bearer(objects.school.teacher) | {"Idempotency-Key": "removed"}
    )
    assert reply.is_success, reply.text
    return removed


async def message(objects: Objects) -> str:
    body = {"sessionId": await objects.id("session"), "content": "Good morning"}
    return await objects.make("/api/chat", body)


async def question(objects: Objects) -> str:
    body = {"sessionId": await objects.id("session"), "content": "Why Emma?"}
    return await objects.make("/api/questions", body)


async def scene(objects: Objects) -> str:
    body = {"sessionId": await objects.id("session"), "name": "Welcome", "layout": "grid"}
    return await objects.make("/api/studio/scenes", body)


async def board(objects: Objects) -> str:
    """The blank one, which has its session's id."""
    return await objects.id("session")


async def asset(objects: Objects) -> str:
    desk = Desk(objects.caller, objects.school.teacher, UUID(await objects.id("session")))
    return str((await desk.asset(png(), type="image"))["id"])


async def stroke(objects: Objects) -> str:
    route = "POST /api/studio/whiteboards/{board_id}/strokes"
    method, path, body = await objects.request(route, ACCESS[route])
    assert method == "POST"
    reply = await objects.caller.post(objects.school.teacher, path, body)
    assert reply.is_success, reply.text
    return str(body["strokes"][0]["id"])


async def poll(objects: Objects) -> str:
    body = await objects.filled(
        {"sessionId": "<session>", **(SAMPLES["POST /api/polls"].body or {})}
    )
    return await objects.make("/api/polls", body)


async def open_poll(objects: Objects) -> str:
    return await objects.make(f"/api/polls/{await poll(objects)}/open", None)


async def destination(objects: Objects) -> str:
    body = await objects.filled(SAMPLES["POST /api/destinations"].body)
    return await objects.make("/api/destinations", {**body, "streamKey": f"key-{uuid4()}"})


async def chosen_destination(objects: Objects) -> str:
    """One that the class streams to; its key is no other's, for an address and key may be there once."""
    body = await objects.filled(SAMPLES["POST /api/destinations"].body)
    made = await objects.make("/api/destinations", body | {"streamKey": "chosen-1234"})
    path = f"/api/sessions/{await objects.id('session')}/destinations"
    reply = await objects.caller.post(objects.school.teacher, path, {"destinationIds": [made]})
    assert reply.is_success, reply.text
    return made


async def webhook_endpoint(objects: Objects) -> str:
    body = SAMPLES["POST /api/webhook-endpoints"].body
    reply = await objects.caller.post(objects.school.admin, "/api/webhook-endpoints", body)
    assert reply.is_success, reply.text
    return str(reply.json()["endpoint"]["id"])


async def invitation(objects: Objects) -> str:
    path = f"/api/sessions/{await objects.id('session')}/invitations"
    reply = await objects.caller.post(objects.school.teacher, path, {})
    assert reply.is_success, reply.text
    return str(reply.json()["invitation"]["id"])


FACTORIES: dict[str, Callable[[Objects], Awaitable[str]]] = {
    "api_key": api_key,
    "new_email": new_email,
    "course": course,
    "lesson": lesson,
    "empty_course": empty_course,
    "spare_course": spare_course,
    "spare_lesson": spare_lesson,
    "other_course": spare_course,
    "lesson_to_delete": lesson_to_delete,
    "session_to_edit": planned_session,
    "session_to_cancel": planned_session,
    "user": user,
    "session": session,
    "invitation": invitation,
    "planned_session": planned_session,
    "ended_session": ended_session,
    "participant": participant,
    "removed_participant": removed_participant,
    "caption": caption,
    "message": message,
    "question": question,
    "scene": scene,
    "asset": asset,
    "board": board,
    "stroke": stroke,
    "poll": poll,
    "open_poll": open_poll,
    "destination": destination,
    "chosen_destination": chosen_destination,
    "webhook_endpoint": webhook_endpoint,
}
