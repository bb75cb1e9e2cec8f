"""A browser without a mouse: what has the focus is called what a screen reader calls it."""

from playwright.sync_api import Page, expect

# More than any page has to step through.
MOST_TABS = 60
FOCUSED = """
() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.innerText;
  return (at.getAttribute("aria-label") || label || at.innerText || "").trim();
}
"""


def go_to(page: Page, name: str, key: str = "Tab") -> None:
    """By this key alone, as far as it takes."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED) == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {name!r}")


def press(page: Page, name: str) -> None:
    go_to(page, name)
    page.keyboard.press("Enter")


def choose(page: Page, menu: str, item: str) -> None:
    """From the menu that this button opens."""
    press(page, menu)
    expect(page.get_by_role("menuitem", name=item, exact=True)).to_be_visible()
    go_to(page, item, "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_have_count(0)


def open_tab(page: Page, digit: str, name: str) -> None:
    page.keyboard.press(digit)
    expect(page.get_by_role("tab", name=name, selected=True)).to_be_focused()
