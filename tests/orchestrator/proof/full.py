"""A class that leaves a row in every read model, written straight into its log."""

from typing import Any, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.invitations.tables import invitations
from orchestrator.recordings.domain import job_id
from orchestrator.recordings.tables import jobs
from orchestrator.sessions.domain import participant_id
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema import events as e
from schema.auth import RoleName
from schema.events import Event
from schema.polls import PollQuestion
from schema.studio import PageSize, SceneMetadata, Slide, Stroke
from tests.support.school import NOW, Member, School, scheduled

MADE: tuple[Literal["transcript"], Literal["replay"]] = ("transcript", "replay")
ASKED = PollQuestion(prompt="Where?", options=["Bath", "Highbury"])


async def write(tx: Transaction, log: EventLog[SessionState], school: School) -> UUID:
    """The session's id. Its destination is nobody's: the tables must have let go of their foreign keys."""
    session_id, invitation = uuid4(), uuid4()
    plan = scheduled(school.lesson_id, "Emma")
    row = {"id": session_id, "tenant_id": school.tenant_id, "lesson_id": school.lesson_id}
    times = {"scheduled_start": plan.scheduled_start, "scheduled_end": plan.scheduled_end}
    await tx.execute(sa.insert(sessions).values(**row, **times, title="", created_at=NOW))
    await tx.execute(
        sa.insert(invitations).values(
            id=invitation,
            tenant_id=school.tenant_id,
            session_id=session_id,
            name="Aunt",
            token_hash=invitation.bytes,
            created_at=NOW,
            expires_at=NOW,
            max_uses=3,
        )
    )
    events = [
        plan,
        e.InvitationCreated(
            invitation_id=invitation, expires_at=NOW, max_uses=3, created_by=school.teacher.user_id
        ),
        *_class(session_id, school),
        *_audience(session_id, school),
        *_studio(session_id, school),
        *_recorded(session_id, school),
    ]
    await log.append(tx, school.tenant_id, session_id, "all", lambda _: events)
    # As whoever runs the jobs does, with the events that say so.
    made = (jobs.c.session_id == session_id) & jobs.c.kind.in_(MADE)
    await tx.execute(sa.update(jobs).where(made).values(state="done"))
    return session_id


def _class(session_id: UUID, school: School) -> list[Event]:
    teacher, student = school.teacher, school.student
    seats: list[tuple[Member, RoleName]] = [(teacher, "teacher"), (student, "student")]
    pupil, target = participant_id(session_id, student.user_id), uuid4()
    return [
        e.SessionStarted(room=f"session-{session_id}", started_by=teacher.user_id),
        *(
            e.ParticipantJoined(
                participant_id=participant_id(session_id, who.user_id),
                user_id=who.user_id,
                name=who.role,
                role=role,
            )
            for who, role in seats
        ),
        e.ParticipantConnected(participant_id=pupil, sid="PA_1"),
        e.HandRaised(participant_id=pupil),
        e.DestinationsSelected(destination_ids=[target]),
        e.DestinationChanged(
            destination_id=target, status="retrying", attempt=2, next_attempt_at=NOW, reason="away"
        ),
    ]


def _audience(session_id: UUID, school: School) -> list[Event]:
    user = school.student.user_id
    me, message, question, poll = participant_id(session_id, user), uuid4(), uuid4(), uuid4()
    by = {"participant_id": me, "user_id": user}
    return [
        e.ChatSent(message_id=message, content="Hello", **by),
        e.ChatEdited(message_id=message, content="Good morning"),
        e.ChatReacted(message_id=message, emoji="heart", **by),
        e.QuestionAsked(question_id=question, content="Why?", **by),
        e.QuestionUpvoted(question_id=question, **by),
        e.QuestionAnswered(question_id=question, answered_by=user, answer="Because"),
        e.PollCreated(poll_id=poll, created_by=user, sealed="draft"),
        e.PollOpened(poll_id=poll, opened_by=user, question=ASKED),
        e.PollAnswered(poll_id=poll, respondent="ab12", choices=[1]),
        e.PollClosed(poll_id=poll, closed_by=user, tally=[0, 1], correct=[]),
    ]


def _studio(session_id: UUID, school: School) -> list[Event]:
    user, scene, asset = school.teacher.user_id, uuid4(), uuid4()
    look: dict[str, Any] = {
        "scene_id": scene,
        "name": "Slides",
        "layout": "slides",
        "metadata": SceneMetadata(),
    }
    return [
        e.SceneCreated(**look, created_by=user),
        e.AssetAdded(
            asset_id=asset,
            scene_id=scene,
            asset_type="slide",
            name="deck",
            key="t/s/assets/a",
            pages=[PageSize(width_px=10, height_px=10)],
            added_by=user,
        ),
        e.SceneChanged(
            **look, assets=[asset], slide=Slide(asset_id=asset, page=1), changed_by=user
        ),
        e.SceneActivated(scene_id=scene, activated_by=user),
        e.WhiteboardDrawn(
            board_id=session_id,
            page=1,
            user_id=user,
            strokes=[Stroke(id=uuid4(), color="#ff0000", width=20, points=[1, 2, 3, 4])],
        ),
    ]


def _recorded(session_id: UUID, school: School) -> list[Event]:
    me, recording = participant_id(session_id, school.student.user_id), uuid4()
    start = int(NOW.timestamp() * 1000)
    word = e.Word(start_unix_ms=start, end_unix_ms=start + 9, text="Yes")
    return [
        e.RecordingAdded(
            recording_id=recording,
            kind="speaker",
            key="t/s/speakers/p/TR",
            mime_type="audio/ogg",
            started_at_unix_ms=start,
            participant_id=me,
        ),
        e.CaptionFinalized(
            segment_id="SG_1",
            participant_id=me,
            track_sid="TR",
            start_unix_ms=start,
            end_unix_ms=start + 9,
            text="Yes",
            language="en",
            words=[word],
        ),
        e.CaptionCorrected(
            segment_id="SG_1", participant_id=me, text="No", corrected_by=school.teacher.user_id
        ),
        e.SessionEnded(reason="command", ended_by=school.teacher.user_id),
        e.RecordingCompleted(recording_id=recording, duration_ms=9),
        *(
            e.ArtifactCompleted(
                kind=kind, job_id=job_id(session_id, kind), key="k", provenance={"by": "us"}
            )
            for kind in MADE
        ),
    ]
