"""Walks through the bot's screens as somebody with much time: every command, every button that destroys nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from aiogram.filters.callback_data import CallbackData

from handlers import buttons
from handlers.buttons.deletion import TakeBack
from handlers.buttons.export import ContactFile, ContactsOut, StartExport
from handlers.buttons.home import Nothing
from handlers.buttons.identities import HideIdentities, LetSee
from handlers.buttons.imports import StartImport
from handlers.buttons.keeping import KeepFiles, KeepKind, KeepOlder
from handlers.buttons.languages import Speak
from handlers.buttons.linking import CancelLogin, ConnectUserbot
from handlers.buttons.members import RemoveMember, RevokeInvitation, SetRole, SwitchPower
from handlers.buttons.notes import DeleteNote, TakeOffFile
from handlers.buttons.phones import DropPhone, PutPhone
from handlers.buttons.reminders import DeleteReminder, FinishReminder
from handlers.buttons.replies import DropReply, SendReply
from handlers.buttons.saved_replies import DeleteSaved
from handlers.buttons.settings import EraseDeleted, KeepDeleted
from handlers.buttons.stages import RemoveStage
from handlers.buttons.team_groups import PruneTopics, ScopeGroup, TurnGroup
from handlers.buttons.vocabulary import KeepParts
from handlers.buttons.workspaces import SwitchTo
from handlers.buttons.zone import SetZone
from handlers.help.commands import commands
from sandbox.world import Entity, Message
from tests.people import Someone

AT_ONCE: tuple[type[CallbackData], ...] = (  # what takes away, sends, or changes the ground under the walk, unasked
    CancelLogin, ContactsOut, DeleteNote, DeleteReminder, DeleteSaved, DropPhone, DropReply, EraseDeleted,
    FinishReminder, HideIdentities, KeepDeleted, KeepFiles, KeepKind, KeepOlder, KeepParts, LetSee, PutPhone,
    RemoveMember, RevokeInvitation, ScopeGroup, SendReply, SetRole, SetZone, Speak, StartExport, StartImport,
    SwitchPower, SwitchTo, TakeBack, TakeOffFile, TurnGroup,
)  # fmt: skip
KINDS = {
    one.__prefix__: one
    for module in iter_modules(buttons.__path__, f"{buttons.__name__}.")
    for one in vars(import_module(module.name)).values()
    if isinstance(one, type) and issubclass(one, CallbackData) and one is not CallbackData
}
NOWHERE = Nothing.__prefix__  # the number of a page
ALIKE = 2  # screens of one kind that are looked at


class Button(NamedTuple):
    """One button: where it leads (empty for links and copies), and how many share its row."""

    label: str
    address: str
    in_row: int


@dataclass(frozen=True)
class Seen:
    """One screen, and how somebody came there."""

    address: str  # the command or the button
    came_from: str
    text: str
    entities: tuple[Entity, ...] = field(repr=False)
    buttons: tuple[Button, ...] = field(repr=False)
    messages: int  # that the bot wrote to show it


def kind(address: str) -> str:
    """What addresses of like screens have in common: all but the numbers."""
    first, *rest = address.split(":")
    return ":".join([first, *(part for part in rest if part and not part.lstrip("-").isdigit())])


def harmless(address: str) -> bool:
    """Whether a press there only shows something, or changes what can be changed back."""
    where = KINDS.get(address.split(":", 1)[0])
    if where is None or where in AT_ONCE or address.startswith(f"{NOWHERE}"):
        return False
    to = where.unpack(address)
    if isinstance(to, RemoveStage):
        return to.to < 0  # it only asks
    if isinstance(to, PruneTopics):
        return to.days < 0  # the same
    if isinstance(to, ContactFile):
        return not to.form  # the same
    return not getattr(to, "sure", False) and not (isinstance(to, ConnectUserbot) and to.agreed)


def known_commands() -> list[str]:
    """Every command that anybody has, in the order of the menu."""
    return [line.split()[0] for line in commands(lambda _power: True)]


async def crawl(
    walker: Someone,
    begins: Iterable[str],
    most: int,
    *,
    follow: Callable[[str], bool] = harmless,
    look: Callable[[Seen], Awaitable[None]] | None = None,
) -> list[Seen]:
    """At most so many screens, those first that are the fewest presses away from what he begins with.

    He writes what he begins with; what holds a colon is the address of a button, and pressed. `follow`: whether a
    button is pressed. `look` is called at each screen.
    """
    way = deque((command, "") for command in begins)
    met, looked = Counter[str](), set[str]()
    screens: list[Seen] = []
    while way and len(screens) < most:
        address, came_from = way.popleft()
        if address in looked or met[kind(address)] >= ALIKE:
            continue
        looked.add(address)
        met[kind(address)] += 1
        seen = await _look(walker, address, came_from)
        if seen is None:
            continue
        screens.append(seen)
        if look is not None:
            await look(seen)
        way.extend((to.address, address) for to in seen.buttons if to.address and follow(to.address))
    return screens


async def _look(walker: Someone, address: str, came_from: str) -> Seen | None:
    """Go there; None where the press was only answered above the chat."""
    before = _said(walker)
    if not came_from and ":" not in address:
        await walker.writes(address)
    elif not await _press(walker, address):
        return None
    return shown(walker.newest, address, came_from, _said(walker) - before)


def shown(message: Message, address: str, came_from: str = "", messages: int = 1) -> Seen:
    """The screen that a message is."""
    rows = (message.markup or {}).get("inline_keyboard", ())
    buttons = tuple(Button(one["text"], one.get("callback_data", ""), len(row)) for row in rows for one in row)
    return Seen(address, came_from, message.text, tuple(message.entities), buttons, messages)


async def _press(walker: Someone, address: str) -> bool:
    """Press a button of this address under the newest message; whether a screen came of it."""
    message = walker.newest
    markup, text = message.markup, message.text
    forged: dict[str, Any] = {"inline_keyboard": [[{"text": "…", "callback_data": address}]]}
    message.markup = forged
    answer = await walker.presses("…", under=message)
    if answer is None:
        raise AssertionError(f"nobody answers {address}")
    if walker.newest is message and message.markup is forged and message.text == text:
        message.markup = markup
        return False
    return True


def _said(walker: Someone) -> int:
    return sum(_is_bots(walker, message) for message in walker.chat)


def _is_bots(walker: Someone, message: Message) -> bool:
    return message.sender_id == walker.desk.bot.id
