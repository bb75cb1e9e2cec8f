"""LiveKit is killed in the middle of a class: everybody stays, the class goes on in writing, and sees again later."""

import pytest
from playwright.sync_api import Page, expect

from orchestrator.cli.runfile import RunFile
from tests.support.browser import MEDIA_TIMEOUT_MS, join_without_microphone, start_class
from tests.support.outage import gone

# The supervisor tries every 10 s at most, the page every 19.
BACK_TIMEOUT_MS = 90_000
AWAY = "the media server cannot be reached"
PICTURE_MOVES = """
() => [...document.querySelectorAll("main video")].some((v) => v.videoWidth > 0 && v.currentTime > 1)
"""


@pytest.mark.timeout(400)
def test_the_class_outlives_the_media_server(
    stack: RunFile, teacher: Page, student: Page, title: str
) -> None:
    start_class(teacher, title)
    join_without_microphone(student, title)
    with gone(stack, "livekit"):
        for page in (teacher, student):
            expect(page.get_by_text(AWAY)).to_be_visible()
        expect(teacher.get_by_role("button", name="Microphone")).to_be_disabled()
        expect(student.get_by_text("No pictures at the moment")).to_be_visible()
        student.keyboard.press("h")
        expect(teacher.get_by_label("1 raised hand")).to_be_visible()
        say(teacher, "We go on in writing")
        student.get_by_role("button", name="Panel").click()
        student.get_by_role("tab", name="Chat").click()
        expect(student.get_by_text("We go on in writing")).to_be_visible()

    for page in (teacher, student):
        connected = page.get_by_label("Connection: Connected")
        expect(connected).to_be_visible(timeout=BACK_TIMEOUT_MS)
        expect(page.get_by_text(AWAY)).to_have_count(0)
    expect(teacher.get_by_role("button", name="Microphone", pressed=True)).to_be_enabled()
    student.wait_for_function(PICTURE_MOVES, timeout=MEDIA_TIMEOUT_MS)
    say(teacher, "Do you see me?")
    expect(student.get_by_text("Do you see me?")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_role("tab", name="Chat").click()
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")
