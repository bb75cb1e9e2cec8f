"""What one POST looks like from the outside, and what it never does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from standardwebhooks.webhooks import Webhook

from orchestrator.outbound import sender as module
from orchestrator.outbound.sender import Message, Sender
from orchestrator.settings import Secret
from schema.reach import IP
from tests.orchestrator.outbound.receiver import Receiver, receiving

SECRET = "whsec_" + "c2VjcmV0" * 4
OTHER = "whsec_" + "b3RoZXIh" * 4


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        receiver.secret = SECRET
        yield receiver


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    sender = Sender(allow_loopback=True)
    yield sender
    await sender.close()


def message(url: str, *secrets: str) -> Message:
    given = tuple(Secret(secret) for secret in secrets or (SECRET,))
    return Message("message-1", url, b'{"type":"ping"}', given)


def now() -> datetime:
    return datetime.now(UTC)


async def test_the_reference_library_takes_the_signature(
    receiver: Receiver, sender: Sender
) -> None:
    sent = await sender.send(message(receiver.url), now())
    assert (sent.answer.delivered, sent.answer.error) == (True, None)
    assert Webhook(SECRET).verify(*receiver.last) == {"type": "ping"}
    assert receiver.ids == ["message-1"]


async def test_after_a_rotation_both_secrets_sign(receiver: Receiver, sender: Sender) -> None:
    assert (await sender.send(message(receiver.url, OTHER, SECRET), now())).answer.delivered
    refused = await sender.send(message(receiver.url, OTHER), now())
    assert refused.answer.status == 401


async def test_a_redirect_is_not_followed(receiver: Receiver, sender: Sender) -> None:
    receiver.answers = [307]
    receiver.headers = {"location": receiver.url}
    sent = await sender.send(message(receiver.url), now())
    assert (sent.answer.delivered, sent.answer.status, len(receiver.got)) == (False, 307, 1)


async def test_the_receivers_wish_to_wait_is_heard(receiver: Receiver, sender: Sender) -> None:
    receiver.answers = [429]
    receiver.headers = {"retry-after": "120"}
    sent = await sender.send(message(receiver.url), now())
    assert (sent.answer.status, sent.answer.retry_after_s) == (429, 120)


async def test_nobody_there_is_an_answer_in_words(sender: Sender) -> None:
    sent = await sender.send(message("http://127.0.0.1:9/hook"), now())
    assert (sent.answer.status, sent.answer.delivered) == (None, False)
    assert "connection failed" in str(sent.answer.error)


async def test_a_receiver_that_never_answers_is_left(receiver: Receiver) -> None:
    receiver.held = asyncio.Event()
    sender = Sender(allow_loopback=True, deadline_s=0.3)
    sent = await sender.send(message(receiver.url), now())
    receiver.held.set()
    await sender.close()
    assert (len(receiver.got), sent.answer.status) == (1, None)
    assert "in time" in str(sent.answer.error)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fd00::1"])
async def test_a_name_that_means_a_private_address_is_not_called(
    receiver: Receiver, address: str
) -> None:
    async def resolver(_: str) -> list[IP]:
        return [ip_address("93.184.215.14"), ip_address(address)]

    sender = Sender(allow_loopback=False, resolver=resolver)
    sent = await sender.send(message("https://example.org/hook"), now())
    await sender.close()
    assert (sent.answer.status, sent.answer.error) == (None, module.BLOCKED)


async def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    asked: list[str] = []

    async def resolver(host: str) -> list[IP]:
        asked.append(host)
        return [ip_address("127.0.0.1")]

    sender = Sender(allow_loopback=True, resolver=resolver)
    url = receiver.url.replace("127.0.0.1", "nowhere.invalid")
    assert (await sender.send(message(url), now())).answer.delivered
    await sender.close()
    assert asked == ["nowhere.invalid"]
