"""The past comes along: a history that Telegram Desktop has exported goes the way of all that the mirror sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import mirror
from crm.access import Desk, Power, Room
from crm.errors import Invalid
from crm.imports.carried import Size
from crm.imports.desktop import Translator, nothing_beside, sender_of
from crm.imports.reading import Chat, Piece, Reader
from crm.imports.tally import Tally
from crm.seen import SERVICES, AnotherAccount, Seen
from storage import accounts
from storage.accounts import Account
from storage.audit import AuditEntry

KIND = "import"
BATCH = 2000  # messages a commit, as the backfill has it
PRIVATE = "personal_chat"
Pieces = AsyncIterator[bytes]
Progress = Callable[[int], Awaitable[None]]  # bytes read; may raise, and nothing more is taken then
Keep = Callable[[AsyncSession, "Report"], Awaitable[None]]  # in the commit of the messages that are counted


@dataclass(slots=True)
class Report:
    """What became of an export. `place` is how many messages of it were worked off: a resumed import starts there."""

    place: int = 0
    new: int = 0
    edited: int = 0
    known: int = 0
    elsewhere: Tally = field(default_factory=Tally)  # messages by the type of a chat that is not mirrored
    strange: Tally = field(default_factory=Tally)  # what there is no place for, by Telegram Desktop's name
    torn: bool = False  # the file breaks off: what is before that is taken

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Report:
        """As it was kept."""
        return cls(
            place=facts.get("place", 0),
            new=facts.get("new", 0),
            edited=facts.get("edited", 0),
            known=facts.get("known", 0),
            elsewhere=Tally(facts.get("elsewhere", {})),
            strange=Tally(facts.get("strange", {})),
        )

    def facts(self) -> dict[str, Any]:
        """To be kept."""
        return {
            "place": self.place,
            "new": self.new,
            "edited": self.edited,
            "known": self.known,
            "elsewhere": dict(self.elsewhere),
            "strange": dict(self.strange),
            "torn": self.torn,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """Into which account an export is taken, who wants it (None: the operator), and what a run before this has done."""

    account_id: int
    asked_by: int | None = None
    size: Size = nothing_beside
    before: Report = field(default_factory=Report)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose history a file is: the account, where the file tells it, and the one chat, where it is of one alone."""

    account_id: int | None
    chat: str | None


async def owner(pieces: Pieces) -> Owner:
    """Read as far as the account is plain. Raises Invalid("import", …): empty_file, not_json, foreign."""
    reader, empty, sound, account_id, chat = Reader(), True, True, None, None
    async for piece in pieces:
        empty = empty and not piece.strip()
        part = reader.feed(piece)
        sound = part.sound
        for chat, message in part.messages:
            account_id = account_id or _speaker(chat, message)
        account_id = reader.account_id or account_id
        if account_id is not None or not sound:
            break
    if empty:
        raise Invalid("import", "empty_file")
    if not reader.recognised:
        raise Invalid("import", "foreign" if sound else "not_json")
    return Owner(account_id, chat.name if chat is not None and not reader.whole else None)


async def accounts_of(desk: Desk) -> list[Account]:
    """The accounts of the workspace, into which an export may be taken. Raises NotAllowed."""
    desk.need(Power.MANAGE)
    async with desk.reading() as session:
        return [account for account, _business, _userbot in await accounts.with_roads(session)]


async def take(room: Room, order: Order, pieces: Pieces, keep: Keep, progress: Progress) -> Report:
    """Take the messages of an export into the vault. Raises Invalid where the account is not connected or not its own.

    A message that was seen before is left as it is, unless the export knows a later text of it.
    """
    async with room.reading() as session:
        if await session.get(Account, order.account_id) is None:
            raise Invalid("import", "another_account")
    work = _Import(room, order, keep)
    try:
        await work.run(pieces, progress)
    except AnotherAccount:
        raise Invalid("import", "another_account") from None
    return work.report


async def _closed(pieces: Pieces) -> Pieces:
    """The pieces, and an empty one as the sign of their end."""
    async for piece in pieces:
        if piece:
            yield piece
    yield b""


def _speaker(chat: Chat, message: dict[str, Any]) -> int | None:
    """In a chat of two, whoever is not the other is the account."""
    sender = sender_of(message)
    return sender if chat.type == PRIVATE and sender != chat.id else None


class _Import:
    """One run: reads, translates, and commits a batch whenever one is full."""

    def __init__(self, room: Room, order: Order, keep: Keep) -> None:
        self._room, self._order, self._keep = room, order, keep
        self._reader = Reader()
        self.report = order.before
        self._translator = Translator(order.account_id, room.workspace.zone, self.report.strange, order.size)
        self._met = 0  # messages of the file
        self._batch: list[Seen] = []

    async def run(self, pieces: Pieces, progress: Progress) -> None:
        read = 0
        async for piece in _closed(pieces):
            read += len(piece)
            await self._take(piece)
            await progress(read)
            if self.report.torn:
                break
        await self._commit(ended=True)

    async def _take(self, piece: bytes) -> None:
        part: Piece = self._reader.feed(piece)
        for chat, message in part.messages:
            self._met += 1
            if self._met > self.report.place:
                self._sort(chat, message)
            if len(self._batch) == BATCH:
                await self._commit()
        self.report.torn = not part.sound

    def _sort(self, chat: Chat, message: dict[str, Any]) -> None:
        if chat.type != PRIVATE or chat.id in {*SERVICES, self._order.account_id}:
            self.report.elsewhere.count(chat.type or "?")
            return
        seen = self._translator.seen(chat, message)
        if seen is not None:
            self._batch.append(seen)

    async def _commit(self, *, ended: bool = False) -> None:
        now, report = self._room.installation.clock.now(), self.report
        async with self._room.vault.transaction() as session:
            recorded = await mirror.record(session, self._batch, heard_at=now)
            report.place = max(self._met, report.place)
            report.new += recorded.new
            report.edited += recorded.edited
            report.known += recorded.known
            if ended:
                counts = {"new": report.new, "edited": report.edited, "known": report.known}
                subject = f"account:{self._order.account_id}"
                entry = AuditEntry(
                    at=now, actor_id=self._order.asked_by, act="import.taken", subject=subject, facts=counts
                )
                session.add(entry)
            await self._keep(session, report)
        self._batch = []
