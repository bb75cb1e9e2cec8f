"""What the audience writes: chat and questions."""

from uuid import UUID

from schema.audience import Emoji
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


class ChatPinned(Payload, frozen=True, tag="chat.pinned"):
    message_id: UUID
    pinned_by: UUID


class ChatUnpinned(Payload, frozen=True, tag="chat.unpinned"):
    message_id: UUID
    unpinned_by: UUID


class ChatReacted(Payload, frozen=True, tag="chat.reacted"):
    """Once more is the same as once."""

    message_id: UUID
    participant_id: UUID
    user_id: UUID
    emoji: Emoji


class ChatReactionWithdrawn(Payload, frozen=True, tag="chat.reaction_withdrawn"):
    message_id: UUID
    participant_id: UUID
    user_id: UUID
    emoji: Emoji


class ChatRulesChanged(Payload, frozen=True, tag="chat.rules_changed"):
    """`open` and slow mode are for students; `sealed_words` is the word filter, for the server alone, empty without one."""

    changed_by: UUID
    open: bool
    slow_mode_s: int
    sealed_words: str


class ChatMuted(Payload, frozen=True, tag="chat.muted"):
    participant_id: UUID
    muted_by: UUID


class ChatUnmuted(Payload, frozen=True, tag="chat.unmuted"):
    participant_id: UUID
    unmuted_by: UUID


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


ChatEvent = (
    ChatSent
    | ChatEdited
    | ChatDeleted
    | ChatPinned
    | ChatUnpinned
    | ChatReacted
    | ChatReactionWithdrawn
    | ChatRulesChanged
    | ChatMuted
    | ChatUnmuted
)
QuestionEvent = (
    QuestionAsked | QuestionUpvoted | QuestionUpvoteWithdrawn | QuestionAnswered | QuestionDismissed
)
AudienceEvent = ChatEvent | QuestionEvent
