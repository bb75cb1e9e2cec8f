"""A poll as two people see it: the teacher asks, the student answers by keyboard, and what is closed is closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import join_without_microphone, start_class

QUESTION = "Where does Emma live?"
LATE = """
async id => {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  const body = JSON.stringify({ choices: [0] });
  const reply = await fetch(`/api/polls/${id}/responses`, { method: "POST", headers, body });
  return [reply.status, (await reply.json()).code];
}
"""


@pytest.mark.timeout(240)
def test_a_poll_is_answered_counted_and_closed(teacher: Page, student: Page, title: str) -> None:
    start_class(teacher, title)
    join_without_microphone(student, title)
    ask(teacher)
    expect(student.get_by_text("A question for the class")).to_be_visible()
    student.get_by_role("button", name="Panel").click()
    poll = student.get_by_role("article", name=QUESTION)
    expect(poll).to_be_visible()  # where the news is
    poll.get_by_role("radio", name="Bath").focus()
    student.keyboard.press("Space")
    poll.get_by_role("button", name="Answer").focus()
    student.keyboard.press("Enter")
    expect(poll.get_by_role("row", name=re.compile("Bath"))).to_contain_text("1 · 100 %")

    asked = teacher.get_by_role("article", name=QUESTION)
    expect(asked.get_by_role("row", name=re.compile("Bath"))).to_contain_text("1 · 100 %")
    address = asked.get_by_role("link", name="Export CSV").get_attribute("href") or ""
    asked.get_by_role("button", name="Close poll").click()
    expect(poll.get_by_text("closed")).to_be_visible()
    expect(poll.get_by_role("radio")).to_have_count(0)
    assert student.evaluate(LATE, address.split("/")[3]) == [409, "poll_closed"]


def ask(teacher: Page) -> None:
    teacher.get_by_role("tab", name="Polls").click()
    teacher.get_by_role("button", name="New poll").click()
    form = teacher.get_by_role("form", name="New poll")
    form.get_by_label("Question").fill(QUESTION)
    form.get_by_role("textbox", name="Option 1").fill("Highbury")
    form.get_by_role("textbox", name="Option 2").fill("Bath")
    form.get_by_role("button", name="Save draft").click()
    teacher.get_by_role("article", name=QUESTION).get_by_role("button", name="Open").click()
