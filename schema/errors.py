"""Every refusal Lectern can give: a type with a stable `code`, mapped to HTTP once (orchestrator.http.problems)."""

from typing import Any, ClassVar

import msgspec


class DomainError(Exception):
    """Base of all refusals; `message` tells a person what to do, `details` is safe to show."""

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Malformed(DomainError):
    """The request cannot be read."""

    code = "malformed_request"


class IdempotencyKeyMissing(DomainError):
    """A write without an `Idempotency-Key`."""

    code = "idempotency_key_missing"


class IdempotencyKeyReused(DomainError):
    """The key came with another request before; a new request needs a new key."""

    code = "idempotency_key_reused"


class RequestInFlight(DomainError):
    """The first request with this key still runs."""

    code = "request_in_flight"
    retryable = True


class NotSignedIn(DomainError):
    """No sign-in, or one that is over: also of somebody who has been disabled."""

    code = "not_signed_in"


class BadCredentials(DomainError):
    """The e-mail address or the password is wrong; it does not say which."""

    code = "bad_credentials"


class SignatureInvalid(DomainError):
    """A webhook that LiveKit has not signed."""

    code = "signature_invalid"


class Forbidden(DomainError):
    """One's role does not allow it here."""

    code = "forbidden"


class NotFound(DomainError):
    """It does not exist, or belongs to somebody else; it does not say which."""

    code = "not_found"


class InvalidField(DomainError):
    """One field is well-formed JSON but not acceptable; `details.field` names it."""

    code = "invalid_field"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, {"field": field})


class TooManyAttempts(DomainError):
    """`details.retryAfterS` says when the next one is taken."""

    code = "too_many_attempts"
    retryable = True

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("Too many attempts; try again later.", {"retryAfterS": retry_after_s})
        self.retry_after_s = retry_after_s


class PasswordRefused(DomainError):
    """Too short, too long or too common; the message says which."""

    code = "password_refused"


class EmailTaken(DomainError):
    """Another account has this address."""

    code = "email_taken"


class LastAdmin(DomainError):
    """A school keeps one administrator at least."""

    code = "last_admin"


class IdentityRefused(DomainError):
    """The identity provider's word cannot be taken for this sign-in."""

    code = "identity_refused"


class IdentityUnknown(DomainError):
    """The identity provider knows this person, and Lectern has no account for them."""

    code = "identity_unknown"


class IdentityUnavailable(DomainError):
    """The identity provider does not answer."""

    code = "identity_unavailable"
    retryable = True


class SessionNotLive(DomainError):
    """The class has not begun."""

    code = "session_not_live"


class SessionOver(DomainError):
    """The class has ended, or was cancelled."""

    code = "session_over"


class SessionIsLive(DomainError):
    """It has begun: its plan cannot be changed any more."""

    code = "session_is_live"


class Archived(DomainError):
    """A course or lesson that is kept for what happened in it, and gets nothing new."""

    code = "archived"


class UnknownPeople(DomainError):
    """`details.people` are the addresses or ids that are no account of the tenant."""

    code = "unknown_people"

    def __init__(self, people: list[str]) -> None:
        super().__init__(
            "Some of these people have no account here.", {"field": "people", "people": people}
        )


class ChatClosed(DomainError):
    """Students do not write at the moment."""

    code = "chat_closed"


class Muted(DomainError):
    """Somebody who keeps order has taken this person's word."""

    code = "muted"


class MessageFiltered(DomainError):
    """A word that this class refuses."""

    code = "message_filtered"


class TooManyPins(DomainError):
    """Unpin one first."""

    code = "too_many_pins"


class SlowMode(DomainError):
    """One message in so many seconds; `Retry-After` says when."""

    code = "slow_mode"
    retryable = True

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Slow mode: write again in {retry_after_s} s.", {"retryAfterS": retry_after_s}
        )
        self.retry_after_s = retry_after_s


class DoorLocked(DomainError):
    """Nobody new is let in at the moment."""

    code = "room_locked"


class KeptOut(DomainError):
    """This person was removed from the class, until they are let in again."""

    code = "participant_removed"


class InvitationOver(DomainError):
    """Used up, revoked or too old."""

    code = "invitation_over"


class QuestionClosed(DomainError):
    """It is answered or dismissed."""

    code = "question_closed"


class StudioFull(DomainError):
    """No more scenes, files or strokes; the message says which, and what helps."""

    code = "studio_full"


class PollClosed(DomainError):
    """It takes no more answers."""

    code = "poll_closed"


class PollNotOpen(DomainError):
    """It is still a draft."""

    code = "poll_not_open"


class PollAlreadyOpened(DomainError):
    """Only a draft can be changed or deleted."""

    code = "poll_already_opened"


class TooManyPolls(DomainError):
    """Delete a draft first."""

    code = "too_many_polls"


class StaleEdit(DomainError):
    """The edit was based on an older version (`If-Match`); `details.sequence` is the current one."""

    code = "stale_edit"

    def __init__(self, sequence: int) -> None:
        super().__init__(
            "Somebody changed this meanwhile; look at it again first.", {"sequence": sequence}
        )

    @classmethod
    def check(cls, current: int, based_on: int | None) -> None:
        """Raises StaleEdit when `based_on` is a version and not the current one."""
        if based_on is not None and based_on != current:
            raise cls(current)


class UnsupportedLanguage(DomainError):
    """The recogniser in use does not know it; `details.languages` are those that it knows."""

    code = "unsupported_language"


class SpeakerRedacted(DomainError):
    """What this person said was taken out of the class."""

    code = "speaker_redacted"


class ReplayNotReady(DomainError):
    """The class is not over; `details.status` is what it is."""

    code = "replay_not_ready"


class NotOnAir(DomainError):
    """`details.status` is the session's: the programme of one that is live comes in a moment."""

    code = "not_on_air"


class NothingRecorded(DomainError):
    """There is no programme of this class to make it from."""

    code = "nothing_recorded"


class NothingToRetry(DomainError):
    """It is on air."""

    code = "nothing_to_retry"


class ProtocolsMixed(DomainError):
    """RTMP and SRT destinations in one class, where the egress sends only one of these at once."""

    code = "protocols_mixed"


class EgressAtCapacity(DomainError):
    """No egress worker has room for this programme."""

    code = "egress_at_capacity"
    retryable = True


class DestinationInUse(DomainError):
    """A class that is live sends there: take it off first."""

    code = "destination_in_use"


class TooManyTests(DomainError):
    """So many destinations are being tested already."""

    code = "too_many_tests"
    retryable = True
    # As long as a test can take.
    retry_after_s = 10


class DestinationKnown(DomainError):
    """The same address with the same key is there already."""

    code = "destination_exists"


class KeyTaken(DomainError):
    """A single-use key belongs to one session."""

    code = "single_use_key_taken"


class ConnectionRefused(DomainError):
    """The platform's answer connects no account; the message says what to do."""

    code = "connection_refused"


class AccountExpired(DomainError):
    """The platform takes Lectern's permission no more: connect the account again."""

    code = "account_expired"


class PlatformRefused(DomainError):
    """The platform says no, and the message what its account's owner can do."""

    code = "platform_refused"


class PlatformNotSetUp(DomainError):
    """`details.missing` are the settings that the server still needs."""

    code = "platform_not_set_up"


class PlatformUnavailable(DomainError):
    """YouTube or Twitch does not answer."""

    code = "platform_unavailable"
    retryable = True


class SecretUnreadable(DomainError):
    """It was sealed with a key that this server does not have: enter it again."""

    code = "secret_unreadable"


class TooManyDestinations(DomainError):
    """Remove one first."""

    code = "too_many_destinations"


class TooManyEndpoints(DomainError):
    """Remove one first."""

    code = "too_many_endpoints"


class JobNotClaimable(DomainError):
    """It is not waiting, or another worker has it."""

    code = "job_not_claimable"


class JobRunning(DomainError):
    """It is being made: wait, or cancel it first."""

    code = "job_running"


class JobNotOpen(DomainError):
    """It is over: there is nothing to cancel."""

    code = "job_not_open"


class DatabaseUnavailable(DomainError):
    """PostgreSQL does not answer; nothing is half-written."""

    code = "database_unavailable"
    retryable = True


class BusUnavailable(DomainError):
    """Redis does not answer."""

    code = "bus_unavailable"
    retryable = True


class LiveKitUnavailable(DomainError):
    """LiveKit does not answer; nothing is half-written."""

    code = "livekit_unavailable"
    retryable = True


class StorageUnavailable(DomainError):
    """The object store does not answer."""

    code = "storage_unavailable"
    retryable = True


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one shape of a refusal on the wire."""

    code: str
    message: str
    details: dict[str, Any] | None = None
