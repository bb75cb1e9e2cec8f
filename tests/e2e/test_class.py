"""A class as two people see it: real Chromium, real speech, caption on the student's page, replay that plays."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.cli.runfile import RunFile

# Generous, because one small machine runs two browsers beside the whole stack.
MEDIA_TIMEOUT_MS = 45_000
REPLAY_TIMEOUT_MS = 90_000
SPOKEN = re.compile(
    r"\b(best|worst|times|wisdom|foolishness|belief|season|hope|winter)\b", re.IGNORECASE
)

PICTURE_MOVES = """
() => [...document.querySelectorAll("main video")].some((v) => v.videoWidth > 0 && v.currentTime > 1)
"""


@pytest.fixture
def teacher(stack: RunFile, browser: Browser) -> Iterator[Page]:
    yield from signed_in(browser, stack, "teacher")


@pytest.fixture
def student(stack: RunFile, browser: Browser) -> Iterator[Page]:
    yield from signed_in(browser, stack, "student")


def signed_in(browser: Browser, stack: RunFile, role: str) -> Iterator[Page]:
    account = next(a for a in stack.accounts if a.role == role)
    context = browser.new_context(base_url=stack.web, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Email").fill(account.email)
    page.get_by_role("textbox", name="Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    yield page
    context.close()


@pytest.mark.timeout(360)
def test_teacher_speaks_student_reads_and_the_replay_plays(teacher: Page, student: Page) -> None:
    start_class(teacher, "A Tale of Two Cities")
    join_without_microphone(student, "A Tale of Two Cities")
    captions = student.get_by_label("Live captions")
    expect(captions).to_contain_text(SPOKEN, timeout=MEDIA_TIMEOUT_MS)
    student.wait_for_function(PICTURE_MOVES, timeout=MEDIA_TIMEOUT_MS)
    teacher.wait_for_timeout(8_000)  # something to look at in the replay

    teacher.get_by_role("button", name="End class").click()
    teacher.get_by_role("dialog").get_by_role("button", name="End class").click()
    expect(student.get_by_text("The class has ended")).to_be_visible(timeout=MEDIA_TIMEOUT_MS)
    student.get_by_role("link", name="Watch replay").click()
    transcript = student.get_by_role("region", name="Transcript")
    expect(transcript).to_contain_text(SPOKEN, timeout=REPLAY_TIMEOUT_MS)
    play_some_seconds(student)


def start_class(page: Page, title: str) -> None:
    page.get_by_role("button", name="New session").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title", exact=True).fill(title)
    dialog.get_by_role("button", name="Start now").click()
    page.get_by_role("button", name="Start class").click()
    expect(page.get_by_label("Connection: Connected")).to_be_visible(timeout=MEDIA_TIMEOUT_MS)


def join_without_microphone(page: Page, title: str) -> None:
    page.reload()
    page.get_by_role("article", name=title).get_by_role("link", name="Join class").click()
    # Both contexts hear the same file: only the teacher may speak.
    page.get_by_label("Microphone on").uncheck(force=True)
    page.get_by_role("button", name="Join class").click()
    expect(page.get_by_label("Connection: Connected")).to_be_visible(timeout=MEDIA_TIMEOUT_MS)


def play_some_seconds(page: Page) -> None:
    film = page.get_by_label("Recording of the class")
    film.evaluate("film => { film.muted = true; return film.play(); }")
    page.wait_for_function(
        "film => film.currentTime > 3 && film.videoWidth === 1280",
        arg=film.element_handle(),
        timeout=MEDIA_TIMEOUT_MS,
    )
