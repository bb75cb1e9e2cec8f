"""A live class, and its teacher at the studio."""

import pytest

from tests.support.school import Caller, School
from tests.support.studio import Desk


@pytest.fixture
async def desk(caller: Caller, school: School) -> Desk:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    return Desk(caller, school.teacher, session_id)


@pytest.fixture
async def pupil(desk: Desk, school: School) -> Desk:
    """The same class, as its student."""
    return Desk(desk.caller, school.student, desk.session_id)
