"""The audit log: everything that changes who may do what, and nobody changes it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError

from orchestrator.audit.tables import audit_log
from orchestrator.core.database import Database
from tests.support.school import Caller, School, bearer
from tests.support.signing_in import give_password, sign_in


async def actions(caller: Caller, school: School) -> list[str]:
    items = (await caller.get(school.admin, "/api/audit")).json()["items"]
    return [item["action"] for item in items]


async def test_what_changes_who_may_do_what_is_written_down(
    caller: Caller, school: School, database: Database
) -> None:
    account = await give_password(database, school.teacher)
    await sign_in(caller.http, account, password="wrong")
    await sign_in(caller.http, account, email="nobody@school.test")
    await sign_in(caller.http, account)
    caller.http.cookies.clear()
    user = f"/api/users/{school.student.user_id}"
    await caller.post(school.admin, f"{user}/roles", {"role": "assistant"})
    for body in ({"name": "Harriet"}, {"disabled": True}, {"disabled": False}):
        headers = bearer(school.admin) | {"Idempotency-Key": str(body)}
        assert (await caller.http.patch(user, json=body, headers=headers)).status_code == 200
    await caller.post(school.teacher, "/api/api-keys", {"name": "x", "role": "teacher"})
    assert await actions(caller, school) == [
        "api_key.created",
        "user.enabled",
        "user.disabled",
        "user.updated",
        "role.granted",
        "sign_in.succeeded",
        "sign_in.failed",
    ]


async def test_an_entry_names_people_and_the_pages_follow_each_other(
    caller: Caller, school: School, other_school: School
) -> None:
    user = f"/api/users/{school.student.user_id}"
    for role in ("assistant", "teacher", "admin"):
        await caller.post(school.admin, f"{user}/roles", {"role": role})
    first = (await caller.get(school.admin, "/api/audit?limit=2")).json()
    rest = (
        await caller.get(school.admin, f"/api/audit?limit=2&before={first['nextCursor']}")
    ).json()
    entries = first["items"] + rest["items"]
    assert [entry["details"]["role"] for entry in entries] == ["admin", "teacher", "assistant"]
    assert (entries[0]["actorName"], entries[0]["targetName"]) == ("Admin", "Student")
    assert "nextCursor" not in rest
    assert await actions(caller, other_school) == []


@pytest.mark.parametrize("change", [sa.update(audit_log).values(action="x"), sa.delete(audit_log)])
async def test_nobody_changes_an_entry(
    caller: Caller, school: School, database: Database, change: sa.Executable
) -> None:
    user = f"/api/users/{school.student.user_id}"
    await caller.post(school.admin, f"{user}/roles", {"role": "assistant"})
    with pytest.raises(IntegrityError, match="append-only"):
        async with database.system_transaction() as tx:
            await tx.execute(change)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction(school.tenant_id) as tx:
            await tx.execute(change)
