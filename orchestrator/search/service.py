"""Full-text search over ended classes, within the tenant's wall and only where somebody may read."""

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.courses.tables import courses, lessons
from orchestrator.search.domain import END, HIT, parts
from orchestrator.sessions.planning.listing import visible
from orchestrator.sessions.tables import sessions
from schema.recordings import SearchKind
from schema.search import SearchHit

# So many matches are ranked; of a word that stands in more, the best of the first so many are shown.
RANKED = 1_000
PAGE = 20
# What is said in one breath is shown whole, of a full slide what stands around the hits.
WHOLE_CHARS = 300
MARKS = f"StartSel={HIT}, StopSel={END}"
WHOLE, FRAGMENTS = (
    f"{MARKS}, HighlightAll=true",
    f"{MARKS}, MaxWords=35, MinWords=15, MaxFragments=2",
)


class Wanted(msgspec.Struct, frozen=True):
    """`text` as in a web search: words, "phrases", or, -not. None is everything."""

    text: str
    course_id: UUID | None = None
    kinds: tuple[SearchKind, ...] | None = None
    after: int = 0


class Search:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, principal: Principal, wanted: Wanted) -> list[SearchHit]:
        """The best first; of equals the newest class. One more than a page when there is more."""
        async with self._database.transaction(principal.tenant_id) as tx:
            among = await _readable(tx, principal, wanted)
            if among == []:
                return []
            rows = await tx.execute(FOUND, _values(wanted, among))
            return [_hit(row) for row in rows.mappings()]


def _found() -> sa.Select[Any]:
    """Ranks first and reads the snippets of what is shown only."""
    asked = sa.func.websearch_to_tsquery("lectern", sa.bindparam("text", type_=sa.Text))
    entry = (
        sa.func.find_entries(
            sa.bindparam("text", type_=sa.Text),
            sa.bindparam("kinds", type_=ARRAY(sa.Text)),
            sa.bindparam("among", type_=ARRAY(sa.Uuid)),
            RANKED,
        )
        .table_valued("session_id", "kind", "source_id", "start_ms", "text", "speaker", "words")
        .alias("entry")
    )
    rank = sa.func.ts_rank(entry.c.words, asked)
    best = (
        sa.select(
            entry,
            sessions.c.title.label("session_title"),
            courses.c.id.label("course_id"),
            courses.c.title.label("course_title"),
            sessions.c.scheduled_start.label("held_at"),
            rank.label("rank"),
        )
        .select_from(entry)
        .join(sessions, sessions.c.id == entry.c.session_id)
        .join(lessons, lessons.c.id == sessions.c.lesson_id)
        .join(courses, courses.c.id == lessons.c.course_id)
        .order_by(
            rank.desc(),
            sessions.c.scheduled_start.desc(),
            entry.c.session_id,
            entry.c.start_ms,
            entry.c.source_id,
        )
        .limit(PAGE + 1)
        .offset(sa.bindparam("after", type_=sa.Integer))
        .subquery("best")
    )
    options = sa.case((sa.func.length(best.c.text) <= WHOLE_CHARS, WHOLE), else_=FRAGMENTS)
    marked = sa.func.ts_headline("lectern", best.c.text, asked, options).label("marked")
    return sa.select(best, marked)


FOUND = _found()


def _values(wanted: Wanted, among: list[UUID] | None) -> dict[str, Any]:
    return {
        "text": wanted.text,
        "kinds": list(wanted.kinds) if wanted.kinds else None,
        "among": among,
        "after": wanted.after,
    }


async def _readable(tx: Transaction, principal: Principal, wanted: Wanted) -> list[UUID] | None:
    """The sessions to look in; None for all of the tenant."""
    if principal.sees_all and wanted.course_id is None:
        return None
    query = (
        sa.select(sessions.c.id)
        .join(lessons, lessons.c.id == sessions.c.lesson_id)
        .where(visible(principal), sessions.c.status == "ended")
    )
    if wanted.course_id is not None:
        query = query.where(lessons.c.course_id == wanted.course_id)
    return list((await tx.execute(query)).scalars())


def _hit(row: sa.RowMapping) -> SearchHit:
    return SearchHit(
        session_id=row["session_id"],
        session_title=row["session_title"],
        course_id=row["course_id"],
        course_title=row["course_title"],
        held_at=row["held_at"],
        kind=row["kind"],
        source_id=row["source_id"],
        start_ms=row["start_ms"],
        speaker=row["speaker"],
        snippet=list(parts(row["marked"])),
    )
