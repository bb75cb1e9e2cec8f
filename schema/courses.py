"""Courses, their lessons, and who is enrolled."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schema.base import Command, Wire

# PostgreSQL keeps no NUL.
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Description = Annotated[str, Meta(max_length=5000, pattern=r"^[^\x00]*$")]
Order = Annotated[int, Meta(ge=0, le=100_000)]
# An admin is one in the whole tenant, or not at all.
CourseRole = Literal["teacher", "assistant", "student"]


class CreateCourse(Command, frozen=True):
    """`enrols_everybody` as the tenant has it, unless it is given."""

    title: Title
    description: Description = ""
    enrols_everybody: bool | None = None


class UpdateCourse(Command, frozen=True):
    """What is absent or null stays as it is."""

    title: Title | None = None
    description: Description | None = None
    archived: bool | None = None
    enrols_everybody: bool | None = None


class CreateLesson(Command, frozen=True):
    """Without `order` it comes last; at the place of another it pushes that one back."""

    title: Title
    order: Order | None = None
    description: Description = ""


class UpdateLesson(Command, frozen=True):
    """What is absent or null stays as it is."""

    title: Title | None = None
    description: Description | None = None
    archived: bool | None = None


class OrderLessons(Command, frozen=True):
    """Every lesson of the course that is not archived, once."""

    lesson_ids: Annotated[list[UUID], Meta(max_length=1000)]


class Course(Wire, frozen=True):
    """`version` counts its edits, and those of its lessons' order.

    With `enrols_everybody` all students of the tenant are enrolled, and so is who becomes one; taking somebody out stays
    possible.
    """

    id: UUID
    title: str
    description: str
    enrols_everybody: bool
    archived: bool
    version: int


class Lesson(Wire, frozen=True):
    """`version` counts its edits."""

    id: UUID
    course_id: UUID
    title: str
    order: int
    description: str
    archived: bool
    version: int


class Removal(Wire, frozen=True):
    """What has sessions is archived, so that no class and no replay is lost."""

    outcome: Literal["deleted", "archived"]


class EnrolPerson(Wire, frozen=True, forbid_unknown_fields=True):
    """By `email` or by `user_id`."""

    email: Annotated[str, Meta(max_length=320)] | None = None
    user_id: UUID | None = None
    role: CourseRole = "student"


class EnrolPeople(Command, frozen=True):
    """Who is enrolled already gets the role that is given here."""

    people: Annotated[list[EnrolPerson], Meta(min_length=1, max_length=500)]


class ChangeEnrolment(Command, frozen=True):
    role: CourseRole


class Enrolment(Wire, frozen=True):
    user_id: UUID
    name: str
    email: str
    role: CourseRole
