"""One example of every request body, for the API's description; a field that is left out has its default."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from schema import audience, people
from schema.audience import AnswerQuestion, AskQuestion, EditChat, SendChat, SetChatRules
from schema.auth import ChangePassword, Login, SetPassword
from schema.base import Wire
from schema.branding import ChangeBranding
from schema.captions import ChooseLanguage, CorrectCaption, RedactSpeaker, SetCaptionSettings
from schema.courses import (
    ChangeEnrolment,
    CreateCourse,
    CreateLesson,
    EnrolPeople,
    EnrolPerson,
    OrderLessons,
    UpdateCourse,
    UpdateLesson,
)
from schema.destinations import CreateDestination, SelectDestinations, UpdateDestination
from schema.invitations import AcceptInvitation, CreateInvitation
from schema.jobs import ProcessArtifacts, RetryArtifact
from schema.keys import CreateApiKey
from schema.people import ChangePermissions, ChangeRules
from schema.platforms import FinishConnection
from schema.polls import AnswerPoll, CreatePoll, EditPoll
from schema.quality import ChooseQuality
from schema.sessions import CreateSession, SessionCommand, UpdateSession
from schema.studio import (
    BoardCommand,
    ChangeScene,
    CreateScene,
    Draw,
    Erase,
    SceneMetadata,
    Slide,
    Stroke,
)
from schema.users import CreateUser, GrantRole, UpdatePreferences, UpdateUser
from schema.webhooks import CreateWebhookEndpoint, ReplayWebhooks, UpdateWebhookEndpoint

SESSION = UUID("0199c1a0-0000-7000-8000-000000000001")
COURSE = UUID("0199c1a0-0000-7000-8000-000000000002")
LESSON = UUID("0199c1a0-0000-7000-8000-000000000003")
PARTICIPANT = UUID("0199c1a0-0000-7000-8000-000000000004")
ASSET = UUID("0199c1a0-0000-7000-8000-000000000005")
STROKE = UUID("0199c1a0-0000-7000-8000-000000000006")
DESTINATION = UUID("0199c1a0-0000-7000-8000-000000000007")
# One-time secrets are as long as these; neither opens anything.
TOKEN = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 no secret
PASSWORD, NEXT_PASSWORD = "correct horse battery staple", "seven quiet otters swim"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, 11, hour, minute, tzinfo=UTC)


EXAMPLES: tuple[Wire, ...] = (
    AcceptInvitation(token=TOKEN, name="Ms Lee"),
    AnswerPoll(choices=[1]),
    AnswerQuestion(answer="Because water moves from low to high salt."),
    AskQuestion(session_id=SESSION, content="Why do the leaves turn red?"),
    audience.Mute(participant_id=PARTICIPANT),
    BoardCommand(session_id=SESSION),
    ChangeBranding(primary_color="#0f766e"),
    ChangeEnrolment(role="assistant"),
    ChangePassword(current_password=PASSWORD, new_password=NEXT_PASSWORD),
    ChangePermissions(publish=("microphone",), draw=True),
    ChangeRules(students_may_publish=True),
    ChangeScene(slide=Slide(asset_id=ASSET, page=2)),
    ChooseLanguage(language="fr"),
    ChooseQuality(quality="1080p30"),
    CorrectCaption(text="Photosynthesis needs light."),
    CreateApiKey(name="Calendar", role="student", expires_at=at(0)),
    CreateCourse(title="Botany", description="Plants and what they do."),
    CreateDestination(
        type="rtmp",
        name="School channel",
        url="rtmp://live.example.org/app",
        stream_key="abcd-1234-efgh",
    ),
    CreateInvitation(name="Ms Lee, our guest", expires_at=at(12), max_uses=1),
    CreateLesson(title="Photosynthesis", order=2),
    CreatePoll(
        session_id=SESSION,
        prompt="What do leaves take from the air?",
        options=["Oxygen", "Carbon dioxide"],
        kind="quiz",
        correct=[1],
    ),
    CreateScene(
        session_id=SESSION,
        name="Lesson",
        layout="slides_speaker",
        metadata=SceneMetadata(title="Photosynthesis", lower_third="Ms Lee"),
    ),
    CreateSession(
        lesson_id=LESSON, scheduled_start=at(10), scheduled_end=at(10, 45), title="Photosynthesis"
    ),
    CreateUser(email="jane@school.example", name="Jane Fairfax"),
    CreateWebhookEndpoint(
        url="https://calendar.school.example/lectern",
        event_types=["session.started", "session.ended"],
    ),
    Draw(
        session_id=SESSION,
        strokes=[Stroke(id=STROKE, color="#e03131", width=40, points=[100, 100, 400, 250])],
    ),
    EditChat(content="Good morning, everybody"),
    EditPoll(results="after_close"),
    EnrolPeople(
        people=[EnrolPerson(email="jane@school.example"), EnrolPerson(user_id=PARTICIPANT)]
    ),
    Erase(session_id=SESSION, strokes=[STROKE]),
    FinishConnection(code="4/0AX4XfWh", state=TOKEN),
    GrantRole(role="teacher", scope="course", scope_id=COURSE),
    Login(email="teacher@school.example", password=PASSWORD),
    OrderLessons(lesson_ids=[LESSON]),
    people.Mute(source="camera"),
    ProcessArtifacts(session_id=SESSION, recording_url="https://files.school.example/lesson.mp4"),
    RedactSpeaker(participant_id=PARTICIPANT),
    ReplayWebhooks(session_id=SESSION, after_sequence=120),
    RetryArtifact(model="small.en"),
    SelectDestinations(destination_ids=[DESTINATION]),
    SendChat(session_id=SESSION, content="Good morning"),
    SessionCommand(session_id=SESSION),
    SetCaptionSettings(
        enabled=True,
        language="en",
        glossary=["chlorophyll", "stoma"],
        mask_profanity=False,
        correctors="staff",
    ),
    SetChatRules(slow_mode_s=10, words=["spoiler"]),
    SetPassword(token=TOKEN, password=PASSWORD),
    UpdateCourse(description="Plants, and what they do all day."),
    UpdateDestination(stream_key="wxyz-9876"),
    UpdateLesson(title="Photosynthesis and light"),
    UpdatePreferences(destinations_default="all_on"),
    UpdateSession(scheduled_start=at(11), scheduled_end=at(11, 45)),
    UpdateUser(disabled=True),
    UpdateWebhookEndpoint(enabled=False),
)


def by_component() -> dict[str, dict[str, Any]]:
    """By the name in the API's description, which puts the module before a name that two have."""
    return {
        name: shown(example)
        for example in EXAMPLES
        for kind in [type(example)]
        for name in (kind.__name__, f"{kind.__module__.rpartition('.')[2]}_{kind.__name__}")
    }


def shown(example: msgspec.Struct) -> dict[str, Any]:
    """The body as JSON would have it, without the fields that say no more than their default."""
    whole: dict[str, Any] = msgspec.to_builtins(example)
    fields = msgspec.structs.fields(example)
    said = {each.encode_name for each in fields if getattr(example, each.name) != each.default}
    return {name: value for name, value in whole.items() if name in said}
