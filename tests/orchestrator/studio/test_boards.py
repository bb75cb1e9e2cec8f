"""The whiteboard over HTTP: who draws, erases and clears, and what a late joiner finds."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.sessions.domain import participant_id
from tests.support.school import Caller, School
from tests.support.studio import Desk, pdf, refusal


def stroke(key: str | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "id": key or str(uuid4()),
        "color": "#e03131",
        "width": 40,
        "points": [0, 0, 10_000, 10_000],
        **changes,
    }


class Pen:
    """Somebody at one board."""

    def __init__(self, desk: Desk, board_id: UUID | str | None = None) -> None:
        self.desk = desk
        self.board_id = board_id or desk.session_id
        self.path = f"/api/studio/whiteboards/{self.board_id}"

    async def act(self, verb: str, **body: Any) -> Any:
        return await self.desk.send(
            "POST", f"{self.path}/{verb}", {"sessionId": str(self.desk.session_id), **body}
        )

    async def draw(self, *strokes: dict[str, Any], **more: Any) -> Any:
        return await self.act("strokes", strokes=list(strokes), **more)

    async def seen(self) -> dict[str, Any]:
        path = f"/api/sessions/{self.desk.session_id}/whiteboards/{self.board_id}"
        reply = await self.desk.caller.get(self.desk.who, path)
        assert reply.status_code == 200, reply.text
        board: dict[str, Any] = reply.json()
        return board

    async def ids(self) -> list[str]:
        return [drawn["id"] for drawn in (await self.seen())["strokes"]]


async def test_who_comes_late_sees_what_is_drawn(
    desk: Desk, pupil: Desk, database: Database
) -> None:
    pen, first, second = Pen(desk), stroke(), stroke(points=[1, 2])
    replies = [
        await pen.draw(first, second),
        # It goes on where it ended.
        await pen.draw(stroke(second["id"], points=[3, 4])),
    ]
    assert [reply.status_code for reply in replies] == [201, 201]
    board = await Pen(pupil).seen()
    assert board["sequence"] == replies[-1].json()["sequence"]
    assert [(drawn["id"], drawn["points"]) for drawn in board["strokes"]] == [
        (first["id"], first["points"]),
        (second["id"], [1, 2, 3, 4]),
    ]
    assert {drawn["userId"] for drawn in board["strokes"]} == {str(desk.who.user_id)}
    async with database.system_transaction() as tx:
        assert await verify(tx, desk.session_id) == []


async def test_undo_takes_ones_own_last_stroke(desk: Desk, school: School) -> None:
    await desk.caller.command("join", school.assistant, desk.session_id)
    mine, theirs = Pen(desk), Pen(Desk(desk.caller, school.assistant, desk.session_id))
    drawn = [stroke() for _ in range(3)]
    await mine.draw(drawn[0], drawn[1])
    await theirs.draw(drawn[2])
    for left in ([0, 2], [2], [2]):
        assert (await mine.act("undo")).status_code == 200
        assert await mine.ids() == [drawn[n]["id"] for n in left]


async def test_eraser_and_clear(desk: Desk) -> None:
    pen, drawn = Pen(desk), [stroke() for _ in range(3)]
    await pen.draw(*drawn)
    erased = await pen.act("erase", strokes=[drawn[1]["id"], str(uuid4())])
    assert (erased.status_code, await pen.ids()) == (200, [drawn[0]["id"], drawn[2]["id"]])
    cleared = await pen.act("clear")
    assert (cleared.status_code, await pen.ids()) == (200, [])
    again = await pen.act("clear")
    assert again.json() == cleared.json()


async def test_each_page_of_a_deck_is_a_board(desk: Desk, database: Database) -> None:
    deck = await desk.asset(pdf(2))
    pen, drawn = Pen(desk, deck["id"]), [stroke(), stroke()]
    for page, one in enumerate(drawn, start=1):
        assert (await pen.draw(one, page=page)).status_code == 201
    assert refusal(await pen.draw(stroke(), page=3)) == (404, "not_found")
    await pen.act("clear", page=1)
    assert [(one["id"], one["page"]) for one in (await pen.seen())["strokes"]] == [
        (drawn[1]["id"], 2)
    ]
    await desk.send("DELETE", f"/api/studio/assets/{deck['id']}")
    assert await pen.ids() == []
    async with database.system_transaction() as tx:
        assert await verify(tx, desk.session_id) == []


async def test_a_stroke_stays_its_owners_and_its_pages(desk: Desk, school: School) -> None:
    await desk.caller.command("join", school.assistant, desk.session_id)
    mine, theirs = Pen(desk), Pen(Desk(desk.caller, school.assistant, desk.session_id))
    drawn = stroke()
    await mine.draw(drawn)
    assert refusal(await theirs.draw(stroke(drawn["id"]))) == (403, "forbidden")
    deck = await desk.asset(pdf(1))
    elsewhere = await Pen(desk, deck["id"]).draw(stroke(drawn["id"]))
    assert refusal(elsewhere) == (403, "forbidden")
    assert (await theirs.act("erase", strokes=[drawn["id"]])).status_code == 200
    assert await mine.ids() == []


async def test_students_draw_nothing_without_the_right(desk: Desk, pupil: Desk) -> None:
    pen, drawn = Pen(pupil), stroke()
    await Pen(desk).draw(drawn)
    path = f"/api/sessions/{desk.session_id}/whiteboard"
    tried = [
        await pen.draw(stroke()),
        await pen.act("erase", strokes=[drawn["id"]]),
        await pen.act("undo"),
        await pen.act("clear"),
        await pupil.send("POST", f"{path}/show"),
        await pupil.send("POST", f"{path}/hide"),
    ]
    assert {refusal(reply) for reply in tried} == {(403, "forbidden")}
    assert await pen.ids() == [drawn["id"]]


async def test_a_student_draws_while_the_right_is_given(desk: Desk, pupil: Desk) -> None:
    member = participant_id(desk.session_id, pupil.who.user_id)
    right = f"/api/sessions/{desk.session_id}/participants/{member}/permissions"
    pen, mine, theirs = Pen(pupil), stroke(), stroke()
    await Pen(desk).draw(theirs)
    given = await desk.send("PATCH", right, {"draw": True})
    assert given.status_code == 200, given.text
    assert (await pen.draw(mine)).status_code == 201
    assert refusal(await pen.act("erase", strokes=[theirs["id"]])) == (403, "forbidden")
    assert refusal(await pen.act("clear")) == (403, "forbidden")
    assert (await pen.act("undo")).status_code == 200
    assert await pen.ids() == [theirs["id"]]
    await desk.send("PATCH", right, {"draw": False})
    assert refusal(await pen.draw(stroke())) == (403, "forbidden")


async def test_the_board_is_shown_and_put_away(desk: Desk, pupil: Desk) -> None:
    path = f"/api/sessions/{desk.session_id}"
    for verb, shown in (("show", True), ("show", True), ("hide", False)):
        assert (await desk.send("POST", f"{path}/whiteboard/{verb}")).status_code == 200
        state = (await pupil.caller.get(pupil.who, f"{path}/state")).json()
        assert state["studio"]["whiteboard"] is shown


async def test_other_boards_schools_and_times(
    desk: Desk, other_school: School, caller: Caller, school: School
) -> None:
    assert refusal(await Pen(desk, uuid4()).draw(stroke())) == (404, "not_found")
    assert refusal(await Pen(desk).draw(stroke(), page=2)) == (404, "not_found")
    them = Pen(Desk(caller, other_school.teacher, desk.session_id))
    assert refusal(await them.draw(stroke())) == (404, "not_found")
    await caller.command("end", school.teacher, desk.session_id)
    late = [
        await Pen(desk).draw(stroke()),
        await Pen(desk).act("undo"),
        await Pen(desk).act("clear"),
        await desk.send("POST", f"/api/sessions/{desk.session_id}/whiteboard/show"),
    ]
    assert {refusal(reply) for reply in late} == {(409, "session_over")}


@pytest.mark.parametrize(
    "change",
    [
        {"points": []},
        {"points": [1]},
        {"points": [1, 2, 3]},
        {"points": [0, 10_001]},
        {"points": [-1, 0]},
        {"points": [0.5, 1]},
        {"points": [1, 2] * 501},
        {"color": "red"},
        {"color": "#e03131; background: url(//evil)"},
        {"width": 0},
        {"id": "7"},
        {"text": "x"},
    ],
)
async def test_a_stroke_that_cannot_be_is_refused(desk: Desk, change: dict[str, Any]) -> None:
    assert refusal(await Pen(desk).draw(stroke(**change))) == (422, "invalid_field")
    assert await Pen(desk).ids() == []


async def test_a_batch_is_bounded(desk: Desk) -> None:
    pen, one = Pen(desk), stroke()
    full = [stroke(points=[1, 2] * 500) for _ in range(2)]
    assert (await pen.draw(*full)).status_code == 201
    assert refusal(await pen.draw(*full, stroke())) == (422, "invalid_field")
    assert refusal(await pen.draw(*(stroke() for _ in range(51)))) == (422, "invalid_field")
    assert refusal(await pen.draw()) == (422, "invalid_field")
    assert refusal(await pen.draw(one, one)) == (422, "invalid_field")
