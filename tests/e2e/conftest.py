"""One whole stack for the browser tests, and the system's Chromium with fake devices that hear real speech."""

import secrets
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from orchestrator.cli.demo.ephemeral import ephemeral_stack
from orchestrator.cli.runfile import RunFile
from tests.support.browser import MEDIA_TIMEOUT_MS, signed_in

SPEECH = Path(__file__).parents[1] / "data" / "speech" / "two_cities.wav"
FLAGS = [
    "--no-sandbox",  # CI is root in a container, where the sandbox can't be set up
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    f"--use-file-for-fake-audio-capture={SPEECH}",
    "--autoplay-policy=no-user-gesture-required",
]

# Whatever is awaited crosses the whole stack: the 5 s that Playwright gives are short for a busy machine.
expect.set_options(timeout=MEDIA_TIMEOUT_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A browser test that fails says what each of its people had before them."""
    report = yield
    pages = getattr(item, "funcargs", {}) if call.when == "call" and report.failed else {}
    for name, page in pages.items():
        if isinstance(page, Page):
            report.sections.append((f"page of {name}", _on_screen(page)))
    return report


def _on_screen(page: Page) -> str:
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=2_000)}"
    except PlaywrightError as error:
        return f"{page.url}: {error}"


@pytest.fixture(scope="module")
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunFile]:
    """With the SETTINGS of the module, if it has any."""
    # Of one module: it must be gone before the demo measures media on the same cores.
    settings = getattr(request.module, "SETTINGS", {})
    with ephemeral_stack(tmp_path_factory.mktemp("stack"), settings) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "no Chromium: apt install chromium, or run ./lectern test as root"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def teacher(stack: RunFile, browser: Browser) -> Iterator[Page]:
    yield from signed_in(browser, stack, "teacher")


@pytest.fixture
def student(stack: RunFile, browser: Browser) -> Iterator[Page]:
    yield from signed_in(browser, stack, "student")


@pytest.fixture
def title() -> str:
    """A class of this attempt alone: one that failed leaves its class live in the same stack."""
    return f"Emma {secrets.token_hex(3)}"
