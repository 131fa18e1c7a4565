"""The world outside, as the product needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from crm.seen import File
from storage.media import Media


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""


class Tasks(Protocol):
    """The one owner of detached work."""

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let it run until it ends or the process stops; a failure is logged under its name and ends nothing else."""


class FileSource(Protocol):
    """A road to the files of one account's messages."""

    def fetch(self, workspace_id: int, account_id: int, media: Media) -> AsyncIterator[bytes]:
        """The file's bytes in pieces.

        Raises NotNow("unreachable") where no road leads to it, NotNow("too_large") past the road's limit.
        """


class FileRoads(Protocol):
    """The same from any place in the file on, so that what came half is gone on with."""

    def content(self, media: Media) -> str | None:
        """Name what `fetch` would give: the same name, the same bytes. None where no road leads to the file."""

    def fetch(self, workspace_id: int, account_id: int, media: Media, *, offset: int = 0) -> AsyncIterator[bytes]:
        """The file's bytes from an offset (a multiple of 4096) on. Raises as `FileSource` says."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text for one client, on behalf of an account. Under its `random_id` Telegram knows it again."""

    workspace_id: int
    account_id: int
    peer_id: int
    text: str = field(repr=False)
    entities: Sequence[Mapping[str, Any]] = field(repr=False)  # the Bot API's
    file: File | None  # the text is its caption then
    reply_to_id: int | None
    random_id: int
    connection_id: str | None  # of the Business connection, where there is one
    content: bytes | None = field(default=None, repr=False)  # of the file, where it must be sent anew


@dataclass(frozen=True, slots=True)
class Sent:
    """What Telegram answered: the message as it stands now. Entities are the Bot API's."""

    message_id: int
    at: datetime
    text: str = field(repr=False)
    entities: list[dict[str, Any]]
    by_bot: bool
    file: File | None = None


Voice = Callable[
    [Outgoing], Awaitable[Sent | None]
]  # a way to a client; None: done, and Telegram made no message of it


class Unsent(Exception):  # noqa: N818  a kind, named as people say it
    """It was not sent, and will not be by this way. `reason` is Telegram's own name for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Unsent):
    """It was not sent, and may be in so many seconds."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Unknown(Unsent):
    """Nobody knows whether it was sent."""


@dataclass(frozen=True, slots=True)
class LoginCode:
    """A code to be scanned with the account's own phone before it expires; a new one follows."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoginEnded:
    """How a login ended: linked (to this account), password_needed, expired, cancelled, failed, taken."""

    outcome: str
    account_id: int | None = None


LoginStep = LoginCode | LoginEnded


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A linked device as Telegram shows it to the account: its name, since when it stands there, what else does.

    `at_risk` is Telegram's own mark for an account on an unofficial client; None where it does not say.
    """

    name: str
    since: datetime
    others: tuple[str, ...]
    at_risk: bool | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group that an account is in; the id is the Bot API's. `members` is None where Telegram does not say.

    `access_hash` is how to speak of a supergroup to Telegram.
    """

    peer_id: int
    title: str
    members: int | None
    access_hash: int | None


class GroupBudgets(Protocol):
    """How much may still be said in groups."""

    def left_in(self, chat_id: int) -> tuple[int, int]:
        """How many calls may go to a group now, and how many in any minute."""


class Terminal(Protocol):
    """A person who types what no chat may carry: at the operator's keyboard, or on the one-time page."""

    async def phone(self) -> str:
        """The account's phone number; empty for a login by QR code."""

    async def code(self) -> str:
        """The code that Telegram has sent."""

    async def password(self, hint: str | None) -> str:
        """The account's second password."""

    async def show(self, code: LoginCode) -> None:
        """Show a code to scan."""

    async def wrong(self, what: str) -> None:
        """What was typed is not right: phone, code or password. Raises GivenUp where there is no other try."""


class GivenUp(Exception):  # noqa: N818  a kind, named as people say it
    """The person could not say what was asked for."""


class LoginPages(Protocol):
    """Where an account can be linked by phone, code and second password, outside of any chat."""

    @property
    def available(self) -> bool:
        """Whether the operator has given the page an address, and something can be linked."""

    def invite(
        self, workspace_id: int, person_id: int, language: str, tell: Callable[[LoginStep], Awaitable[None]]
    ) -> str:
        """The address of a page that works once, for ten minutes; `tell` hears how it ended. Raises NotNow."""


class Devices(Protocol):
    """The userbot side of a workspace's accounts."""

    @property
    def available(self) -> bool:
        """Whether the operator has configured what a userbot needs (api_id and api_hash)."""

    async def link(self, workspace_id: int, show: Callable[[LoginStep], Awaitable[None]]) -> None:
        """Link an account by QR code; `show` is called with each step until the end. Returns at once."""

    async def cancel_link(self, workspace_id: int) -> None:
        """Give up a login that is under way."""

    async def unlink(self, workspace_id: int, account_id: int) -> None:
        """Log the device out at Telegram and forget its key."""

    async def halt(self, workspace_id: int) -> None:
        """Stop mirroring a workspace at once, and log nothing out."""

    async def resume(self, workspace_id: int) -> None:
        """Mirror again with every session that is still linked."""

    def state(self, workspace_id: int, account_id: int) -> str:
        """off, paused, connecting, live, waiting (a flood wait), offline or revoked."""

    def since(self, workspace_id: int, account_id: int) -> datetime | None:
        """Since when the device is connected, or is not; None where it does not run."""

    async def wake(self) -> None:
        """Let each device ask at once for what happened while this machine was suspended."""

    def compare(self) -> None:
        """Let each device that has read its account's past compare what Telegram shows with the vault."""


class LinkedDevices(Devices, Protocol):
    """The same, with logins that are typed, and what its owner may do to one device."""

    async def link_typed(
        self, workspace_id: int, terminal: Terminal, show: Callable[[LoginStep], Awaitable[None]]
    ) -> None:
        """Link an account by phone, code and second password; `show` is called with the end. Returns at once."""

    def waits_until(self, workspace_id: int, account_id: int) -> datetime | None:
        """When a flood wait is over; None while there is none."""

    def pace(self, workspace_id: int, account_id: int) -> float | None:
        """How many messages of the past a device reads in a second; None while it reads none."""

    async def replan(self, workspace_id: int, account_id: int) -> None:
        """Let a device read the past as the vault now says that it is to be read."""

    async def pause(self, workspace_id: int, account_id: int) -> None:
        """Hang up; the session stays. That it is to stay so is in the vault."""

    async def send(self, message: Outgoing) -> Sent | None:
        """Send it as the account itself. Raises Unsent, Later, Unknown. None: it has arrived before."""

    async def draft(self, message: Outgoing) -> None:
        """Put it into the account's own clients as a draft. Raises Unsent, Later, Unknown."""

    async def inspect(self, workspace_id: int, account_id: int) -> DeviceFacts | None:
        """What Telegram says of the device; None where it cannot be asked now."""

    async def end_others(self, workspace_id: int, account_id: int) -> None:
        """Log all other devices of the account out. Raises NotNow."""

    async def groups(self, workspace_id: int, account_id: int, *, anew: bool = False) -> Sequence[GroupFacts]:
        """Every group that the account is in; asked of Telegram once, or `anew`. Raises NotNow("offline")."""

    def regroup(self, workspace_id: int, account_id: int) -> None:
        """Let the device take up which groups are picked now."""
