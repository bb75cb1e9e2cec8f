"""However people vote, take back and close, a question counts each person once."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.audience import domain
from orchestrator.proof import audience
from orchestrator.sessions import domain as sessions
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState, evolve
from schema.auth import RoleName
from schema.errors import Forbidden, QuestionClosed
from schema.events import Event, StoredEvent
from tests.support.school import NOW

SESSION, QUESTION = uuid4(), uuid4()
ROLES: tuple[RoleName, ...] = ("teacher", "student", "student", "student")
PEOPLE = [sessions.Person(uuid4(), f"Person {n}", role) for n, role in enumerate(ROLES)]
VOTES = st.tuples(st.sampled_from(["upvote", "withdraw"]), st.sampled_from(PEOPLE))


def never(_sealed: str, _text: str) -> bool:
    """A word filter that lets everything pass."""
    return False


class Log:
    """A log in memory: what is decided on its state is appended to it."""

    def __init__(self) -> None:
        self.state = SessionState()
        self.events: list[StoredEvent] = []
        self.add(sessions.start(self.state, SESSION, PEOPLE[0]))
        for person in PEOPLE[1:]:
            self.add(sessions.join(self.state, SESSION, person))
        self.add(
            domain.ask(self.state, self.writer(PEOPLE[1].user_id), QUESTION, "Why Bath?", never)
        )

    def add(self, events: list[Event]) -> None:
        for event in events:
            stored = StoredEvent(
                id=uuid4(),
                session_id=SESSION,
                sequence=len(self.events) + 1,
                created_at=NOW,
                payload=event,
            )
            self.events.append(stored)
            self.state = evolve(self.state, stored)

    def writer(self, user_id: UUID) -> ParticipantState:
        return sessions.member(self.state, SESSION, user_id)

    def upvotes(self) -> int:
        facts = audience.folded(self.state, self.events)
        return int(facts[f"question {QUESTION}"]["upvotes"])

    def vote(self, verb: str, person: sessions.Person) -> None:
        decide = domain.upvote if verb == "upvote" else domain.withdraw
        self.add(decide(self.state, self.writer(person.user_id), QUESTION))


@given(votes=st.lists(VOTES, max_size=30))
def test_one_vote_a_person(votes: list[tuple[str, sessions.Person]]) -> None:
    log, model = Log(), set[UUID]()
    for verb, person in votes:
        log.vote(verb, person)
        (model.add if verb == "upvote" else model.discard)(person.user_id)
        assert log.state.questions[QUESTION].voters == model
    assert log.upvotes() == len(model)


@given(votes=st.lists(VOTES, min_size=1, max_size=8), cut=st.integers(0, 7), answered=st.booleans())
def test_a_closed_question_keeps_its_votes(
    votes: list[tuple[str, sessions.Person]], cut: int, answered: bool
) -> None:
    log = Log()
    for verb, person in votes[:cut]:
        log.vote(verb, person)
    before = log.upvotes()
    teacher = log.writer(PEOPLE[0].user_id)
    log.add(
        domain.answer(log.state, teacher, QUESTION, None)
        if answered
        else domain.dismiss(log.state, teacher, QUESTION)
    )
    for verb, person in votes[cut:]:
        with pytest.raises(QuestionClosed):
            log.vote(verb, person)
    assert log.upvotes() == before
    assert log.state.questions == {}


def test_students_close_no_question() -> None:
    log = Log()
    student = log.writer(PEOPLE[2].user_id)
    with pytest.raises(Forbidden):
        domain.answer(log.state, student, QUESTION, "I know")
    with pytest.raises(Forbidden):
        domain.dismiss(log.state, student, QUESTION)
