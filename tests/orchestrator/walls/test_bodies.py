"""What no body may be, sent to every route that takes one: a clear refusal, and nothing kept."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from orchestrator.auth.access import ACCESS
from tests.orchestrator.walls.test_keys import callers
from tests.orchestrator.walls.world import World
from tests.support.samples import SAMPLES
from tests.support.school import bearer

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = "application/json"
BODIED = sorted(route for route, sample in SAMPLES.items() if sample.body is not None)
# Deeper than any parser recurses, larger than any float, more than any body may hold.
DEEP = b"[" * 200_000
HUGE = b"9" * 400
OVERSIZED = b" " * 10_000_000

Bad = tuple[str, str, bytes, set[int]]


def bodies(valid: dict[str, Any]) -> Iterator[Bad]:
    """Name, content type, content and the statuses that fit."""
    text = json.dumps(valid).encode()
    first = json.dumps(next(iter(valid), "idempotencyKey")).encode()
    start = text.rstrip(b"}") + (b", " if valid else b"")
    yield "cut off", JSON, text[:-1], {400}
    yield "not text", JSON, b"\xff\xfe", {400}
    yield "a list", JSON, b"[" + text + b"]", {422}
    yield "null", JSON, b"null", {422}
    yield "an unknown field", JSON, start + b'"colour": "red"}', {422}
    twice = json.dumps({**valid, "idempotencyKey": "a"}).encode().rstrip(b"}")
    yield "a field twice", JSON, twice + b', "idempotencyKey": "a"}', {422}
    yield "deep", JSON, b'{"deep": ' + DEEP, {400, 422}
    yield "deep in a field", JSON, b"{" + first + b": " + DEEP, {400, 422}
    yield "a huge number", JSON, b"{" + first + b": " + HUGE + b"}", {400, 422}
    yield "an infinite number", JSON, b"{" + first + b": 1e400}", {400, 422}
    yield "half a character", JSON, b"{" + first + b': "\\ud800"}', {400, 422}
    yield "a NUL in the key", JSON, start + b'"idempotencyKey": "a\\u0000"}', {422}
    yield "10 MB", JSON, text + OVERSIZED, {413}
    yield "a form", "application/x-www-form-urlencoded", b"a=1", {400, 415, 422}
    yield "text", "text/plain", text, {415}


def with_nul(value: Any) -> Iterator[Any]:
    """The body once for each string in it, with a NUL at its end."""
    if isinstance(value, str):
        yield value + "\x00"
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: bad} for bad in with_nul(inner))
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from ([*value[:place], bad, *value[place + 1 :]] for bad in with_nul(inner))


@pytest.mark.parametrize("route", BODIED)
async def test_a_bad_body_is_refused_and_nothing_is_kept(world: World, route: str) -> None:
    who = callers(route, world.ours)[0]
    method, path, valid = await world.own.request(route, ACCESS[route])
    before, wrong = await world.contents(), []
    with_nuls = [("a NUL", JSON, json.dumps(bad).encode(), {422}) for bad in with_nul(valid)]
    for name, kind, content, statuses in (*bodies(valid), *with_nuls):
        headers = bearer(who) | {"Idempotency-Key": str(uuid4()), "Content-Type": kind}
        reply = await world.caller.http.request(method, path, content=content, headers=headers)
        known = reply.is_error and set(reply.json()) <= {"code", "message", "details"}
        if reply.status_code not in statuses or not known:
            wrong.append((name, reply.status_code, reply.text[:200]))
    assert wrong == []
    assert await world.contents() == before
