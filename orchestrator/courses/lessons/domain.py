"""The places of a course's lessons: pure."""

from collections.abc import Sequence
from uuid import UUID

from schema.courses import Lesson
from schema.errors import InvalidField


def places(lessons: Sequence[Lesson], wanted: Sequence[UUID]) -> dict[UUID, int]:
    """From 1 in the wanted order, the archived ones behind. Raises InvalidField unless each other is named once."""
    active = [lesson.id for lesson in lessons if not lesson.archived]
    if sorted(active) != sorted(wanted):
        raise InvalidField("lessonIds", "Name every lesson of the course once.")
    archived = [lesson.id for lesson in lessons if lesson.archived]
    return {lesson_id: place for place, lesson_id in enumerate([*wanted, *archived], start=1)}
