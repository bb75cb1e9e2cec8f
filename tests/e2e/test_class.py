"""A class as two people see it: real Chromium, real speech, caption on the student's page, replay that plays."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import MEDIA_TIMEOUT_MS, join_without_microphone, start_class

REPLAY_TIMEOUT_MS = 90_000
SPOKEN = re.compile(
    r"\b(best|worst|times|wisdom|foolishness|belief|season|hope|winter)\b", re.IGNORECASE
)

# Signed addresses live seconds, so that everything here goes on past the end of one.
SETTINGS = {"LECTERN_LINKS_OPEN_S": "8"}
FILM = re.compile(r"/programme/.*\.(mp4|m4s)\?")
PENCIL = re.compile("^Correct ")
WRITTEN = "Page nine, please."

PICTURE_MOVES = """
() => [...document.querySelectorAll("main video")].some((v) => v.videoWidth > 0 && v.currentTime > 1)
"""


@pytest.mark.timeout(360)
def test_teacher_speaks_student_reads_and_the_replay_plays(
    teacher: Page, student: Page, title: str
) -> None:
    start_class(teacher, title)
    join_without_microphone(student, title)
    captions = student.get_by_label("Live captions")
    expect(captions).to_contain_text(SPOKEN)
    # The page reads them by LiveKit's own useTranscriptions: first as they are heard, then as they stay, in the speaker's name.
    said = captions.locator("[data-speaker]").filter(has_text="Teacher")
    expect(said.locator("[data-final=false]").first).to_contain_text(re.compile(r"\w"))
    expect(said.locator("[data-final=true]").first).to_contain_text(SPOKEN)
    student.wait_for_function(PICTURE_MOVES, timeout=MEDIA_TIMEOUT_MS)
    teacher.get_by_role("tab", name="Chat").click()
    teacher.get_by_role("textbox", name="Message").fill(WRITTEN)
    teacher.keyboard.press("Enter")
    teacher.wait_for_timeout(8_000)  # something to look at in the replay

    teacher.get_by_role("button", name="End class").click()
    teacher.get_by_role("dialog").get_by_role("button", name="End class").click()
    expect(student.get_by_text("The class has ended")).to_be_visible()
    student.get_by_role("link", name="Watch replay").click()
    transcript = student.get_by_role("region", name="Transcript")
    expect(transcript).to_contain_text(SPOKEN, timeout=REPLAY_TIMEOUT_MS)
    let_the_addresses_expire(student)
    play_some_seconds(student)
    go_to_what_was_written(student)
    teacher.goto(student.url)
    correct_the_first_line(teacher, "It was the best of lines.")
    student.reload()
    expect(transcript).to_contain_text("It was the best of lines.", timeout=REPLAY_TIMEOUT_MS)
    expect(student.get_by_role("button", name=PENCIL)).to_have_count(0)


def correct_the_first_line(page: Page, text: str) -> None:
    page.get_by_role("button", name=PENCIL).first.click(timeout=REPLAY_TIMEOUT_MS)
    field = page.get_by_role("textbox", name="What was said")
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_role("region", name="Transcript")).to_contain_text(text)


def go_to_what_was_written(page: Page) -> None:
    """The end of the class shows its chat; a click on a message plays from there."""
    page.get_by_role("tab", name="Chat").click()
    # Again until it is there: an address may end while the film goes to its end, and it begins anew.
    page.wait_for_function(
        """() => {
            const film = document.querySelector('video[aria-label="Recording of the class"]');
            if (!(film.duration > 5)) return false;
            film.pause();
            if (film.currentTime < film.duration - 2) film.currentTime = film.duration - 0.5;
            return document.querySelector('[aria-label="Messages so far"]') !== null;
        }"""
    )
    message = page.get_by_role("list", name="Messages so far").get_by_role("button")
    expect(message).to_contain_text(WRITTEN)
    message.click()
    page.wait_for_function(
        """() => {
            const film = document.querySelector('video[aria-label="Recording of the class"]');
            return film.currentTime < film.duration - 4;
        }"""
    )


def let_the_addresses_expire(page: Page) -> None:
    """Loads the replay anew and holds its film back until the addresses in its playlist open no more."""
    held: list[Route] = []
    expired = False

    def hold(route: Route) -> None:
        if expired:
            route.continue_()
        else:
            held.append(route)

    page.route(FILM, hold)
    page.reload()
    while not held:
        page.wait_for_timeout(200)
    asked = parse_qs(urlsplit(held[0].request.url).query)
    while time.time() <= int(asked["exp"][0]):
        page.wait_for_timeout(200)
    expired = True
    with page.expect_response(
        lambda answer: answer.status == 403 and bool(FILM.search(answer.url))
    ):
        for route in held:
            route.continue_()


def play_some_seconds(page: Page) -> None:
    """A play() before the player is attached would be cut off by its loading."""
    page.wait_for_function(
        """() => {
            const film = document.querySelector('video[aria-label="Recording of the class"]');
            if (!film || !film.readyState) return false;
            film.muted = true;
            if (film.paused) film.play().catch(() => {});
            return film.currentTime > 3 && film.videoWidth === 1280 && film.videoHeight === 720;
        }""",
        timeout=2 * MEDIA_TIMEOUT_MS,
    )
