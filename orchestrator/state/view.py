"""From the state to what members may see of it: no voters, no connection ids, nothing of where the programme goes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from orchestrator.state.audience import ChatState, Questions
from orchestrator.state.captions import CaptionState
from orchestrator.state.people import ParticipantState, People, Rules
from orchestrator.state.polls import Polls
from orchestrator.state.session import SessionState
from orchestrator.state.studio import AssetState, SceneState, StudioState
from schema.people import Rules as RulesView
from schema.state import (
    AssetView,
    CaptionsView,
    ChatView,
    PersonView,
    PollView,
    QuestionView,
    SceneView,
    SessionView,
    StudioView,
)


def _people(people: People) -> list[PersonView]:
    return [_person(one) for one in people.values()]


def _rules(rules: Rules) -> RulesView:
    return RulesView(students_may_publish=rules.students_may_publish, locked=rules.locked)


def _questions(questions: Questions) -> list[QuestionView]:
    return [QuestionView(id=key, votes=len(one.voters)) for key, one in questions.items()]


def _chat(chat: ChatState) -> ChatView:
    return ChatView(
        open=chat.open,
        slow_mode_s=chat.slow_mode_s,
        muted=list(chat.muted),
        pins=list(chat.pins),
    )


def _captions(captions: CaptionState) -> CaptionsView:
    return CaptionsView(
        settings=captions.settings,
        languages=captions.languages,
        redacted=sorted(captions.redacted),
    )


def _studio(studio: StudioState) -> StudioView:
    return StudioView(
        scenes=[_scene(key, scene) for key, scene in studio.scenes.items()],
        assets=[_asset(key, asset) for key, asset in studio.assets.items()],
        active_scene=studio.active,
        whiteboard=studio.whiteboard,
    )


def _polls(polls: Polls) -> list[PollView]:
    return [
        PollView(
            id=key,
            question=one.question,
            responses=one.responses,
            tally=None if one.tally is None else list(one.tally),
        )
        for key, one in polls.items()
        if one.question is not None
    ]


# A field of SessionView each.
PARTS: dict[str, Callable[[SessionState], Any]] = {
    "status": lambda state: state.status,
    "title": lambda state: state.title,
    "started_at": lambda state: state.started_at,
    "ended_at": lambda state: state.ended_at,
    "participants": lambda state: _people(state.participants),
    "rules": lambda state: _rules(state.rules),
    "questions": lambda state: _questions(state.questions),
    "chat": lambda state: _chat(state.chat),
    "studio": lambda state: _studio(state.studio),
    "polls": lambda state: _polls(state.polls),
    "captions": lambda state: _captions(state.captions),
}


def view(state: SessionState, sequence: int, at: datetime | None) -> SessionView:
    """`state` is the fold of the log up to `sequence`, which was written at `at`."""
    parts = {name: part(state) for name, part in PARTS.items()}
    return SessionView(sequence=sequence, at=at, **parts)


def _person(one: ParticipantState) -> PersonView:
    return PersonView(
        id=one.id,
        name=one.name,
        role=one.role,
        joined_at=one.joined_at,
        left_at=one.left_at,
        connections=len(one.sids),
        permissions=one.permissions,
        hand_raised_at=one.hand_raised_at,
        removed=one.removed,
        guest=one.guest,
    )


def _scene(key: UUID, scene: SceneState) -> SceneView:
    return SceneView(
        id=key,
        name=scene.name,
        layout=scene.layout,
        metadata=scene.metadata,
        assets=list(scene.assets),
        slide=scene.slide,
        sequence=scene.sequence,
    )


def _asset(key: UUID, asset: AssetState) -> AssetView:
    return AssetView(id=key, type=asset.type, name=asset.name, pages=list(asset.pages))
