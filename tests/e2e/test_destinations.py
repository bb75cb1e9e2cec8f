"""Destinations as a teacher has them in a browser: added, connected, chosen, on air beside one that refuses, and lost."""

import re
from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Locator, Page, expect

from orchestrator.cli.demo.ephemeral import ephemeral_stack
from orchestrator.cli.probe.receivers import ClosedPort
from orchestrator.cli.runfile import RunFile
from orchestrator.cli.stack.ports import choose
from tests.agents.media.peers import RtmpServer, rtmp_server
from tests.fakes.platforms import Simulator, simulator
from tests.support.accounts import variables_for
from tests.support.browser import signed_in

PAGE = "/dashboard/destinations"
REFUSING, YOUTUBE, TWITCH = "127.0.0.1", "Emma reads", "emma_live"
# Of signed addresses: what is watched for longer lives by the next one.
LINKS_OPEN_S = 8
PLAYS = "film => film.videoWidth > 0 && film.currentTime > 0 && !film.paused"
LOADED_S = "film => film.buffered.end(film.buffered.length - 1)"


@pytest.fixture(scope="module")
def server() -> Iterator[RtmpServer]:
    with rtmp_server() as server:
        yield server


@pytest.fixture(scope="module")
def base() -> int:
    """The stack's first port, known before it: the platforms send browsers back to it."""
    return choose(None).control


@pytest.fixture(scope="module")
def platforms(base: int, server: RtmpServer) -> Iterator[Simulator]:
    # In a thread of its own: Playwright's loop runs in this one.
    public_url = f"http://127.0.0.1:{base}"
    with (
        start_blocking_portal() as thread,
        thread.wrap_async_context_manager(simulator(public_url)) as both,
    ):
        both.google.ingest = server.url("").rstrip("/")
        yield both


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, base: int, platforms: Simulator
) -> Iterator[RunFile]:
    settings = variables_for(platforms) | {"LECTERN_LINKS_OPEN_S": str(LINKS_OPEN_S)}
    with ephemeral_stack(tmp_path_factory.mktemp("stack"), settings, base) as running:
        yield running


@pytest.fixture
def admin(stack: RunFile, browser: Browser) -> Iterator[Page]:
    yield from signed_in(browser, stack, "admin")


@pytest.mark.timeout(360)
def test_a_class_on_air_from_the_first_destination_to_the_one_that_is_lost(
    teacher: Page, admin: Page, platforms: Simulator, title: str
) -> None:
    teacher.goto(PAGE)
    expect(teacher.get_by_role("heading", name="No destinations yet")).to_be_visible()
    with ClosedPort() as closed:
        add_custom(teacher, closed)
        connect(teacher, "YouTube", f"YouTube Channel: {YOUTUBE}")
        connect(teacher, "Twitch", f"Twitch: {TWITCH}")
        begin_with_all(teacher)
        plan(teacher, title)
        start(teacher, title)
        watch(teacher)
        preview(teacher)
        platforms.twitch.revoke_all()
        lose(teacher, admin, title)
        take_off(teacher)
    teacher.goto(PAGE)
    reconnect(teacher)


def add_custom(page: Page, url: str) -> None:
    page.get_by_role("button", name="Add destination").click()
    dialog = page.get_by_role("dialog", name="Add destination")
    expect(dialog.get_by_role("tab")).to_have_text(["Custom RTMP", "OAuth Services"])
    dialog.get_by_label("Server URL").fill(url)
    dialog.get_by_role("textbox", name="Stream key").fill("nobody-listens-here")
    dialog.get_by_role("button", name="Add destination").click()
    expect(dialog).to_be_hidden()
    expect(card(page, REFUSING)).to_contain_text("Connected")
    expect(card(page, REFUSING)).not_to_contain_text("nobody-listens")


def connect(page: Page, platform: str, listed: str) -> None:
    """Over the platform's own page and back."""
    page.get_by_role("button", name="Add destination").click()
    page.get_by_role("tab", name="OAuth Services").click()
    page.get_by_role("button", name=f"Connect with {platform}").click()
    expect(page.get_by_role("status").filter(has_text=f"{platform} is connected")).to_be_visible()
    item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=listed))
    expect(item).to_contain_text("Connected")


def begin_with_all(page: Page) -> None:
    choice = page.get_by_label("Destinations of new sessions")
    choice.get_by_text("All on").click()
    expect(choice.get_by_role("radio", name="All on")).to_be_checked()


def plan(page: Page, title: str) -> None:
    """Creates the class with all but Twitch."""
    page.goto("/dashboard")
    page.get_by_role("button", name="New session").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title", exact=True).fill(title)
    dialog.get_by_text("Later").click()
    boxes = dialog.get_by_role("group", name="Multistreaming").get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        expect(box).to_be_checked()
    dialog.get_by_role("checkbox", name=f"Twitch ({TWITCH})").uncheck()
    dialog.get_by_role("button", name="Schedule").click()
    expect(dialog).to_be_hidden()


def start(page: Page, title: str) -> None:
    """Over the session's own page, where what was chosen is changed once more and back."""
    page.get_by_role("article", name=title).get_by_role("link", name=title).click()
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", name=f"YouTube ({YOUTUBE})")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name=f"Twitch ({TWITCH})")).not_to_be_checked()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    page.get_by_role("link", name="Start class").click()
    expect(page.get_by_label("Streams to")).to_contain_text(f"{YOUTUBE}ready")
    # A programme of a name plate is one too, and leaves the machine to what is looked at here.
    page.get_by_label("Microphone on").uncheck(force=True)
    page.get_by_label("Camera on").uncheck(force=True)
    page.get_by_role("button", name="Start class").click()
    expect(page.get_by_label("Connection: Connected")).to_be_visible()


def watch(page: Page) -> None:
    """One is live with its numbers, the other is tried again, also when told to."""
    page.get_by_role("tab", name="On air").click()
    expect(row(page, YOUTUBE)).to_contain_text("Live")
    expect(row(page, YOUTUBE)).to_contain_text("fps")
    expect(row(page, YOUTUBE).get_by_role("img", name="Bitrate")).to_be_visible()
    expect(row(page, REFUSING)).to_contain_text("Retrying")
    with page.expect_response(lambda reply: reply.url.endswith("/retry")) as answer:
        row(page, REFUSING).get_by_role("button", name="Retry now").click()
    assert answer.value.ok
    expect(row(page, REFUSING)).to_contain_text("Nothing listens at this address")


def preview(page: Page) -> None:
    """The programme as viewers get it while it is made, beyond the life of the address that one began with."""
    asks = re.compile(r"/programme/playlist$")
    with page.expect_request(asks):
        page.get_by_role("button", name="Watch the programme").click()
    film = page.get_by_label("The programme, live").element_handle()
    page.wait_for_function(PLAYS, arg=film)
    with page.expect_request(asks):
        loaded_s = film.evaluate(LOADED_S)
    page.wait_for_function("([film, s]) => film.currentTime > s", arg=[film, loaded_s])
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_role("img", name="What viewers see")).to_be_visible()


def lose(page: Page, admin: Page, title: str) -> None:
    """The account whose permission is gone: told in the class, and to administrators."""
    page.get_by_role("button", name="Add to the broadcast").click()
    page.get_by_role("menuitem", name=TWITCH).click()
    expect(row(page, TWITCH)).to_contain_text("Failed")
    expect(page.get_by_role("alert").filter(has_text=f"{TWITCH} is off the air")).to_be_visible()
    admin.reload()
    notice = admin.get_by_role("alert").filter(has_text="A live class has lost a destination")
    expect(notice).to_contain_text(f"{TWITCH} in {title}")


def take_off(page: Page) -> None:
    page.get_by_role("button", name=f"Take {TWITCH} off the air").click()
    expect(row(page, TWITCH)).to_have_count(0)
    expect(row(page, YOUTUBE)).to_contain_text("Live")


def reconnect(page: Page) -> None:
    expect(card(page, TWITCH)).to_contain_text("Expired")
    expect(card(page, YOUTUBE)).to_contain_text("Connected")
    card(page, TWITCH).get_by_role("button", name=f"Reconnect {TWITCH}").click()
    expect(card(page, TWITCH)).to_contain_text("Connected")


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem", name=name)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)
