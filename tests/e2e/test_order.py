"""Hands and the right to speak as two people see them, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import join_without_microphone, start_class


@pytest.mark.timeout(240)
def test_a_student_asks_by_keyboard_and_may_speak(teacher: Page, student: Page, title: str) -> None:
    start_class(teacher, title)
    join_without_microphone(student, title)
    expect(student.get_by_role("button", name="Microphone")).to_have_count(0)
    student.keyboard.press("h")
    expect(student.get_by_role("button", name="Lower hand")).to_be_visible()

    expect(teacher.get_by_label("1 raised hand")).to_be_visible()
    teacher.keyboard.press("2")
    teacher.get_by_role("button", name="Allow Student to speak").press("Enter")

    expect(student.get_by_text("You may speak now")).to_be_visible()
    expect(student.get_by_role("button", name="Raise hand")).to_be_visible()
    student.get_by_role("button", name="Switch microphone on").click()
    heard = teacher.get_by_role("list", name="People").get_by_role("img", name="Microphone on")
    expect(heard.or_(teacher.get_by_label("Speaking"))).not_to_have_count(0)
