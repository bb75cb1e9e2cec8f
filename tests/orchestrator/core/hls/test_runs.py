from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.hls.runs import Run, playlist_of, runs

NAMES = st.from_regex(r"[a-z]{1,8}_[0-9]{5}\.m4s", fullmatch=True)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RUNS = st.builds(
    Run,
    st.just("film_init.mp4"),
    st.dictionaries(NAMES, st.integers(1, 60_000), min_size=1),
    st.none() | TIMES.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)),
)


@given(RUNS)
def test_a_playlist_says_of_a_run_what_was_in_it(run: Run) -> None:
    assert runs(playlist_of(run)) == [run]
