"""Chat and questions. Their texts are not in the state: no decision needs them, so the events themselves are read."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.audience.tables import chat_messages, question_upvotes, questions
from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from schema import events as e

MESSAGE = ("user_id", "content")
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
    return {
        **{f"voters of {key}": frozenset(people) for key, people in voters.items()},
        **{f"message {row['id']}": picked(row, MESSAGE) for row in wrote},
        **{f"question {row['id']}": picked(row, QUESTION) for row in asked},
    }


def _take(facts: Facts, event: e.Event) -> None:
    match event:
        case e.ChatSent(message_id=key):
            facts[f"message {key}"] = {"user_id": event.user_id, "content": event.content}
        case e.ChatEdited(message_id=key) if f"message {key}" in facts:
            facts[f"message {key}"]["content"] = event.content
        case e.ChatDeleted(message_id=key):
            facts.pop(f"message {key}", None)
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


def _asked(event: e.QuestionAsked) -> Facts:
    return {
        "user_id": event.user_id,
        "content": event.content,
        "status": "open",
        "upvotes": 0,
        "answer": None,
    }
