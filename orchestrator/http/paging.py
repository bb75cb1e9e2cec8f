"""Query parameters of lists that are paged by a sequence, which is a 32-bit integer in the database."""

from typing import Annotated

from litestar.params import QueryParameter

After = Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The last `sequence` seen.")]
Before = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=2**31 - 1, description="The first `sequence` seen: the last items before it."
    ),
]
