"""Every refusal becomes `{code, message, details?}` here, and nowhere else."""

import re
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from schema import errors as e

log = structlog.get_logger(__name__)

STATUS: dict[type[e.DomainError], int] = {
    e.DomainError: 500,
    e.Malformed: 400,
    e.IdempotencyKeyMissing: 400,
    e.IdempotencyKeyReused: 422,
    e.RequestInFlight: 409,
    e.NotSignedIn: 401,
    e.BadCredentials: 401,
    e.SignatureInvalid: 401,
    e.Forbidden: 403,
    e.NotFound: 404,
    e.InvalidField: 422,
    e.TooManyAttempts: 429,
    e.PasswordRefused: 422,
    e.EmailTaken: 409,
    e.LastAdmin: 409,
    e.IdentityRefused: 401,
    e.IdentityUnknown: 403,
    e.IdentityUnavailable: 503,
    e.SessionNotLive: 409,
    e.SessionOver: 409,
    e.SessionIsLive: 409,
    e.Archived: 409,
    e.UnknownPeople: 422,
    e.ChatClosed: 409,
    e.Muted: 403,
    e.MessageFiltered: 422,
    e.TooManyPins: 409,
    e.SlowMode: 429,
    e.DoorLocked: 409,
    e.KeptOut: 403,
    e.InvitationOver: 409,
    e.QuestionClosed: 409,
    e.StudioFull: 409,
    e.PollClosed: 409,
    e.PollNotOpen: 409,
    e.PollAlreadyOpened: 409,
    e.TooManyPolls: 409,
    e.StaleEdit: 409,
    e.UnsupportedLanguage: 422,
    e.SpeakerRedacted: 409,
    e.ReplayNotReady: 409,
    e.NotOnAir: 409,
    e.NothingRecorded: 409,
    e.DestinationInUse: 409,
    e.NothingToRetry: 409,
    e.ProtocolsMixed: 409,
    e.EgressAtCapacity: 503,
    e.TooManyTests: 429,
    e.DestinationKnown: 409,
    e.KeyTaken: 409,
    e.ConnectionRefused: 409,
    e.AccountExpired: 409,
    e.PlatformRefused: 409,
    e.PlatformNotSetUp: 409,
    e.SecretUnreadable: 409,
    e.TooManyDestinations: 409,
    e.TooManyEndpoints: 409,
    e.JobNotClaimable: 409,
    e.JobRunning: 409,
    e.JobNotOpen: 409,
    e.DatabaseUnavailable: 503,
    e.BusUnavailable: 503,
    e.LiveKitUnavailable: 503,
    e.PlatformUnavailable: 503,
    e.StorageUnavailable: 503,
}
RETRY_AFTER_S = 2
# msgspec names a missing or unknown field in its message only.
NAMED = re.compile(r"(?:required|unknown) field `(\w+)`")
BLAMED = re.compile(r"^Expected .* - at `\$\.data\.([\w.\[\]]+)`$")

FRAMEWORK = {
    400: (e.Malformed.code, "The request cannot be read; is its body valid JSON?"),
    404: (e.NotFound.code, "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("body_too_large", "The body is too large."),
    415: ("unsupported_media_type", "The body must be JSON, and its Content-Type say so."),
}

Reply = Response[e.ErrorBody]
AnyRequest = Request[Any, Any, Any]


def refusal(request: AnyRequest, error: e.DomainError) -> Reply:
    status = STATUS[type(error)]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning(
            "unavailable", code=error.code, path=request.url.path, cause=repr(error.__cause__)
        )
    headers = {}
    if error.retryable:
        headers["Retry-After"] = str(getattr(error, "retry_after_s", RETRY_AFTER_S))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _reply(status, error.code, error.message, error.details, headers)


def invalid(_: AnyRequest, error: ValidationException) -> Reply:
    """A body, query or path value of the wrong form; `details.field` is its path in camelCase."""
    problems = error.extra if isinstance(error.extra, list) and error.extra else [{}]
    message = str(problems[0].get("message", "A field is invalid."))
    named = NAMED.search(message)
    key = _camel(str(problems[0].get("key", "")).removeprefix("data").removeprefix("."))
    field = ".".join(part for part in (key, named and named[1]) if part)
    return _reply(422, e.InvalidField.code, message, {"field": field})


def _camel(name: str) -> str:
    """The framework names a query parameter as the handler does: `course_id` is `courseId`, `from_` is `from`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def framework(request: AnyRequest, error: HTTPException) -> Reply:
    """Litestar's own refusals: unknown path, method, oversized body."""
    # A whole number written as 7.0 and out of its bounds: Litestar finds no field to blame and calls it a mistake of ours.
    if blamed := BLAMED.search(str(error.__cause__)):
        return _reply(422, e.InvalidField.code, "The value is out of bounds.", {"field": blamed[1]})
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return crash(request, error)
    code, message = FRAMEWORK.get(error.status_code, ("refused", "The request was refused."))
    return _reply(error.status_code, code, message, None, error.headers)


def crash(request: AnyRequest, error: Exception) -> Reply:
    """A mistake of ours: the log gets everything, the client nothing of it."""
    log.error("crash", path=request.url.path, exc_info=error)
    return _reply(500, e.DomainError.code, "Something went wrong on our side.")


def _reply(
    status: int,
    code: str,
    message: str,
    details: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Reply:
    body = e.ErrorBody(code=code, message=message, details=details)
    return Response(body, status_code=status, headers=headers or {}, media_type="application/json")


HANDLERS: ExceptionHandlersMap = {
    e.DomainError: refusal,
    ValidationException: invalid,
    HTTPException: framework,
    Exception: crash,
}
