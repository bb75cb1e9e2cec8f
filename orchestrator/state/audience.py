"""What is still open between the audience and the teacher. No texts: no decision needs them."""

from uuid import UUID

import msgspec

from schema import events as e


class QuestionState(msgspec.Struct, frozen=True):
    """A question still open; `voters` are users."""

    voters: frozenset[UUID] = frozenset()


Questions = dict[UUID, QuestionState]


def evolve_questions(known: Questions, event: e.StoredEvent) -> Questions:
    """Only the open ones: a closed question takes no vote any more, so nothing has to be decided on it."""
    match event.payload:
        case e.QuestionAsked(question_id=key):
            return {**known, key: QuestionState()}
        case e.QuestionUpvoted(question_id=key, user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters | {voter})}
        case e.QuestionUpvoteWithdrawn(question_id=key, user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters - {voter})}
        case e.QuestionAnswered(question_id=key) | e.QuestionDismissed(question_id=key):
            return {other: question for other, question in known.items() if other != key}
        case _:
            return known
