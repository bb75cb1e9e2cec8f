"""The demo school: accounts, a course and a lesson, so that a newcomer can sign in and teach at once.

Its students are enrolled in every course, also in those that are made later.
"""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.dialects.postgresql import insert

from orchestrator.auth.seed import Account, seed_tenant
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.courses.roster import put_everybody
from orchestrator.courses.tables import courses, lessons
from orchestrator.settings import Settings

TENANT_ID = uuid5(NAMESPACE_URL, "lectern:demo")
COURSE_ID = uuid5(TENANT_ID, "course")
LESSON_ID = uuid5(TENANT_ID, "lesson")


async def seed_demo(settings: Settings, accounts: Sequence[Account]) -> None:
    """Safe to run at every start."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.system_transaction() as tx:
            await seed_tenant(tx, TENANT_ID, "Demo School", accounts, enrols_everybody=True)
            await _seed_lesson(tx)
            await put_everybody(tx, TENANT_ID, COURSE_ID)
    finally:
        await database.close()


async def _seed_lesson(tx: Transaction) -> None:
    now = utc_now()
    course = {
        "id": COURSE_ID,
        "tenant_id": TENANT_ID,
        "title": "English Novels",
        "enrols_everybody": True,
        "created_at": now,
    }
    await tx.execute(insert(courses).values(course).on_conflict_do_nothing())
    lesson = {
        "id": LESSON_ID,
        "tenant_id": TENANT_ID,
        "course_id": COURSE_ID,
        "title": "Sense and Sensibility",
        "order": 1,
        "created_at": now,
    }
    await tx.execute(insert(lessons).values(lesson).on_conflict_do_nothing(index_elements=["id"]))
