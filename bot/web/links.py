"""One-time links to the login page, and the visit that each leads to.

Of a link's token only the digest is kept, and what is typed is handed to Telegram and forgotten. All of it is in memory
alone: a restart ends every visit, as it ends the connection on which a code is waited for.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm import access
from crm.access import Power
from crm.errors import CrmError, NotNow
from crm.installation import Installation
from crm.ports import GivenUp, LinkedDevices, LoginCode, LoginEnded, LoginStep

LASTS = timedelta(minutes=10)  # from the making of a link to the end of what it led to
REMEMBERED = timedelta(hours=1)  # how long it can be said of a link that it is too old
WRONG = 5  # answers, then the link is of no more use
PATIENCE = 70.0  # seconds for Telegram to say what comes next
Tell = Callable[[LoginStep], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Visit:
    """A person at the page: `crm.ports.Terminal`, whose questions are forms."""

    link: Link
    asks: str = "phone"
    hint: str | None = None
    complaint: str = ""  # what was not right the last time: phone, code or password
    left: int = WRONG
    ended: LoginEnded | None = None
    _answer: asyncio.Future[str] | None = field(default=None, repr=False)
    _turn: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def phone(self) -> str:
        return (await self._ask("phone")).strip()

    async def code(self) -> str:
        return (await self._ask("code")).strip()

    async def password(self, hint: str | None) -> str:
        self.hint = hint
        return await self._ask("password")

    async def show(self, code: LoginCode) -> None:
        """There is no code to scan here: whoever names no number has given up."""
        del code
        raise GivenUp

    async def wrong(self, what: str) -> None:
        self.complaint, self.left = what, self.left - 1
        if self.left <= 0:
            raise GivenUp

    async def answers(self, asked: str, text: str) -> None:
        """Take what was typed, and wait for what comes next. An answer to another question than this is dropped."""
        async with asyncio.timeout(PATIENCE):
            await self._turn.wait()
            if self._answer is None or self._answer.done() or asked != self.asks:
                return
            self.complaint = ""
            self._turn.clear()
            self._answer.set_result(text)
            await self._turn.wait()

    async def told(self, step: LoginStep) -> None:
        """The end, here and in the chat in which the link was made."""
        if isinstance(step, LoginEnded):
            self.ended = step
            self._turn.set()
        await self.link.tell(step)

    async def _ask(self, what: str) -> str:
        self.asks, self._answer = what, asyncio.get_running_loop().create_future()
        self._turn.set()
        return await self._answer


@dataclass(slots=True, eq=False)
class Link:
    """What a token opens: a login into one workspace, for the member who asked for it."""

    workspace_id: int
    person_id: int
    language: str
    expires_at: datetime
    tell: Tell = field(repr=False)
    used: bool = False


class Links:
    """`crm.ports.LoginPages`. `address` is where the page is; empty where there is none."""

    def __init__(self, installation: Installation, devices: LinkedDevices) -> None:
        self.address = ""
        self._installation = installation
        self._devices = devices
        self._links: dict[bytes, Link] = {}  # by the digest of the token
        self._visits: dict[bytes, Visit] = {}  # by the digest of the cookie

    @property
    def available(self) -> bool:
        """Whether there is a page, and something to link with it."""
        return bool(self.address) and self._devices.available

    def invite(self, workspace_id: int, person_id: int, language: str, tell: Tell) -> str:
        """The address of a page that can be used once, for ten minutes. Raises NotNow where there is none."""
        if not self.available:
            raise NotNow("unavailable")
        token, now = secrets.token_urlsafe(32), self._installation.clock.now()
        self._forget(now)
        self._links[digest(token)] = Link(workspace_id, person_id, language, now + LASTS, tell)
        return f"{self.address}/login/{token}"

    def find(self, token: str) -> Link | None:
        """The link with this token, used and old ones too; None where there never was one."""
        return self._links.get(digest(token))

    def is_over(self, link: Link) -> bool:
        """Whether its ten minutes have passed."""
        return link.expires_at <= self._installation.clock.now()

    def visit(self, cookie: str) -> Visit | None:
        """The visit that goes on in the browser with this cookie."""
        found = self._visits.get(digest(cookie))
        return None if found is None or self.is_over(found.link) else found

    async def is_welcome(self, link: Link) -> bool:
        """Whether the member who asked for it may still link accounts: he is authorised anew at each step."""
        try:
            async with access.enter(self._installation, link.person_id, link.workspace_id) as desk:
                desk.need(Power.MANAGE)
        except CrmError:
            return False
        return True

    async def begin(self, link: Link) -> tuple[str, Visit]:
        """Use a link up; the cookie by which its browser is known from now on."""
        link.used = True
        cookie, visit = secrets.token_urlsafe(32), Visit(link)
        self._visits[digest(cookie)] = visit
        await self._devices.link_typed(link.workspace_id, visit, visit.told)
        return cookie, visit

    def _forget(self, now: datetime) -> None:
        self._links = {key: link for key, link in self._links.items() if link.expires_at + REMEMBERED > now}
        self._visits = {key: visit for key, visit in self._visits.items() if visit.link.expires_at > now}


def digest(secret: str) -> bytes:
    """What is kept in place of a secret."""
    return hashlib.sha256(secret.encode()).digest()
