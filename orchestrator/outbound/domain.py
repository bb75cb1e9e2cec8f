"""What is sent, when it is tried again and when it is given up: pure decisions after the Standard Webhooks specification."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec

from schema.errors import InvalidField
from schema.events import Event, StoredEvent, event_type

Verdict = Literal["delivered", "again", "skip", "disable"]

# The specification's schedule; after the last try the event is left out, and the session's next one goes on.
RETRY_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
MAX_RETRY_AFTER_S = 86_400
# An endpoint that took nothing for so long is switched off.
GIVE_UP = timedelta(days=5)
GONE = 410
MAX_URL_CHARS = 2048
MAX_DESCRIPTION_CHARS = 200

EVENT_TYPES = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Event))


class Answer(msgspec.Struct, frozen=True):
    """`status` is None when no HTTP answer came; then `error` says why. `retry_after_s` is the receiver's wish."""

    status: int | None
    error: str | None = None
    retry_after_s: int | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def wants(event_types: Sequence[str], event: StoredEvent) -> bool:
    return not event_types or event_type(event.payload) in event_types


def body(event: StoredEvent) -> bytes:
    """`{type, timestamp, data}`, the specification's recommended form; `data` is the event as our own API gives it."""
    message = {"type": event_type(event.payload), "timestamp": event.created_at, "data": event}
    return msgspec.json.encode(message)


def verdict(answer: Answer, tries: int, failing_since: datetime | None, now: datetime) -> Verdict:
    """After the try number `tries` of one event."""
    if answer.delivered:
        return "delivered"
    if answer.status == GONE or (failing_since is not None and now - failing_since >= GIVE_UP):
        return "disable"
    return "skip" if tries > len(RETRY_S) else "again"


def pause(answer: Answer, tries: int, spread: float) -> timedelta:
    """Until the next try; `spread` in 0..1 lengthens it by up to a tenth, so that a crowd does not come back at once."""
    planned = RETRY_S[min(tries, len(RETRY_S)) - 1] * (1 + spread / 10)
    wished = min(answer.retry_after_s or 0, MAX_RETRY_AFTER_S)
    return timedelta(seconds=max(planned, wished))


def check_url(url: str, *, allow_http: bool) -> str:
    """Parsed and written again. Raises InvalidField."""
    if len(url) > MAX_URL_CHARS or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidField("url", "The URL has characters that no web address takes.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidField("url", "The URL cannot be read.") from None
    if parts.scheme not in ({"https", "http"} if allow_http else {"https"}):
        raise InvalidField("url", "The URL must start with https://.")
    if not parts.hostname or "@" in parts.netloc or parts.fragment or port == 0:
        raise InvalidField("url", "The URL needs a host, and holds no user and no fragment.")
    return parts._replace(path=parts.path or "/").geturl()


def check_description(text: str) -> str:
    """Raises InvalidField."""
    if len(text) > MAX_DESCRIPTION_CHARS or not (text.isprintable() or not text):
        raise InvalidField(
            "description", f"A description has at most {MAX_DESCRIPTION_CHARS} characters."
        )
    return text.strip()


def check_types(names: Sequence[str]) -> list[str]:
    """Sorted, each once. Raises InvalidField."""
    unknown = sorted(set(names) - EVENT_TYPES)
    if unknown:
        raise InvalidField("eventTypes", f"There is no event type {unknown[0]!r}.")
    return sorted(set(names))
