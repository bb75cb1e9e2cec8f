"""A teacher runs a whole class without a mouse: start, speak, slides, a poll, a hand, end."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import join_without_microphone
from tests.support.studio import pdf

# More than any page has to step through.
MOST_TABS = 60
QUESTION = "Where does Emma live?"
# What a screen reader calls the element that has the focus.
FOCUSED = """
() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.innerText;
  return (at.getAttribute("aria-label") || label || at.innerText || "").trim();
}
"""


@pytest.mark.timeout(300)
def test_a_class_by_keyboard(teacher: Page, student: Page, tmp_path: Path, title: str) -> None:
    start(teacher, title)
    join_without_microphone(student, title)
    mute_and_speak(teacher)
    show_slides(teacher, tmp_path)
    expect(student.get_by_role("img", name="Slide 2 of 3")).to_be_visible()
    ask(teacher)
    expect(student.get_by_text(QUESTION).first).to_be_visible()
    answer_hand(teacher, student)
    go_round(teacher)
    press(teacher, "End class")
    expect(teacher.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    press(teacher, "End class")
    expect(student.get_by_text("The class has ended")).to_be_visible()


def go_to(page: Page, name: str) -> None:
    """By Tab alone, as far as it takes."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name!r}")


def press(page: Page, name: str) -> None:
    go_to(page, name)
    page.keyboard.press("Enter")


def start(page: Page, title: str) -> None:
    press(page, "New session")
    expect(page.get_by_role("dialog").get_by_label("Title", exact=True)).to_be_visible()
    go_to(page, "Title")
    page.keyboard.press("Control+A")
    page.keyboard.type(title)
    press(page, "Start now")
    expect(page.get_by_role("button", name="Start class")).to_be_visible()
    press(page, "Start class")
    expect(page.get_by_label("Connection: Connected")).to_be_visible()


def mute_and_speak(page: Page) -> None:
    for pressed in (False, True):
        expect(page.get_by_role("button", name="Microphone", pressed=not pressed)).to_be_enabled()
        page.keyboard.press("m")
        expect(page.get_by_role("button", name="Microphone", pressed=pressed)).to_be_enabled()


def show_slides(page: Page, folder: Path) -> None:
    lesson = folder / "lesson.pdf"
    lesson.write_bytes(pdf(3))
    page.keyboard.press("1")
    expect(page.get_by_role("tab", name="Studio", selected=True)).to_be_focused()
    # Waiting begins well before the key: a chooser that opens at once would be missed.
    with page.expect_file_chooser() as chooser:
        press(page, "Add a PDF or a picture")
    chooser.value.set_files(lesson)
    expect(page.get_by_role("img", name="Slide 1 of 3")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("img", name="Slide 2 of 3")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    for name in ("Next slide", "Slides and speaker", "Pen", "Whiteboard on or off"):
        expect(keys.get_by_role("cell", name=name, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)


def ask(page: Page) -> None:
    page.keyboard.press("5")
    expect(page.get_by_role("tab", name="Polls", selected=True)).to_be_focused()
    press(page, "New poll")
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.keyboard.type(QUESTION)
    for number, text in enumerate(("Highbury", "Bath"), 1):
        go_to(page, f"Option {number}")
        page.keyboard.type(text)
    press(page, "Save draft")
    expect(page.get_by_role("article", name=QUESTION)).to_be_visible()
    press(page, "Open")


def answer_hand(teacher: Page, student: Page) -> None:
    student.keyboard.press("h")
    expect(teacher.get_by_label("1 raised hand")).to_be_visible()
    teacher.keyboard.press("2")
    expect(teacher.get_by_role("tab", name="People", selected=True)).to_be_focused()
    press(teacher, "Allow Student to speak")
    expect(student.get_by_text("You may speak now")).to_be_visible()
    # The button went with the hand.
    expect(teacher.get_by_role("tab", name="People", selected=True)).to_be_focused()


def go_round(page: Page) -> None:
    """F6 leads from the panel to the bar, and Shift back."""
    # No digit first: it takes the focus two frames later, and would take it back from the bar.
    expect(page.get_by_role("tab", name="People", selected=True)).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("button", name="Microphone")).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("tab").first).to_be_focused()
    page.keyboard.press("F6")
