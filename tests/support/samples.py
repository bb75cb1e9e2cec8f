"""A request for each route that succeeds, besides the ids that the access table names: `<kind>` is the id of that object."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """`body` is None where the route takes none; `at` gives path parameters the table does not, or other objects.

    `other` are fields that make it another request, where any change of the first field would not be valid;
    `form` are the fields of a multipart body, which has a picture in it too.
    """

    body: Mapping[str, Any] | None = None
    at: Mapping[str, str] = {}
    other: Mapping[str, Any] = {}
    form: Mapping[str, str] | None = None
    query: Mapping[str, str] = {}


TIMES = {"scheduledStart": "2027-01-11T10:00:00Z", "scheduledEnd": "2027-01-11T11:00:00Z"}
TRANSCRIPT = {"session_id": "<ended_session>", "kind": "transcript"}
CAPTIONS = {
    "enabled": True,
    "language": "en",
    "glossary": ["Barton Park"],
    "maskProfanity": False,
    "correctors": "speakers",
}
STROKE = {
    "id": "0199c1a0-0000-7000-8000-000000000001",
    "color": "#102030",
    "width": 40,
    "points": [0, 0, 10, 10],
}

SAMPLES: dict[str, Sample] = {
    "POST /api/api-keys": Sample({"name": "Calendar", "role": "student"}),
    "POST /api/users": Sample(
        {"email": "<new_email>", "name": "Jane"}, other={"name": "Cassandra"}
    ),
    "PATCH /api/users/me/preferences": Sample(
        {"destinationsDefault": "all_on"}, other={"destinationsDefault": "all_off"}
    ),
    "PATCH /api/users/{user_id}": Sample({"name": "Jane"}),
    "POST /api/users/{user_id}/roles": Sample({"role": "assistant"}, other={"role": "teacher"}),
    "DELETE /api/users/{user_id}/roles": Sample(query={"role": "student"}),
    "PATCH /api/branding": Sample({"primaryColor": "#204060"}, other={"primaryColor": "#402060"}),
    "POST /api/branding/logo": Sample(form={}),
    "POST /api/courses": Sample({"title": "Poems"}),
    "POST /api/courses/{course_id}/lessons": Sample({"title": "Odes", "order": 2}),
    "PATCH /api/courses/{course_id}": Sample({"title": "Poems"}),
    "DELETE /api/courses/{course_id}": Sample(at={"course_id": "<empty_course>"}),
    "PUT /api/courses/{course_id}/lessons/order": Sample(
        {"lessonIds": ["<spare_lesson>"]}, at={"course_id": "<spare_course>"}
    ),
    "PATCH /api/courses/{course_id}/lessons/{lesson_id}": Sample({"title": "Odes"}),
    "DELETE /api/courses/{course_id}/lessons/{lesson_id}": Sample(
        at={"course_id": "<other_course>", "lesson_id": "<lesson_to_delete>"}
    ),
    "POST /api/courses/{course_id}/enrolments": Sample(
        {"people": [{"userId": "<user>"}]}, other={"people": [{"email": "anne@school.test"}]}
    ),
    "PATCH /api/courses/{course_id}/enrolments/{user_id}": Sample(
        {"role": "student"},
        at={"course_id": "<spare_course>", "user_id": "<user>"},
        other={"role": "assistant"},
    ),
    "DELETE /api/courses/{course_id}/enrolments/{user_id}": Sample(
        at={"course_id": "<other_course>", "user_id": "<user>"}
    ),
    "POST /api/sessions": Sample(TIMES),
    "PATCH /api/sessions/{session_id}": Sample(
        {"title": "Odes"}, at={"session_id": "<session_to_edit>"}
    ),
    "POST /api/sessions/cancel": Sample({}, {"sessionId": "<session_to_cancel>"}),
    "POST /api/sessions/start": Sample({}, {"sessionId": "<planned_session>"}),
    "POST /api/sessions/join": Sample({}),
    "POST /api/sessions/end": Sample({}),
    "POST /api/sessions/{session_id}/destinations": Sample({"destinationIds": ["<destination>"]}),
    "PUT /api/sessions/{session_id}/programme": Sample(
        {"quality": "1080p30"},
        at={"session_id": "<planned_session>"},
        other={"quality": "1080p60"},
    ),
    "POST /api/sessions/{session_id}/destinations/{destination_id}/retry": Sample(
        at={"destination_id": "<chosen_destination>"}
    ),
    "POST /api/chat": Sample({"content": "Hello"}),
    "PATCH /api/chat/{message_id}": Sample({"content": "Hello again"}),
    "PUT /api/chat/{message_id}/reactions/{emoji}": Sample(at={"emoji": "heart"}),
    "DELETE /api/chat/{message_id}/reactions/{emoji}": Sample(at={"emoji": "heart"}),
    "PATCH /api/sessions/{session_id}/captions/{segment_id}": Sample(
        {"text": "Why, Emma?"}, at={"segment_id": "<caption>"}
    ),
    "POST /api/sessions/{session_id}/captions/redactions": Sample({}),
    "PUT /api/sessions/{session_id}/captions/settings": Sample(CAPTIONS),
    "PUT /api/courses/{course_id}/captions": Sample(CAPTIONS),
    "PUT /api/sessions/{session_id}/captions/language": Sample(
        {"language": "en"}, other={"language": ""}
    ),
    "PUT /api/sessions/{session_id}/chat/rules": Sample({"slowModeS": 5}),
    "POST /api/sessions/{session_id}/chat/mutes": Sample({}),
    "POST /api/questions": Sample({"content": "Who is Knightley?"}),
    "POST /api/questions/{question_id}/answer": Sample({"answer": "A neighbour"}),
    "PATCH /api/sessions/{session_id}/participants/{participant_id}/permissions": Sample(
        {"publish": ["microphone"]}, other={"draw": True}
    ),
    "POST /api/sessions/{session_id}/participants/{participant_id}/mute": Sample(
        {"source": "microphone"}, other={"source": "camera"}
    ),
    "POST /api/sessions/{session_id}/participants/mute": Sample(
        {"source": "microphone"}, other={"source": "camera"}
    ),
    "POST /api/sessions/{session_id}/participants/{participant_id}/readmit": Sample(
        at={"participant_id": "<removed_participant>"}
    ),
    "POST /api/sessions/{session_id}/invitations": Sample({"name": "Ms Lee"}),
    "PUT /api/sessions/{session_id}/rules": Sample({"studentsMayPublish": True}),
    "POST /api/studio/scenes": Sample({"name": "Welcome", "layout": "grid"}),
    "PATCH /api/studio/scenes/{scene_id}": Sample({"name": "Farewell"}),
    "POST /api/studio/assets": Sample(form={"type": "image"}, other={"type": "slide"}),
    "POST /api/studio/whiteboards/{board_id}/strokes": Sample(
        {"strokes": [STROKE]}, other={"strokes": [{**STROKE, "width": 41}]}
    ),
    "POST /api/studio/whiteboards/{board_id}/erase": Sample({"strokes": ["<stroke>"]}),
    "POST /api/studio/whiteboards/{board_id}/undo": Sample({}),
    "POST /api/studio/whiteboards/{board_id}/clear": Sample({}),
    "POST /api/polls": Sample({"prompt": "Where?", "options": ["Bath", "Highbury"]}),
    "PATCH /api/polls/{poll_id}": Sample({"prompt": "Where is it?"}),
    "POST /api/polls/{poll_id}/close": Sample(at={"poll_id": "<open_poll>"}),
    "POST /api/polls/{poll_id}/responses": Sample({"choices": [1]}, {"poll_id": "<open_poll>"}),
    "GET /api/platforms/connections/{platform}/status": Sample(at={"platform": "youtube"}),
    "DELETE /api/platforms/connections/{platform}": Sample(at={"platform": "youtube"}),
    "POST /api/destinations": Sample(
        {"type": "rtmp", "url": "rtmp://127.0.0.1/live", "streamKey": "abcd-1234"},
        other={"streamKey": "abcd-5678"},
    ),
    "PATCH /api/destinations/{destination_id}": Sample({"name": "Main channel"}),
    "POST /api/sessions/{session_id}/artifacts/{kind}/retry": Sample(
        {"model": "tiny.en"}, {**TRANSCRIPT, "kind": "speech"}, other={"model": ""}
    ),
    "POST /api/sessions/{session_id}/artifacts/{kind}/cancel": Sample(at=TRANSCRIPT),
    "GET /api/search": Sample(query={"q": "Emma"}),
    "POST /api/webhook-endpoints": Sample(
        {"url": "http://127.0.0.1:9/hook"}, other={"description": "Calendar"}
    ),
    "PATCH /api/webhook-endpoints/{endpoint_id}": Sample({"description": "Calendar"}),
    "POST /api/webhook-endpoints/{endpoint_id}/replay": Sample({}),
}
