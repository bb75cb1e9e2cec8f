"""Courses and lessons."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from schema.base import Command, Wire

Title = Annotated[str, Meta(min_length=1, max_length=200)]


class CreateCourse(Command, frozen=True):
    title: Title


class CreateLesson(Command, frozen=True):
    title: Title
    order: Annotated[int, Meta(ge=0, le=100_000)] = 0


class Course(Wire, frozen=True):
    id: UUID
    title: str


class Lesson(Wire, frozen=True):
    id: UUID
    course_id: UUID
    title: str
    order: int
