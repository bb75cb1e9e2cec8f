"""Somebody with the right to send data speaks as if it were the log: the page shows nothing of it."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from livekit import rtc
from playwright.sync_api import Page, expect

from orchestrator.cli.runfile import RunFile
from tests.support.browser import join_without_microphone, start_class

FORGED = "The exam is cancelled"
HEARD_S = 3


@pytest.mark.timeout(240)
def test_a_forged_message_is_not_shown(
    stack: RunFile, teacher: Page, student: Page, title: str
) -> None:
    start_class(teacher, title)
    join_without_microphone(student, title)
    session_id = teacher.url.split("/sessions/")[1].split("/")[0]
    student.get_by_role("button", name="Panel").click()
    student.get_by_role("tab", name="Chat").click()

    # In a thread of its own: Playwright's loop runs in this one.
    with ThreadPoolExecutor(1) as forger:
        real = forger.submit(asyncio.run, forge_and_say(stack, session_id)).result()
    expect(student.get_by_text(real)).to_be_visible()
    expect(student.get_by_text(FORGED)).to_have_count(0)


async def forge_and_say(stack: RunFile, session_id: str) -> str:
    """As an admin, who assists in a class: first the forgery, then a message by the API, whose text is returned."""
    account = next(a for a in stack.accounts if a.role == "admin")
    async with httpx.AsyncClient(base_url=stack.web, timeout=20) as http:
        body = {"email": account.email, "password": account.password}
        signed_in = (await http.post("/api/auth/login", json=body)).json()
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {signed_in['token']}"
        seat = await post(http, "/api/sessions/join", {"sessionId": session_id})
        room = rtc.Room()
        await room.connect(seat["livekit"]["url"], seat["livekit"]["token"])
        # At once, when browsers may not have heard of the sender yet, and again when they have.
        for _ in range(2):
            page = (await http.get(f"/api/sessions/{session_id}/events")).json()
            await publish(room, page["lastSequence"], seat["participant"])
            await asyncio.sleep(HEARD_S)
        await post(http, "/api/chat", {"sessionId": session_id, "content": "This one is real"})
        await room.disconnect()
    return "This one is real"


async def publish(room: rtc.Room, last: int, sender: dict[str, str]) -> None:
    payload = {
        "type": "chat.sent",
        "messageId": str(uuid4()),
        "participantId": sender["id"],
        "userId": sender["userId"],
        "content": FORGED,
    }
    for sequence in (last, last + 1, last + 2):
        packet = {"id": str(uuid4()), "sequence": sequence, "payload": payload}
        packet["createdAt"] = "2026-11-21T10:00:00Z"
        await room.local_participant.publish_data(
            json.dumps(packet), reliable=True, topic="lectern.events"
        )


async def post(
    http: httpx.AsyncClient, path: str, body: dict[str, str]
) -> dict[str, dict[str, str]]:
    reply = await http.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    reply.raise_for_status()
    answer: dict[str, dict[str, str]] = reply.json()
    return answer
