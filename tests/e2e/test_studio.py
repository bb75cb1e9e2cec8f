"""The studio as two people see it: a teacher's slides and drawing on the student's page."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import join_without_microphone, start_class
from tests.support.studio import pdf

# Red, green and blue in the middle of a picture as the browser decoded it.
MIDDLE = """
async img => {
  await img.decode();
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.drawImage(img, -img.naturalWidth / 2, -img.naturalHeight / 2);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
"""

DRAGGED = """
files => {
  const dragged = new DataTransfer();
  for (const bytes of files)
    dragged.items.add(new File([new Uint8Array(bytes)], "more.pdf", { type: "application/pdf" }));
  return dragged;
}
"""


@pytest.mark.timeout(300)
def test_the_student_sees_the_slide_and_what_is_drawn_on_it(
    teacher: Page, student: Page, tmp_path: Path, title: str
) -> None:
    lesson = tmp_path / "lesson.pdf"
    lesson.write_bytes(pdf(3))
    start_class(teacher, title)
    join_without_microphone(student, title)
    upload(teacher, lesson)
    expect(slide(student, 1)).to_be_visible()
    teacher.keyboard.press("PageDown")
    expect(slide(student, 2)).to_be_visible()
    red, green, blue = slide(student, 2).evaluate(MIDDLE)
    assert green > 200
    assert max(red, blue) < 50
    draw(teacher)
    expect(drawing(student, 1)).to_be_visible()
    assert drawing(student, 1).locator("path").get_attribute("fill") == "#e03131"
    assert student.get_by_role("toolbar", name="Drawing tools").count() == 0
    teacher.keyboard.press("Control+z")
    expect(drawing(student, 0)).to_be_attached()
    drop(teacher, lesson, lesson)
    expect(student.get_by_role("img", name="Slide 2 of 9")).to_be_visible()


def upload(page: Page, file: Path) -> None:
    page.get_by_role("tab", name="Studio").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a PDF or a picture").click()
    chooser.value.set_files(file)
    expect(slide(page, 1)).to_be_visible()
    page.get_by_role("main").click(position={"x": 5, "y": 5})  # keys go to the stage


def drop(page: Page, *files: Path) -> None:
    """As if they were dragged in from the desktop."""
    data = page.evaluate_handle(DRAGGED, [list(file.read_bytes()) for file in files])
    page.get_by_text("Or drop files here").dispatch_event("drop", {"dataTransfer": data})


def draw(page: Page) -> None:
    page.keyboard.press("p")
    box = drawing(page, 0).bounding_box()
    assert box
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + 150, steps=20)
    page.mouse.up()


def slide(page: Page, number: int) -> Locator:
    return page.get_by_role("img", name=f"Slide {number} of 3")


def drawing(page: Page, strokes: int) -> Locator:
    return page.get_by_role("img", name=f"Drawing with {strokes} strokes")
