"""When a webhook is tried again, left out, or its endpoint switched off; and which addresses are taken."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.outbound import domain
from orchestrator.outbound.domain import Answer
from schema.errors import InvalidField
from schema.events import SessionEnded, StoredEvent

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
EVENT = StoredEvent(
    id=uuid4(),
    session_id=uuid4(),
    sequence=7,
    created_at=NOW,
    payload=SessionEnded(reason="command"),
)


def test_the_body_is_the_event_as_the_api_gives_it() -> None:
    body = msgspec.json.decode(domain.body(EVENT))
    assert (body["type"], body["timestamp"]) == ("session.ended", "2026-11-21T09:00:00Z")
    assert msgspec.convert(body["data"], StoredEvent) == EVENT


@pytest.mark.parametrize(
    ("names", "wanted"), [([], True), (["session.ended"], True), (["chat.sent"], False)]
)
def test_an_endpoint_gets_the_types_it_asked_for(names: list[str], wanted: bool) -> None:
    assert domain.wants(names, EVENT) is wanted


@pytest.mark.parametrize("status", [200, 201, 204])
def test_any_success_is_delivered(status: int) -> None:
    assert domain.verdict(Answer(status), 1, None, NOW) == "delivered"


def test_an_event_is_tried_as_often_as_the_schedule_has_pauses_and_once_more() -> None:
    verdicts = [domain.verdict(Answer(500), tries, None, NOW) for tries in range(1, 12)]
    assert verdicts == ["again"] * 9 + ["skip"] * 2


def test_gone_switches_off_at_once_and_silence_after_five_days() -> None:
    assert domain.verdict(Answer(410), 1, None, NOW) == "disable"
    since = NOW - timedelta(days=5)
    assert domain.verdict(Answer(None), 2, since, NOW) == "disable"
    assert domain.verdict(Answer(None), 2, since + timedelta(seconds=1), NOW) == "again"


@given(
    tries=st.integers(1, 30),
    wish=st.none() | st.integers(0, 10**9),
    spread=st.floats(0, 1, allow_nan=False),
)
def test_a_pause_is_at_least_the_schedules_and_the_receivers_wish_within_a_day(
    tries: int, wish: int | None, spread: float
) -> None:
    pause = domain.pause(Answer(503, retry_after_s=wish), tries, spread).total_seconds()
    planned = domain.RETRY_S[min(tries, 9) - 1]
    assert pause >= max(planned, min(wish or 0, 86_400))
    assert pause <= 86_400 * 1.1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user@example.org/",
        "https://example.org/#part",
        "https:///nowhere",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org/\u00e9",
        "javascript:alert(1)",
        "https://" + "a" * 2048,
    ],
)
def test_an_address_that_is_no_https_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidField):
        domain.check_url(url, allow_http=False)


def test_an_address_is_written_anew() -> None:
    assert domain.check_url("https://example.org", allow_http=False) == "https://example.org/"
    assert domain.check_url("http://[::1]:8080/a?b=c", allow_http=True) == "http://[::1]:8080/a?b=c"


def test_unknown_event_types_are_refused_and_doubled_ones_merged() -> None:
    assert domain.check_types(["session.ended", "chat.sent", "chat.sent"]) == [
        "chat.sent",
        "session.ended",
    ]
    with pytest.raises(InvalidField):
        domain.check_types(["session.ended", "session.exploded"])
