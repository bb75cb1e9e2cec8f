"""A course as a teacher makes it, and as its student finds it: real Chromium, without media."""

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.timeout(240)
def test_a_student_sees_what_a_teacher_planned_until_they_are_taken_out(
    teacher: Page, student: Page
) -> None:
    plan_a_class(teacher, "Persuasion")
    student.reload()
    student.get_by_role("link", name="Lyme Regis").click()
    expect(student.get_by_role("status").filter(has_text="The class begins")).to_be_visible()

    take_out(teacher, "Persuasion", "Student")
    expect(teacher.get_by_label("Role of Student", exact=True)).to_have_count(0)
    student.reload()
    expect(student.get_by_role("alert")).to_contain_text("There is no such session.")


def plan_a_class(page: Page, course: str) -> None:
    page.get_by_role("link", name="Courses").first.click()
    page.get_by_role("button", name="Add course").click()
    page.get_by_label("Title").fill(course)
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    page.get_by_label("New lesson").fill("Lyme Regis")
    page.get_by_role("button", name="Add lesson").click()
    expect(page.get_by_role("listitem", name="Lyme Regis")).to_be_visible()
    page.get_by_role("link", name="Sessions", exact=True).first.click()
    page.get_by_role("button", name="New session").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Course").select_option(course)
    dialog.get_by_text("Later", exact=True).click()
    dialog.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("article", name="Lyme Regis")).to_be_visible()


def take_out(page: Page, course: str, name: str) -> None:
    page.get_by_role("link", name="Courses").first.click()
    page.get_by_role("link", name=course).click()
    page.get_by_role("tab", name="People").click()
    page.get_by_role("button", name=f"Remove {name}", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
