"""The operator's keyboard and screen, for a login that no chat may carry."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass

import segno

from crm.ports import LoginCode

WRONG = {
    "phone": "Telegram does not know this phone number.",
    "code": "This is not the code.",
    "password": "This is not the password.",
}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """`userbot.login.Terminal` over three plain functions: print a line, read a line, read a line unseen."""

    say: Callable[[str], None]
    read: Callable[[str], str]
    read_unseen: Callable[[str], str]

    async def phone(self) -> str:
        """The phone number as it was typed; empty for a QR code."""
        return await self._asked(self.read, "Phone number of the account (or Enter for a QR code): ")

    async def code(self) -> str:
        """The login code as it was typed."""
        return await self._asked(self.read, "Code that Telegram has sent (to your other devices, or by SMS): ")

    async def password(self, hint: str | None) -> str:
        """The second password; it is not trimmed."""
        prompt = f"Password of the account (hint: {hint}): " if hint else "Password of the account: "
        return await asyncio.to_thread(self.read_unseen, prompt)

    async def show(self, code: LoginCode) -> None:
        """Draw the code."""
        drawing = io.StringIO()
        segno.make(code.url, error="l").terminal(drawing, compact=True)
        self.say(drawing.getvalue())
        self.say("On the account's phone: Settings > Devices > Link Desktop Device, and scan this code.")

    async def wrong(self, what: str) -> None:
        """Say what was not right."""
        self.say(WRONG[what])

    @staticmethod
    async def _asked(ask: Callable[[str], str], prompt: str) -> str:
        return (await asyncio.to_thread(ask, prompt)).strip()
