"""Search over two schools and three courses: who finds what, and where it takes them."""

import itertools
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.search import publishing
from orchestrator.search.publishing import Index
from orchestrator.search.tables import entries
from orchestrator.settings import Settings
from schema.events import ChatDeleted, StoredEvent
from schema.recordings import SearchEntry
from tests.support.school import Caller, School

COUNT = itertools.count()


def entry(kind: Any, text: str, start_ms: int = 5_000) -> SearchEntry:
    source = f"source {next(COUNT)}"
    return SearchEntry(kind=kind, source_id=source, start_ms=start_ms, text=text, speaker="Ada")


class Library:
    """Ended classes with an index of their own, published as a finished job does it."""

    def __init__(self, caller: Caller, database: Database, settings: Settings) -> None:
        self._caller = caller
        self._database = database
        self._storage = Storage.from_settings(settings)

    async def hold(self, school: School, *found: SearchEntry) -> UUID:
        session_id = await self._caller.new_session(school)
        await self._caller.command("start", school.teacher, session_id)
        await self._caller.command("end", school.teacher, session_id)
        await self.publish(school, session_id, *found)
        return session_id

    async def publish(self, school: School, session_id: UUID, *found: SearchEntry) -> None:
        await self._storage.put("index.json", msgspec.json.encode(found))
        job: Mapping[str, UUID] = {"tenant_id": school.tenant_id, "session_id": session_id}
        async with self._database.system_transaction() as tx:
            await Index(self._storage).publish(tx, job, "index.json")


@pytest.fixture
def library(caller: Caller, database: Database, settings: Settings) -> Library:
    return Library(caller, database, settings)


async def find(caller: Caller, who: Any, query: str) -> list[dict[str, Any]]:
    reply = await caller.get(who, f"/api/search?q={query}")
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


async def test_a_hit_names_the_class_the_second_and_the_words(
    caller: Caller, school: School, library: Library
) -> None:
    session_id = await library.hold(
        school,
        entry("transcript", "The mitochondria are the powerhouse of the cell.", 83_000),
        entry("transcript", "Now something else entirely."),
    )
    (hit,) = await find(caller, school.student, "cells+mitochondria")
    assert (hit["sessionId"], hit["startMs"], hit["kind"]) == (
        str(session_id),
        83_000,
        "transcript",
    )
    assert hit["courseId"] == str(school.course_id)
    marked = [part["text"] for part in hit["snippet"] if part["hit"]]
    assert marked == ["mitochondria", "cell"]
    assert "".join(part["text"] for part in hit["snippet"]).startswith("The mitochondria are")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("resume", "Her résumé of the chapter"),
        ("r%C3%A9sum%C3%A9", "A resume of the chapter"),
        ("networks", "One network among many"),
        ("%22best+of+times%22", "It was the best of times"),
        ("Ren%C3%A9+or+nobody", "René Descartes"),
        ("stra%C3%9Fe", "Die Strasse am Fluss"),
    ],
)
async def test_accents_endings_and_phrases(
    caller: Caller, school: School, library: Library, query: str, text: str
) -> None:
    await library.hold(school, entry("slide", text))
    assert len(await find(caller, school.student, query)) == 1


async def test_words_that_are_not_there_or_not_wanted_find_nothing(
    caller: Caller, school: School, library: Library
) -> None:
    await library.hold(school, entry("chat", "The best of times"))
    for query in ("worst", "%22times+best%22", "best+-times", "the", "%3A%26%7C!", "best+worst"):
        assert await find(caller, school.student, query) == []


async def test_nobody_finds_another_schools_or_another_courses_classes(
    caller: Caller, school: School, other_school: School, library: Library
) -> None:
    await library.hold(school, entry("question", "Why is the sky blue?"))
    assert len(await find(caller, school.teacher, "sky")) == 1
    assert await find(caller, other_school.admin, "sky") == []
    reply = await caller.get(None, "/api/search?q=sky")
    assert reply.status_code == 401


async def test_who_is_enrolled_nowhere_finds_nothing(
    caller: Caller, school: School, library: Library, database: Database
) -> None:
    await library.hold(school, entry("transcript", "Only for this course."))
    assert len(await find(caller, school.student, "course")) == 1
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.text("delete from user_roles where user_id = :user and scope = 'course'"),
            {"user": school.student.user_id},
        )
    assert await find(caller, school.student, "course") == []
    assert len(await find(caller, school.admin, "course")) == 1


async def test_kinds_and_courses_narrow_it_down_and_pages_follow_each_other(
    caller: Caller, school: School, library: Library
) -> None:
    words = [entry("transcript", f"Lecture line {n}") for n in range(25)]
    await library.hold(school, entry("slide", "A lecture slide"), *words)
    assert [h["kind"] for h in await find(caller, school.student, "lecture&kind=slide")] == [
        "slide"
    ]
    assert await find(caller, school.student, f"lecture&courseId={UUID(int=5)}") == []
    first = (await caller.get(school.student, "/api/search?q=lecture")).json()
    second = (
        await caller.get(school.student, f"/api/search?q=lecture&cursor={first['nextCursor']}")
    ).json()
    seen = [hit["sourceId"] for hit in first["items"] + second["items"]]
    assert (len(seen), len(set(seen)), second.get("nextCursor")) == (26, 26, None)


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=" + "x" * 201, "?q=x&kind=film", "?q=x&cursor=-1", "?q=x&courseId=1"]
)
async def test_bad_questions(caller: Caller, school: School, query: str) -> None:
    reply = await caller.get(school.student, f"/api/search{query}")
    assert reply.status_code in {400, 422}, reply.text


async def test_a_new_index_takes_the_place_of_the_old_and_a_deleted_message_is_gone_at_once(
    caller: Caller, school: School, library: Library, database: Database
) -> None:
    message = UUID(int=77)
    said = SearchEntry(kind="chat", source_id=str(message), start_ms=0, text="A secret word")
    session_id = await library.hold(school, said, entry("transcript", "The old words"))
    assert len(await find(caller, school.student, "secret")) == 1
    deleted = ChatDeleted(message_id=message, deleted_by=school.teacher.user_id)
    stored = StoredEvent(
        id=message,
        session_id=session_id,
        sequence=1,
        created_at=utc_now(),
        payload=deleted,
    )
    async with database.system_transaction() as tx:
        await publishing.project(tx, school.tenant_id, stored)
    assert await find(caller, school.student, "secret") == []
    await library.publish(school, session_id, entry("transcript", "The new words"))
    assert await find(caller, school.student, "old") == []
    assert len(await find(caller, school.student, "new")) == 1
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(entries)) == 1


async def test_the_index_finds_what_the_wall_lets_through(
    database: Database, school: School, other_school: School, library: Library
) -> None:
    """Also when somebody asks the function itself."""
    await library.hold(school, entry("transcript", "Behind the wall"))
    ask = sa.text("select count(*) from find_entries('wall', null, null, 10)")
    async with database.transaction(school.tenant_id) as tx:
        assert await tx.scalar(ask) == 1
    async with database.transaction(other_school.tenant_id) as tx:
        assert await tx.scalar(ask) == 0
