"""The world of the sandbox: people, bots, chats, messages, files and business connections, in memory.

It is built in layers, each a module: events < people < accounts < business < talking < groups < forums < reacting <
buttons < ephemeral < inline. One thread, one loop: its methods change the world and tell the listeners before they
return.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sandbox.faults import Fault, Faults
from sandbox.world.accounts import Account, AccountEvent, Box
from sandbox.world.autolinks import utf16_length
from sandbox.world.business import ANSWER_WINDOW, BusinessConnection
from sandbox.world.buttons import ANSWER_TIME, CallbackAnswer, Press
from sandbox.world.chats import CHANNELS, COLOURS, RIGHTS, Chat, Group, Topic
from sandbox.world.clock import Clock
from sandbox.world.events import (
    Acting,
    AdminChanged,
    BlockChanged,
    BusinessChanged,
    ButtonPressed,
    CallbackAnswered,
    ChatRead,
    EphemeralChanged,
    Event,
    GroupChanged,
    InlineAsked,
    Listener,
    MessageEdited,
    MessageReacted,
    MessagesDeleted,
    MessageSent,
    PersonChanged,
    TopicChanged,
)
from sandbox.world.files import File, FileKind, secret_number
from sandbox.world.images import image_size
from sandbox.world.inline import INLINE_TIME, Inline, InlineQuery, InlineResult
from sandbox.world.messages import VIEW_ONCE, Entity, Message, Origin, Quote, Reaction
from sandbox.world.people import Person
from sandbox.world.refused import Refused
from sandbox.world.talking import EDIT_WINDOW


class World(Inline):
    """Everything that the three faces (Bot API, MTProto, page) show."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock or Clock())
        self.faults = Faults()

    def on_time(self, listener: Callable[[datetime], None]) -> None:
        """Call `listener` with the new time whenever the world's time is moved."""
        self.clock.on_advance(listener)


__all__ = [
    "ANSWER_TIME",
    "ANSWER_WINDOW",
    "CHANNELS",
    "COLOURS",
    "EDIT_WINDOW",
    "INLINE_TIME",
    "RIGHTS",
    "VIEW_ONCE",
    "Account",
    "AccountEvent",
    "Acting",
    "AdminChanged",
    "BlockChanged",
    "Box",
    "BusinessChanged",
    "BusinessConnection",
    "ButtonPressed",
    "CallbackAnswer",
    "CallbackAnswered",
    "Chat",
    "ChatRead",
    "Clock",
    "Entity",
    "EphemeralChanged",
    "Event",
    "Fault",
    "Faults",
    "File",
    "FileKind",
    "Group",
    "GroupChanged",
    "InlineAsked",
    "InlineQuery",
    "InlineResult",
    "Listener",
    "Message",
    "MessageEdited",
    "MessageReacted",
    "MessageSent",
    "MessagesDeleted",
    "Origin",
    "Person",
    "PersonChanged",
    "Press",
    "Quote",
    "Reaction",
    "Refused",
    "Topic",
    "TopicChanged",
    "World",
    "image_size",
    "secret_number",
    "utf16_length",
]
