"""A teacher runs a whole class without a mouse: all that one does in a class, from its start to its end."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import join_without_microphone
from tests.support.keyboard import choose, go_to, open_tab, press
from tests.support.studio import pdf

QUESTION = "Where does Emma live?"


@pytest.mark.timeout(300)
def test_a_class_by_keyboard(teacher: Page, student: Page, tmp_path: Path, title: str) -> None:
    start(teacher, title)
    join_without_microphone(student, title)
    mute_and_speak(teacher)
    show_slides(teacher, tmp_path)
    expect(slide(student)).to_be_visible()
    draw(teacher)
    expect(student.get_by_role("img", name="Drawing with 1 strokes")).to_be_visible()
    switch_scenes(teacher, student)
    keep_the_chat(teacher, student)
    answer_question(teacher, student)
    ask(teacher)
    expect(student.get_by_text(QUESTION).first).to_be_visible()
    press(teacher, "Close poll")
    student.get_by_role("tab", name="Polls").click()
    expect(student.get_by_role("article", name=QUESTION)).to_contain_text("closed")
    answer_hand(teacher, student)
    keep_order(teacher)
    go_round(teacher)
    press(teacher, "End class")
    expect(teacher.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    press(teacher, "End class")
    expect(student.get_by_text("The class has ended")).to_be_visible()


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
    open_tab(page, "1", "Studio")
    # Waiting begins well before the key: a chooser that opens at once would be missed.
    with page.expect_file_chooser() as chooser:
        press(page, "Add a PDF or a picture")
    chooser.value.set_files(lesson)
    expect(page.get_by_role("img", name="Slide 1 of 3")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(slide(page)).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    for name in ("Next slide", "Slides and speaker", "Pen", "Whiteboard on or off"):
        expect(keys.get_by_role("cell", name=name, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)


def slide(page: Page) -> Locator:
    return page.get_by_role("img", name="Slide 2 of 3")


def draw(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Pen (P)", pressed=True)).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_role("application")).to_be_focused()
    for key in (" ", "Shift+ArrowRight", "Shift+ArrowDown", " ", "Escape"):
        page.keyboard.press(key)
    expect(page.get_by_role("application")).to_have_count(0)


def switch_scenes(teacher: Page, student: Page) -> None:
    """A new one beside that of the slides."""
    open_tab(teacher, "1", "Studio")
    choose(teacher, "Add scene", "Everybody")
    row = teacher.get_by_role("region", name="Scenes").get_by_role("button", name="Everybody")
    expect(row.first).to_be_visible()
    teacher.keyboard.press("Alt+2")
    expect(slide(student)).to_have_count(0)
    teacher.keyboard.press("Alt+1")
    expect(slide(student)).to_be_visible()


def keep_the_chat(teacher: Page, student: Page) -> None:
    open_tab(student, "2", "Chat")
    student.get_by_role("textbox", name="Message").fill("Is Emma rich?")
    student.keyboard.press("Enter")
    open_tab(teacher, "3", "Chat")
    message = "Actions for the message of Student: Is Emma rich?"
    expect(teacher.get_by_role("button", name=message)).to_be_visible()
    choose(teacher, message, "Pin on top")
    expect(student.get_by_role("list", name="Pinned messages")).to_contain_text("Is Emma rich?")
    choose(teacher, message, "Mute Student")
    expect(student.get_by_text("You cannot write at the moment.")).to_be_visible()
    choose(teacher, message, "Let Student write")
    press(teacher, "Chat rules")
    go_to(teacher, "Slow mode")
    teacher.keyboard.press("ArrowDown")
    press(teacher, "Save rules")
    expect(student.get_by_text("Slow mode: a message every 5 s")).to_be_visible()


def answer_question(teacher: Page, student: Page) -> None:
    student.get_by_role("tab", name="Questions").click()
    student.get_by_role("textbox", name="Question").fill("Why matchmaking?")
    student.keyboard.press("Enter")
    open_tab(teacher, "4", "Questions")
    expect(teacher.get_by_text("Why matchmaking?")).to_be_visible()
    press(teacher, "Answer")
    expect(teacher.get_by_role("textbox", name="Answer to")).to_be_focused()
    teacher.keyboard.type("She is bored")
    teacher.keyboard.press("Enter")
    expect(student.get_by_text("She is bored")).to_be_visible()


def ask(page: Page) -> None:
    open_tab(page, "5", "Polls")
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
    open_tab(teacher, "2", "People")
    press(teacher, "Allow Student to speak")
    expect(student.get_by_text("You may speak now")).to_be_visible()
    # The button went with the hand.
    expect(teacher.get_by_role("tab", name="People", selected=True)).to_be_focused()


def keep_order(page: Page) -> None:
    press(page, "Lock class")
    locked = page.get_by_role("button", name="Locked", pressed=True)
    # The room hears of it before the answer is there, until which the button takes nothing.
    expect(locked).to_be_enabled()
    expect(locked).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lock class", pressed=False)).to_be_focused()
    choose(page, "Decide for Student", "Mute microphone")
    open_tab(page, "2", "People")


def go_round(page: Page) -> None:
    """F6 leads from the panel to the bar, and Shift back."""
    # No digit first: it takes the focus two frames later, and would take it back from the bar.
    expect(page.get_by_role("tab", name="People", selected=True)).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("button", name="Microphone")).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("tab").first).to_be_focused()
    page.keyboard.press("F6")
