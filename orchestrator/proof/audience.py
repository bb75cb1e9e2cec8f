"""Chat and questions. Their texts are not in the state: no decision needs them, so the events themselves are read."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.audience.tables import chat_messages, chat_reactions, question_upvotes, questions
from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.state.session import SessionState
from schema import events as e


def folded(state: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {f"voters of {key}": q.voters for key, q in state.questions.items()}
    for event in events:
        if isinstance(event.payload, e.ChatEvent):
            _take_chat(facts, event.payload, event)
        elif isinstance(event.payload, e.QuestionEvent):
            _take_question(facts, event.payload, event)
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    wrote = await rows_of(tx, chat_messages, session_id)
    asked = await rows_of(tx, questions, session_id)
    votes = await rows_of(tx, question_upvotes, session_id)
    reactions = await rows_of(tx, chat_reactions, session_id)
    return {
        **{
            f"voters of {row['id']}": frozenset(
                vote["user_id"] for vote in votes if vote["question_id"] == row["id"]
            )
            for row in asked
            if row["status"] == "open"
        },
        **{_reaction(row["message_id"], row["user_id"], row["emoji"]): True for row in reactions},
        **{_vote(row["question_id"], row["user_id"]): True for row in votes},
        **{f"message {row['id']}": columns_of(row) for row in wrote},
        **{f"question {row['id']}": columns_of(row) for row in asked},
    }


def _take_chat(facts: Facts, told: e.ChatEvent, event: e.StoredEvent) -> None:
    match told:
        case e.ChatSent(message_id=key):
            facts[f"message {key}"] = _written(told, event) | {"edited_at": None, "pinned": False}
        case e.ChatEdited(message_id=key, content=text) if f"message {key}" in facts:
            facts[f"message {key}"] |= {"content": text, "edited_at": event.created_at}
        case e.ChatDeleted(message_id=key):
            _forget(facts, key)
        case e.ChatPinned(message_id=key) | e.ChatUnpinned(message_id=key):
            facts[f"message {key}"]["pinned"] = isinstance(told, e.ChatPinned)
        case e.ChatReacted(message_id=key):
            facts[_reaction(key, told.user_id, told.emoji)] = True
        case e.ChatReactionWithdrawn(message_id=key):
            facts.pop(_reaction(key, told.user_id, told.emoji), None)


def _take_question(facts: Facts, told: e.QuestionEvent, event: e.StoredEvent) -> None:
    match told:
        case e.QuestionAsked(question_id=key):
            none = {"status": "open", "upvotes": 0, "answer": None}
            facts[f"question {key}"] = _written(told, event) | none
        case e.QuestionUpvoted(question_id=key, user_id=user_id):
            facts[_vote(key, user_id)] = True
            facts[f"question {key}"]["upvotes"] += 1
        case e.QuestionUpvoteWithdrawn(question_id=key, user_id=user_id):
            del facts[_vote(key, user_id)]
            facts[f"question {key}"]["upvotes"] -= 1
        case e.QuestionAnswered(question_id=key, answer=answer):
            facts[f"question {key}"] |= {"status": "answered", "answer": answer}
        case e.QuestionDismissed(question_id=key):
            facts[f"question {key}"]["status"] = "dismissed"


def _written(text: e.ChatSent | e.QuestionAsked, event: e.StoredEvent) -> Facts:
    return {
        "user_id": text.user_id,
        "content": text.content,
        "sequence": event.sequence,
        "created_at": event.created_at,
    }


def _reaction(message_id: UUID, user_id: UUID, emoji: str) -> str:
    return f"reaction to {message_id} of {user_id}: {emoji}"


def _vote(question_id: UUID, user_id: UUID) -> str:
    return f"vote for {question_id} of {user_id}"


def _forget(facts: Facts, key: UUID) -> None:
    """A message with all that hangs on it."""
    marks = [name for name in facts if name.startswith(f"reaction to {key} ")]
    for name in (f"message {key}", *marks):
        facts.pop(name, None)
