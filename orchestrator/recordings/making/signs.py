"""What happened beside the speech, out of a class's log: pure."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from orchestrator.state import studio
from orchestrator.state.studio import StudioState
from schema import events as e
from schema.jobs import Sign, SignKind

NOBODY = UUID(int=0)
# Message, participant and emoji.
Reaction = tuple[UUID, UUID, str]


def signs(log: Sequence[e.StoredEvent]) -> tuple[Sign, ...]:
    """In order of time; a message as it was last edited, without those deleted and without reactions taken back."""
    found: list[Sign] = []
    shown, stage, withdrawn = "", StudioState(), _withdrawn(log)
    for event in log:
        stage = studio.evolve(stage, event)
        slide = _slide(stage)
        if slide != shown:
            found.append(_sign("slide", event, stage.active or NOBODY, text=slide))
            shown = slide
        if (sign := _read(event)) and _name(sign) not in withdrawn:
            found.append(sign)
    return _as_edited(found, log)


def _name(sign: Sign) -> Reaction | None:
    if sign.kind != "reaction" or sign.participant_id is None:
        return None
    return sign.id, sign.participant_id, sign.text


def _withdrawn(log: Sequence[e.StoredEvent]) -> set[Reaction]:
    """Those that were not there at the end."""
    gone: set[Reaction] = set()
    for event in log:
        match event.payload:
            case e.ChatReacted(message_id=key, participant_id=who, emoji=emoji):
                gone.discard((key, who, emoji))
            case e.ChatReactionWithdrawn(message_id=key, participant_id=who, emoji=emoji):
                gone.add((key, who, emoji))
    return gone


def _slide(stage: StudioState) -> str:
    scene = None if stage.active is None else stage.scenes.get(stage.active)
    if scene is None or scene.slide is None:
        return ""
    return f"{scene.slide.asset_id}:{scene.slide.page}"


def _read(event: e.StoredEvent) -> Sign | None:
    match event.payload:
        case e.ChatSent(message_id=key, participant_id=who, content=text) if text:
            return _sign("chat", event, key, who, text)
        case e.ChatReacted(message_id=key, participant_id=who, emoji=emoji):
            return _sign("reaction", event, key, who, emoji)
        case e.QuestionAsked(question_id=key, participant_id=who, content=text) if text:
            return _sign("question", event, key, who, text)
        case e.QuestionUpvoted(question_id=key, participant_id=who):
            return _sign("upvote", event, key, who)
        case _:
            return _done(event)


def _done(event: e.StoredEvent) -> Sign | None:
    match event.payload:
        case e.HandRaised(participant_id=who):
            return _sign("hand", event, who, who)
        case e.PollOpened(poll_id=key, question=question):
            return _sign("poll", event, key, text=question.prompt)
        case e.PollAnswered(poll_id=key):
            return _sign("vote", event, key)
        case e.SceneActivated(scene_id=key):
            return _sign("scene", event, key)
        case _:
            return None


def _sign(
    kind: SignKind, event: e.StoredEvent, key: UUID, who: UUID | None = None, text: str = ""
) -> Sign:
    at = round(event.created_at.timestamp() * 1000)
    return Sign(kind=kind, at_unix_ms=at, id=key, participant_id=who, text=text)


def _as_edited(found: list[Sign], log: Sequence[e.StoredEvent]) -> tuple[Sign, ...]:
    edits = {
        event.payload.message_id: event.payload.content
        for event in log
        if isinstance(event.payload, e.ChatEdited) and event.payload.content
    }
    return tuple(
        replace(sign, text=edits[sign.id]) if sign.kind == "chat" and sign.id in edits else sign
        for sign in found
    )
