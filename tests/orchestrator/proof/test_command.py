"""What `doctor --session` says of a sound session, and of one whose rows somebody touched."""

import asyncio
from io import StringIO
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from rich.console import Console

from orchestrator.audience.tables import chat_messages
from orchestrator.cli.proof import report
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.support.school import Caller, School


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    """Live, with one message."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.post(
        school.teacher, "/api/chat", {"sessionId": str(session_id), "content": "Hello"}
    )
    return session_id


async def doctor(settings: Settings, session_id: UUID) -> tuple[int, str]:
    """Exit status and words; in a thread, as the command has a loop of its own."""
    said = StringIO()
    console = Console(file=said, width=500)
    status = await asyncio.to_thread(report, settings.database_url, session_id, console)
    return status, said.getvalue()


async def test_a_sound_session_is_proved(settings: Settings, session_id: UUID) -> None:
    assert await doctor(settings, session_id) == (
        0,
        f"session {session_id}: the rows say what the log says\n",
    )


async def test_a_touched_row_is_named_with_both_words(
    settings: Settings, session_id: UUID, database: Database
) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(chat_messages).values(content="Hullo"))
    status, said = await doctor(settings, session_id)
    assert status == 1
    assert said.count("\n") == 1
    assert ", content: the log says 'Hello', the rows say 'Hullo'" in said


async def test_a_session_that_is_not_there_is_said_so(settings: Settings, caller: Caller) -> None:
    nowhere = uuid4()
    assert await doctor(settings, nowhere) == (1, f"there is no session {nowhere}\n")
