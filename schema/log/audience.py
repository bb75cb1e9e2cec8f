"""What the audience writes: chat and questions."""

from uuid import UUID

from schema.log.base import Payload


class ChatSent(Payload, frozen=True, tag="chat.sent"):
    message_id: UUID
    participant_id: UUID
    user_id: UUID
    content: str


class ChatEdited(Payload, frozen=True, tag="chat.edited"):
    message_id: UUID
    content: str


class ChatDeleted(Payload, frozen=True, tag="chat.deleted"):
    """`deleted_by` is a user: the author or a moderator."""

    message_id: UUID
    deleted_by: UUID


class QuestionAsked(Payload, frozen=True, tag="question.asked"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID
    content: str


class QuestionUpvoted(Payload, frozen=True, tag="question.upvoted"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID


class QuestionUpvoteWithdrawn(Payload, frozen=True, tag="question.upvote_withdrawn"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID


class QuestionAnswered(Payload, frozen=True, tag="question.answered"):
    """`answer` is null when it was answered by word of mouth."""

    question_id: UUID
    answered_by: UUID
    answer: str | None = None


class QuestionDismissed(Payload, frozen=True, tag="question.dismissed"):
    question_id: UUID
    dismissed_by: UUID


ChatEvent = ChatSent | ChatEdited | ChatDeleted
QuestionEvent = (
    QuestionAsked | QuestionUpvoted | QuestionUpvoteWithdrawn | QuestionAnswered | QuestionDismissed
)
AudienceEvent = ChatEvent | QuestionEvent
