"""A person's window on the page, in a real Chromium: the acts of a hand, the sight of an eye."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from sandbox.world import Person

_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--mute-audio",
)  # fmt: skip


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the system's Chromium; where there is none, the test fails."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


class Window:
    """One of the windows that stand side by side (`place` 0 or 1)."""

    def __init__(self, tab: Page, place: int = 0) -> None:
        self.tab = tab
        self.pane = tab.get_by_test_id(f"pane-{place}")

    def by(self, name: str) -> Locator:
        """Find something in this window by its stable name."""
        return self.pane.get_by_test_id(name)

    async def opens(self, peer: Person) -> None:
        await self.by(f"chat-{peer.id}").click()
        await expect(self.by("chat-title")).to_have_text(peer.name)

    async def writes(self, text: str) -> None:
        await self.by("composer-input").fill(text)
        await self.by("composer-input").press("Enter")

    async def presses(self, label: str) -> None:
        await self.pane.get_by_role("button", name=label, exact=True).click()

    async def attaches(self, kind: str, *files: Path) -> None:
        await self.by(f"attach-{kind}").set_input_files([str(file) for file in files])

    def message(self, text: str) -> Locator:
        return self.pane.locator(".message").filter(has_text=text)

    async def acts_on(self, text: str, act: str) -> None:
        """Choose from the menu of a message: reply, edit, copy or delete."""
        await self.message(text).locator(".bubble").click(button="right")
        await self.tab.get_by_test_id(f"context-{act}").click()

    async def sees(self, text: str) -> None:
        await expect(self.message(text).last).to_be_visible()

    async def no_longer_sees(self, text: str) -> None:
        await expect(self.message(text)).to_have_count(0)
