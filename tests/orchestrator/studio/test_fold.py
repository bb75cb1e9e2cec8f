"""Whatever is done in the studio in whatever order, the rows say what the log says, and undo undoes."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.proof.verify import verify
from orchestrator.sessions import projection as sessions
from orchestrator.sessions.tables import sessions as sessions_table
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from orchestrator.studio.assets import domain as uploads
from orchestrator.studio.assets import projection as assets
from orchestrator.studio.assets.tables import studio_assets
from orchestrator.studio.boards import projection as boards
from orchestrator.studio.boards.domain import Drawing
from orchestrator.studio.boards.domain import evolve as redraw
from orchestrator.studio.boards.service import Boards, whiteboard
from orchestrator.studio.boards.tables import whiteboard_strokes
from orchestrator.studio.scenes import projection as scenes
from orchestrator.studio.scenes.service import Scenes
from orchestrator.studio.scenes.tables import studio_scenes
from schema import events as e
from schema.auth import RoleGrant, RoleName, User
from schema.errors import DomainError
from schema.studio import (
    BoardCommand,
    ChangeScene,
    CreateScene,
    Draw,
    Erase,
    PageSize,
    SceneMetadata,
    Slide,
    Stroke,
)
from tests.support.school import NOW, School, found_school

ROLES: tuple[RoleName, ...] = ("teacher", "assistant")
VERBS = (
    ["create", "change", "slide", "delete", "activate", "deactivate", "add", "remove", "show"]
    + ["hide", "erase", "undo", "clear"]
    + ["draw"] * 3
)
STEPS = st.tuples(st.sampled_from(VERBS), st.sampled_from(ROLES), st.integers(0, 2))


class Studio:
    """A session that is being prepared; scenes, assets and strokes are picked by number."""

    def __init__(self, database: Database, school: School) -> None:
        self.database = database
        self.tenant_id = school.tenant_id
        self.session_id = uuid4()
        self.lesson_id = school.lesson_id
        self.log: EventLog[SessionState] = EventLog(
            SessionState(),
            evolve,
            [sessions.project, assets.project, scenes.project, boards.project],
        )
        self.scenes, self.boards = Scenes(self.log), Boards(self.log)
        self.people = {role: person(school, role) for role in ROLES}
        self.known: list[UUID] = []
        self.uploads: list[UUID] = []
        self.strokes: list[UUID] = [uuid4() for _ in range(3)]

    async def begin(self) -> None:
        scheduled = e.SessionScheduled(
            lesson_id=self.lesson_id,
            title="",
            scheduled_start=NOW,
            scheduled_end=NOW.replace(hour=10),
        )
        row = {
            "id": self.session_id,
            "tenant_id": self.tenant_id,
            "lesson_id": self.lesson_id,
            "title": "",
            "scheduled_start": NOW,
            "scheduled_end": NOW.replace(hour=10),
            "created_at": NOW,
        }
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.insert(sessions_table).values(row))
            await self.append(tx, "begin", [scheduled])

    async def append(self, tx: Transaction, key: str, events: list[e.Event]) -> None:
        await self.log.append(tx, self.tenant_id, self.session_id, key, lambda _: events)

    async def take(self, verb: str, role: RoleName, number: int) -> bool:
        """Whether the step was allowed."""
        try:
            async with self.database.system_transaction() as tx:
                await self._act(tx, str(uuid4()), verb, self.people[role], number)
        except DomainError:
            return False
        return True

    async def _act(self, tx: Transaction, key: str, verb: str, who: Principal, number: int) -> None:
        if verb in {"add", "remove"}:
            await self._on_asset(tx, key, verb, who, number)
        elif verb in {"draw", "erase", "undo", "clear", "show", "hide"}:
            await self._on_board(tx, key, verb, who, number)
        else:
            await self._on_scene(tx, key, verb, who, number)

    async def _on_scene(
        self, tx: Transaction, key: str, verb: str, who: Principal, number: int
    ) -> None:
        scene = picked(self.known, number)
        match verb:
            case "create":
                body = CreateScene(session_id=self.session_id, name=key, layout="grid")
                self.known.append((await self.scenes.create(tx, key, who, body)).id)
            case "change":
                change = ChangeScene(
                    name=key, metadata=SceneMetadata(title=key), assets=self.uploads[:number]
                )
                await self.scenes.change(tx, key, who, scene, change, None)
            case "slide":
                slide = Slide(asset_id=picked(self.uploads, number), page=1 + number)
                change = ChangeScene(assets=[slide.asset_id], slide=slide)
                await self.scenes.change(tx, key, who, scene, change, None)
            case "delete":
                await self.scenes.delete(tx, key, who, scene, None)
            case _:
                await getattr(self.scenes, verb)(tx, key, who, scene, None)

    async def _on_asset(
        self, tx: Transaction, key: str, verb: str, who: Principal, number: int
    ) -> None:
        state = await self.log.state(tx, self.session_id)
        if verb == "remove":
            asset = picked(self.uploads, number)
            await self.append(tx, key, uploads.remove(state, asset, who.user_id))
            return
        new = uploads.NewAsset(
            id=uuid4(),
            scene_id=picked(self.known, number) if number else None,
            type="slide",
            name="deck",
            key="folder",
            pages=[PageSize(width_px=16, height_px=9)] * 2,
        )
        await self.append(tx, key, uploads.add(state, new, who.user_id))
        self.uploads.append(new.id)

    async def _on_board(
        self, tx: Transaction, key: str, verb: str, who: Principal, number: int
    ) -> None:
        board = picked(self.uploads, number) if number == 2 else self.session_id
        at: dict[str, Any] = {"session_id": self.session_id}
        match verb:
            case "draw":
                one = Stroke(
                    id=self.strokes[number], color="#000000", width=1 + number, points=[number, 1]
                )
                more = Stroke(id=uuid4(), color="#ffffff", width=9, points=[1, 2])
                await self.boards.draw(tx, key, who, board, Draw(strokes=[one, more], **at))
            case "erase":
                body = Erase(strokes=[self.strokes[number]], **at)
                await self.boards.erase(tx, key, who, board, body)
            case "undo" | "clear":
                await getattr(self.boards, verb)(tx, key, who, board, BoardCommand(**at))
            case _:
                await self.boards.show(tx, key, who, self.session_id, shown=verb == "show")

    async def differences(self) -> list[str]:
        async with self.database.system_transaction() as tx:
            return await verify(tx, self.session_id)


def picked(known: list[UUID], number: int) -> UUID:
    return known[number] if number < len(known) else uuid4()


def person(school: School, role: RoleName) -> Principal:
    user = User(id=school.members[role].user_id, tenant_id=school.tenant_id, email="", name=role)
    return Principal(user, (RoleGrant(name=role, scope="tenant"),))


async def play(settings: Settings, steps: list[tuple[str, RoleName, int]]) -> None:
    database = Database(settings.database_url, pool_size=1)
    try:
        running = Studio(database, await found_school(database))
        await running.begin()
        for step in steps:
            await running.take(*step)
        assert await running.differences() == []
    finally:
        await database.close()


@hypothesis(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_fold_and_rows_agree(settings: Settings, steps: list[tuple[str, RoleName, int]]) -> None:
    asyncio.run(play(settings, steps))


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""


async def test_tampered_rows_are_found(database: Database) -> None:
    running = Studio(database, await found_school(database))
    await running.begin()
    steps = (("create", 0), ("activate", 0), ("add", 0), ("draw", 0))
    for verb, number in steps:
        assert await running.take(verb, "teacher", number), verb
    assert await running.differences() == []
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(studio_scenes).values(name="forged", active=False))
        await tx.execute(sa.update(studio_assets).values(key="elsewhere"))
        await tx.execute(sa.update(whiteboard_strokes).values(points=[9, 9]))
    found = await running.differences()
    assert [line.split()[0] for line in found] == ["asset", "scene", "scene", "stroke", "stroke"]


async def test_strokes_drawn_at_once_are_all_there_for_a_late_joiner(database: Database) -> None:
    running = Studio(database, await found_school(database))
    await running.begin()
    await asyncio.gather(*(running.take("draw", "teacher", n % 2) for n in range(8)))
    async with database.system_transaction() as tx:
        board = await whiteboard(tx, running.session_id, running.session_id)
    assert sorted(len(stroke.points) for stroke in board.strokes) == [2] * 8 + [8, 8]
    assert await running.differences() == []


BOARD = UUID(int=1)
POINTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=6)
ACTS: st.SearchStrategy[tuple[str, int, list[int]]] = st.one_of(
    st.tuples(st.just("draw"), st.integers(0, 3), POINTS),
    st.tuples(st.just("erase"), st.integers(0, 3), st.just([])),
    st.tuples(st.just("clear"), st.just(0), st.just([])),
)


def told(act: tuple[str, int, list[int]]) -> e.Event:
    verb, number, points = act
    common: dict[str, Any] = {"board_id": BOARD, "page": 1, "user_id": UUID(int=2)}
    if verb == "draw":
        stroke = Stroke(id=UUID(int=number), color="#000000", width=1, points=points)
        return e.WhiteboardDrawn(strokes=[stroke], **common)
    if verb == "erase":
        return e.WhiteboardErased(strokes=[UUID(int=number)], **common)
    return e.WhiteboardCleared(**common)


@given(before=st.lists(ACTS), points=POINTS)
def test_a_new_stroke_that_is_erased_leaves_the_board_as_it_was(
    before: list[tuple[str, int, list[int]]], points: list[int]
) -> None:
    board: Drawing = {}
    for act in before:
        board = redraw(board, told(act))
    after = redraw(redraw(board, told(("draw", 99, points))), told(("erase", 99, [])))
    assert (after, list(after)) == (board, list(board))
    assert redraw(after, told(("clear", 0, []))) == {}


@given(batches=st.lists(POINTS, min_size=1, max_size=8))
def test_a_stroke_in_pieces_is_the_stroke_in_one(batches: list[list[int]]) -> None:
    pieces: Drawing = {}
    for points in batches:
        pieces = redraw(pieces, told(("draw", 0, points)))
    whole = redraw({}, told(("draw", 0, [number for points in batches for number in points])))
    assert pieces == whole
