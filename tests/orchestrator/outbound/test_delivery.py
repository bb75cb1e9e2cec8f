"""From the log to the receiver: in order, once, again after trouble, and anew on request."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from litestar import Litestar

from orchestrator.core.bus import Bus
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.outbound.dispatcher import Dispatcher
from orchestrator.outbound.sender import Sender
from orchestrator.outbound.service import Endpoints
from orchestrator.outbound.tables import endpoints as table
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.events import Event, QuestionAnswered, SessionEnded
from schema.webhooks import CreateWebhookEndpoint, ReplayWebhooks, UpdateWebhookEndpoint
from tests.orchestrator.outbound.receiver import Receiver, receiving
from tests.orchestrator.sessions.test_fold import Play, insert_session
from tests.support.school import School, calling
from tests.support.waiting import eventually

ENDED = SessionEnded(reason="command")
ANSWERED = QuestionAnswered(question_id=UUID(int=1), answered_by=UUID(int=2))


class Post:
    """One endpoint on the receiver, a clock that stands still, and a log to write to."""

    def __init__(self, database: Database, settings: Settings, school: School) -> None:
        self.now = datetime.now(UTC)
        self.database = database
        self.tenant_id = school.tenant_id
        self.school = school
        self.log: EventLog[SessionState] = EventLog(SessionState(), evolve)
        self.endpoints = Endpoints(Keyring(settings.encryption_key), settings, clock=self.clock)
        self.sender = Sender(allow_loopback=True)
        self.bus = Bus(settings.redis_url)
        self.dispatcher = self.another()
        self.endpoint_id = UUID(int=0)
        self.written = 0

    def clock(self) -> datetime:
        return self.now

    def another(self) -> Dispatcher:
        return Dispatcher(
            self.database, self.log, self.endpoints, self.sender, self.bus, self.clock
        )

    async def subscribe(self, receiver: Receiver, *types: str) -> None:
        command = CreateWebhookEndpoint(url=receiver.url, event_types=list(types))
        async with self.database.system_transaction() as tx:
            made = await self.endpoints.create(tx, self.tenant_id, receiver.url, command)
            secret = await self.endpoints.secret(tx, self.tenant_id, made.id)
        self.endpoint_id, receiver.secret = made.id, secret.reveal()

    async def session(self) -> UUID:
        play = Play(self.school, UUID(int=self.written + 1000))
        self.written += 1
        async with self.database.system_transaction() as tx:
            await insert_session(tx, play)
        return play.session_id

    async def write(self, session_id: UUID, *events: Event) -> None:
        self.written += 1
        async with self.database.system_transaction() as tx:
            await self.log.append(
                tx, self.tenant_id, session_id, str(self.written), lambda _: events
            )

    async def deliver(self) -> None:
        while await self.dispatcher.round(None):
            pass

    async def later(self, **time: float) -> None:
        self.now += timedelta(**time)
        await self.deliver()

    async def standing(self) -> tuple[str, str | None]:
        async with self.database.system_transaction() as tx:
            found = await self.endpoints.get(tx, self.tenant_id, self.endpoint_id)
        return found.status, found.reason

    async def close(self) -> None:
        await self.sender.close()
        await self.bus.close()


@pytest.fixture
async def post(database: Database, settings: Settings, school: School) -> AsyncIterator[Post]:
    post = Post(database, settings, school)
    yield post
    await post.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_events_come_in_order_and_once(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    await post.write(session_id, ANSWERED, ANSWERED)
    await post.deliver()
    await post.write(session_id, ENDED)
    await post.deliver()
    await post.deliver()
    assert receiver.sequences == [1, 2, 3]
    assert receiver.got[2]["type"] == "session.ended"
    assert receiver.ids == [body["data"]["id"] for body in receiver.got]


async def test_an_endpoint_hears_nothing_of_before_it_was_there(
    post: Post, receiver: Receiver
) -> None:
    session_id = await post.session()
    await post.write(session_id, ANSWERED)
    await post.subscribe(receiver)
    await post.write(session_id, ENDED)
    await post.deliver()
    assert receiver.sequences == [2]


async def test_only_what_was_asked_for_is_sent(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver, "session.ended")
    session_id = await post.session()
    await post.write(session_id, ANSWERED, ENDED, ANSWERED)
    await post.deliver()
    assert receiver.sequences == [2]
    assert not await post.dispatcher.round(None)


async def test_a_refused_event_comes_again_and_the_next_waits_for_it(
    post: Post, receiver: Receiver
) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    receiver.answers = [500, 503]
    await post.write(session_id, ANSWERED, ENDED)
    await post.deliver()
    assert (receiver.sequences, (await post.standing())[0]) == ([1], "failing")
    await post.deliver()
    assert receiver.sequences == [1]
    await post.later(seconds=6)
    await post.later(seconds=331)
    assert receiver.sequences == [1, 1, 1, 2]
    assert len(set(receiver.ids)) == 2
    assert await post.standing() == ("enabled", None)


async def test_one_bad_session_does_not_hold_up_another(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    first = await post.session()
    receiver.answers = [500]
    await post.write(first, ANSWERED)
    await post.deliver()
    second = await post.session()
    await post.write(second, ANSWERED)
    await post.deliver()
    assert [body["data"]["sessionId"] for body in receiver.got] == [str(first), str(second)]


async def test_an_event_nobody_takes_is_left_out_in_the_end(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    receiver.answers = [400] * 10
    await post.write(session_id, ANSWERED, ENDED)
    await post.deliver()
    for pause_s in (6, 331, 1_981, 7_921, 19_801, 39_601, 55_441, 79_201, 95_041):
        await post.later(seconds=pause_s)
    assert receiver.sequences == [1] * 10 + [2]


async def test_gone_switches_the_endpoint_off_and_on_it_goes_on(
    post: Post, receiver: Receiver
) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    receiver.answers = [410]
    await post.write(session_id, ANSWERED)
    await post.deliver()
    assert await post.standing() == ("disabled", "It answered 410.")
    await post.later(days=1)
    assert receiver.sequences == [1]
    async with post.database.system_transaction() as tx:
        command = UpdateWebhookEndpoint(enabled=True)
        await post.endpoints.update(tx, post.tenant_id, post.endpoint_id, None, command)
    await post.deliver()
    assert receiver.sequences == [1, 1]


async def test_a_replay_sends_again_with_the_same_ids(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    await post.write(session_id, ANSWERED, ANSWERED, ENDED)
    await post.deliver()
    async with post.database.system_transaction() as tx:
        command = ReplayWebhooks(session_id=session_id, after_sequence=1)
        await post.endpoints.replay(tx, post.tenant_id, post.endpoint_id, command)
    await post.deliver()
    assert receiver.sequences == [1, 2, 3, 2, 3]
    assert receiver.ids[1:3] == receiver.ids[3:]


async def test_two_processes_do_not_send_the_same(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    receiver.held = asyncio.Event()
    await post.write(session_id, ANSWERED)
    async with asyncio.TaskGroup() as group:
        group.create_task(post.dispatcher.round(None))
        await eventually(receiver.reached)
        assert not await post.another().round(None)
        receiver.held.set()
    assert receiver.sequences == [1]


async def test_who_dies_holding_a_lease_is_replaced(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    await post.write(session_id, ANSWERED)
    assert await post.dispatcher._outbox.claim(1, None)
    await post.deliver()
    assert receiver.sequences == []
    await post.later(seconds=61)
    assert receiver.sequences == [1]


async def test_a_replay_during_a_delivery_is_not_lost(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    await post.write(session_id, ANSWERED, ENDED)
    claims = await post.dispatcher._outbox.claim(1, None)
    moved = await post.dispatcher._outbox.advance(claims[0], 2)
    assert moved is not None
    async with post.database.system_transaction() as tx:
        command = ReplayWebhooks(session_id=session_id)
        await post.endpoints.replay(tx, post.tenant_id, post.endpoint_id, command)
    assert await post.dispatcher._outbox.advance(moved, 2) is None
    await post.later(seconds=61)
    assert receiver.sequences == [1, 2]


async def test_a_secret_that_cannot_be_opened_switches_off(post: Post, receiver: Receiver) -> None:
    await post.subscribe(receiver)
    session_id = await post.session()
    async with post.database.system_transaction() as tx:
        await tx.execute(sa.update(table).values(secret=b"v1" + bytes(40)))
    await post.write(session_id, ANSWERED)
    await post.deliver()
    status, reason = await post.standing()
    assert (receiver.got, status) == ([], "failing")
    assert "make a new one" in str(reason)


async def test_the_control_plane_delivers_by_itself(
    app: Litestar, database: Database, settings: Settings, school: School, receiver: Receiver
) -> None:

    post = Post(database, settings, school)
    await post.subscribe(receiver, "session.scheduled")
    async with calling(app) as caller:
        session_id = await caller.new_session(school)
        await eventually(receiver.reached)
    await post.close()
    assert receiver.got[0]["data"]["sessionId"] == str(session_id)
