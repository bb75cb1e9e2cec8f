"""Chat and questions. Their texts are not in the state: no decision needs them, so the events themselves are read."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.audience.tables import chat_messages, chat_reactions, question_upvotes, questions
from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from schema import events as e

MESSAGE = ("user_id", "content", "pinned")
QUESTION = ("user_id", "content", "status", "upvotes", "answer")


def folded(state: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {f"voters of {key}": q.voters for key, q in state.questions.items()}
    for event in events:
        _take(facts, event.payload)
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    wrote = await rows_of(tx, chat_messages, session_id)
    asked = await rows_of(tx, questions, session_id)
    voters: dict[UUID, set[UUID]] = {row["id"]: set() for row in asked if row["status"] == "open"}
    for vote in await rows_of(tx, question_upvotes, session_id):
        if vote["question_id"] in voters:
            voters[vote["question_id"]].add(vote["user_id"])
    reactions = await rows_of(tx, chat_reactions, session_id)
    return {
        **{_reaction(row["message_id"], row["user_id"], row["emoji"]): True for row in reactions},
        **{f"voters of {key}": frozenset(people) for key, people in voters.items()},
        **{f"message {row['id']}": picked(row, MESSAGE) for row in wrote},
        **{f"question {row['id']}": picked(row, QUESTION) for row in asked},
    }


def _take(facts: Facts, event: e.Event) -> None:
    if isinstance(event, e.ChatEvent):
        _take_chat(facts, event)
    elif isinstance(event, e.QuestionEvent):
        _take_question(facts, event)


def _take_chat(facts: Facts, event: e.ChatEvent) -> None:
    match event:
        case e.ChatSent(message_id=key):
            sent = {"user_id": event.user_id, "content": event.content, "pinned": False}
            facts[f"message {key}"] = sent
        case e.ChatEdited(message_id=key) if f"message {key}" in facts:
            facts[f"message {key}"]["content"] = event.content
        case e.ChatDeleted(message_id=key):
            _forget(facts, key)
        case e.ChatPinned(message_id=key) | e.ChatUnpinned(message_id=key):
            facts[f"message {key}"]["pinned"] = isinstance(event, e.ChatPinned)
        case e.ChatReacted(message_id=key):
            facts[_reaction(key, event.user_id, event.emoji)] = True
        case e.ChatReactionWithdrawn(message_id=key):
            facts.pop(_reaction(key, event.user_id, event.emoji), None)


def _take_question(facts: Facts, event: e.QuestionEvent) -> None:
    match event:
        case e.QuestionAsked(question_id=key):
            facts[f"question {key}"] = _asked(event)
        case e.QuestionUpvoted(question_id=key):
            facts[f"question {key}"]["upvotes"] += 1
        case e.QuestionUpvoteWithdrawn(question_id=key):
            facts[f"question {key}"]["upvotes"] -= 1
        case e.QuestionAnswered(question_id=key, answer=answer):
            facts[f"question {key}"] |= {"status": "answered", "answer": answer}
        case e.QuestionDismissed(question_id=key):
            facts[f"question {key}"]["status"] = "dismissed"


def _reaction(message_id: UUID, user_id: UUID, emoji: str) -> str:
    return f"reaction to {message_id} of {user_id}: {emoji}"


def _forget(facts: Facts, key: UUID) -> None:
    """A message with all that hangs on it."""
    marks = [name for name in facts if name.startswith(f"reaction to {key} ")]
    for name in (f"message {key}", *marks):
        facts.pop(name, None)


def _asked(event: e.QuestionAsked) -> Facts:
    return {
        "user_id": event.user_id,
        "content": event.content,
        "status": "open",
        "upvotes": 0,
        "answer": None,
    }
