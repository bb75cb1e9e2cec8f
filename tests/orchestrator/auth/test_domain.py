"""Which role applies where."""

from uuid import UUID, uuid4

import pytest

from orchestrator.auth.domain import Principal
from schema.auth import RoleGrant, RoleName, RoleScope, User

COURSE, SESSION = uuid4(), uuid4()


def principal(*grants: tuple[RoleName, RoleScope, UUID | None]) -> Principal:
    user = User(id=uuid4(), email="emma@school.test", name="Emma", tenant_id=uuid4())
    return Principal(
        user, tuple(RoleGrant(name=n, scope=scope, scope_id=place) for n, scope, place in grants)
    )


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ([("student", "tenant", None)], None),
        ([("student", "tenant", None), ("student", "course", COURSE)], "student"),
        ([("assistant", "tenant", None)], "assistant"),
        ([("student", "tenant", None), ("teacher", "course", COURSE)], "teacher"),
        ([("student", "tenant", None), ("teacher", "course", uuid4())], None),
        ([("assistant", "session", SESSION)], "assistant"),
        ([("assistant", "session", uuid4())], None),
        ([("admin", "tenant", None), ("student", "session", SESSION)], "admin"),
        ([], None),
    ],
)
def test_the_highest_role_that_applies_counts(
    grants: list[tuple[RoleName, RoleScope, UUID | None]], expected: RoleName | None
) -> None:
    assert principal(*grants).role_in(COURSE, SESSION) == expected


def test_a_grant_without_a_place_is_no_grant_anywhere() -> None:
    assert principal(("teacher", "course", COURSE)).role_in(None, None) is None


def test_any_scope_opens_a_route() -> None:
    teacher = principal(("teacher", "course", COURSE))
    assert teacher.holds({"teacher", "admin"})
    assert not teacher.holds({"admin"})


def test_only_staff_and_assistants_of_the_tenant_see_all() -> None:
    assert principal(("assistant", "tenant", None)).sees_all
    assert not principal(("student", "tenant", None), ("teacher", "course", COURSE)).sees_all


def test_the_places_of_a_scope() -> None:
    held = principal(("student", "tenant", None), ("student", "course", COURSE))
    assert held.places("course") == {COURSE}
    assert held.places("session") == held.places("tenant") == frozenset()
