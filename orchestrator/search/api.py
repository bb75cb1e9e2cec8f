"""/api/search: what was said, shown, written and asked in the classes that one may read."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.search.service import PAGE, Search, Wanted
from schema.base import Page
from schema.recordings import SearchKind
from schema.search import SearchHit

MAX_AFTER = 980


class SearchController(Controller):
    path = "/api/search"
    tags = ("search",)

    @get()
    async def search_classes(
        self,
        principal: NamedDependency[Principal],
        class_search: NamedDependency[Search],
        text: Annotated[str, QueryParameter(name="q", min_length=1, max_length=200)],
        course_id: Annotated[UUID | None, QueryParameter(name="courseId")] = None,
        kind: Annotated[SearchKind | None, QueryParameter()] = None,
        cursor: Annotated[int, QueryParameter(ge=0, le=MAX_AFTER)] = 0,
    ) -> Page[SearchHit]:
        """The best hits first. `q` takes words, "phrases", `or` and `-not`; `cursor` is the `nextCursor` of the page before."""
        kinds = None if kind is None else (kind,)
        found = await class_search.find(principal, Wanted(text, course_id, kinds, cursor))
        more = len(found) > PAGE and cursor + PAGE <= MAX_AFTER
        return Page(items=found[:PAGE], next_cursor=str(cursor + PAGE) if more else None)
