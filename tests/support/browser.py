"""What people do in a browser before anything else: sign in, start a class, join it."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from orchestrator.cli.runfile import RunFile

# Generous, because one small machine runs two browsers beside the whole stack.
MEDIA_TIMEOUT_MS = 45_000


def signed_in(browser: Browser, stack: RunFile, role: str) -> Iterator[Page]:
    account = next(a for a in stack.accounts if a.role == role)
    context = browser.new_context(base_url=stack.web, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(MEDIA_TIMEOUT_MS)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Email").fill(account.email)
    page.get_by_role("textbox", name="Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    yield page
    context.close()


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
