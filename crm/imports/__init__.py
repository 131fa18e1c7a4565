"""The past comes along: a history that Telegram Desktop has exported goes the way of all that the mirror sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.access import Desk, Power, Room
from crm.errors import Invalid
from crm.imports.desktop import sender_of
from crm.imports.reading import Chat, Reader
from crm.imports.report import Order, Report
from crm.imports.taking import PRIVATE, Import, Keep, Pieces, Progress, closed
from crm.seen import AnotherAccount
from storage import accounts
from storage.accounts import Account

__all__ = ["KIND", "Order", "Owner", "Report", "accounts_of", "owner", "take"]
KIND = "import"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose history a file is: the account, where the file tells it, and the one chat, where it is of one alone."""

    account_id: int | None
    chat: str | None


async def owner(pieces: Pieces) -> Owner:
    """Read as far as the account is plain. Raises Invalid("import", …): empty_file, not_json, foreign."""
    reader, empty, sound, account_id, chat = Reader(), True, True, None, None
    async for piece in closed(pieces):
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
    desk.need_identities()
    async with desk.reading() as session:
        return [account for account, _business, _userbot in await accounts.with_roads(session)]


async def take(room: Room, order: Order, pieces: Pieces, keep: Keep, progress: Progress) -> Report:
    """Take the messages of an export into the vault. Raises Invalid where the account is not connected or not its own.

    A message that was seen before is left as it is, unless the export knows a later text of it.
    """
    async with room.reading() as session:
        if await session.get(Account, order.account_id) is None:
            raise Invalid("import", "another_account")
    work = Import(room, order, keep, progress)
    try:
        await work.run(pieces)
    except AnotherAccount:
        raise Invalid("import", "another_account") from None
    return work.report


def _speaker(chat: Chat, message: dict[str, Any]) -> int | None:
    """In a chat of two, whoever is not the other is the account."""
    sender = sender_of(message)
    return sender if chat.type == PRIVATE and sender != chat.id else None
