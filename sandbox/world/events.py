"""What happens in the world, as its listeners hear it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.world.business import BusinessConnection
    from sandbox.world.buttons import Press
    from sandbox.world.chats import Chat, Group, Topic
    from sandbox.world.inline import InlineQuery
    from sandbox.world.messages import Message, Reaction
    from sandbox.world.people import Person


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `accounts` are the people whose client would show it."""

    accounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited(Event):
    """`markup_only`: the buttons changed and nothing that a reader would call an edit."""

    message: Message
    markup_only: bool = False


@dataclass(frozen=True, slots=True)
class MessageReacted(Event):
    """Somebody put a reaction under a message, or took his away; `before` are those that he had there."""

    message: Message
    by: int
    before: tuple[Reaction, ...]


@dataclass(frozen=True, slots=True)
class MessagesDeleted(Event):
    """Messages of one chat that are gone for both sides; `by` is who deleted them."""

    chat: Chat
    messages: tuple[Message, ...]
    by: int


@dataclass(frozen=True, slots=True)
class ChatRead(Event):
    """`reader_id` has read his chat with `peer_id` up to `message`."""

    reader_id: int
    peer_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class Acting(Event):
    """`sender_id` is typing, or recording, or …, for `peer_id`; `action` in the Bot API's words."""

    sender_id: int
    peer_id: int
    action: str


@dataclass(frozen=True, slots=True)
class ButtonPressed(Event):
    press: Press


@dataclass(frozen=True, slots=True)
class CallbackAnswered(Event):
    press: Press


@dataclass(frozen=True, slots=True)
class InlineAsked(Event):
    query: InlineQuery


@dataclass(frozen=True, slots=True)
class BusinessChanged(Event):
    connection: BusinessConnection


@dataclass(frozen=True, slots=True)
class BlockChanged(Event):
    person_id: int
    peer_id: int
    blocked: bool


@dataclass(frozen=True, slots=True)
class GroupChanged(Event):
    """A group has another title, or other members: `joined` and `left` are those who came and went, let by `by`."""

    group: Group
    by: int
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminChanged(Event):
    """Somebody has other rights in a group than `before`; None: those of a plain member."""

    group: Group
    by: int
    person_id: int
    before: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class EphemeralChanged(Event):
    """A message that one member of a group is shown alone is new, or has changed, or is gone."""

    message: Message


@dataclass(frozen=True, slots=True)
class TopicChanged(Event):
    """A topic of a forum was opened, named anew, closed, opened again or deleted, or topics were switched on or off."""

    group: Group
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """Somebody is new, or has another name, photo or list of commands."""

    person: Person


Listener = Callable[[Event], None]


class Ground:
    """The lowest layer of the world: whoever listens hears every event, in the order in which things happened."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: list[Listener] = []
        self._unheard: list[Event] = []

    def subscribe(self, listener: Listener) -> None:
        """Hear every event from now on. A listener must not block."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        """Tell everyone. What a listener causes is told after what it heard."""
        self._unheard.append(event)
        if len(self._unheard) > 1:
            return
        try:
            while self._unheard:
                for listener in list(self._listeners):
                    listener(self._unheard[0])
                del self._unheard[0]
        finally:
            self._unheard.clear()
