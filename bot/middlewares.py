"""Who is this, in which language, in which workspace: answered anew for each update, before any handler sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from aiogram import BaseMiddleware, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import Chat, TelegramObject, Update, User

from bot.menu import Menus
from crm import people
from crm.access import enter
from crm.errors import Outsider
from crm.installation import Installation
from handlers import errors
from handlers.language import current, speaking
from storage.people import Person

SHORT_NAMES = frozenset({"ReplyWriting:text", "SavedWriting:name", "SavedWriting:new_name"})
Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


def attach(dispatcher: Dispatcher, installation: Installation, menus: Menus) -> None:
    """In their order: each needs what the one before has found."""
    for middleware in (Known(installation), Menu(menus), Words(), Seat(installation), Commands(dispatcher)):
        dispatcher.update.outer_middleware(middleware)


class Known(BaseMiddleware):
    """Gives handlers `person` (None for a stranger) and `in_group`, and speaks his language. Bots are not for us."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        if user is None or user.is_bot:
            return UNHANDLED
        data["in_group"] = chat is not None and chat.type != ChatType.PRIVATE
        person = await people.known(self._installation, user.id)
        if person is not None:
            person = await self.refresh(person, user)
        data["person"] = person
        language = person.reads if person else user.language_code
        with speaking(language, now=self._installation.clock.now()):
            return await handler(event, data)

    async def refresh(self, person: Person, user: User) -> Person | None:
        """The member, with name and language as they are in Telegram today."""
        shown = {"first_name": user.first_name, "last_name": user.last_name, "username": user.username}
        shown["telegram_language"] = user.language_code or person.telegram_language
        if all(getattr(person, name) == value for name, value in shown.items()):
            return person
        async with self._installation.registry.transaction() as session:
            stored = await session.get(Person, person.id)
            if stored is not None:  # he may have been forgotten, or moved, since he was looked up
                session.add(stored.sqlmodel_update(shown))
        return await people.known(self._installation, user.id)


class Menu(BaseMiddleware):
    """When all is done, has the menu of commands changed where the role or the language has."""

    def __init__(self, menus: Menus) -> None:
        self._menus = menus

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        if not data["in_group"]:
            await self._menus.look(data["event_from_user"].id)
        return result


class Words(BaseMiddleware):
    """What goes wrong is said to the person in words; what nobody foresaw goes on to the inbox."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except Exception as error:
            first, seated = data["attempt"] == 1, "desk" in data
            if isinstance(event, Update) and await errors.explain(event, error, first=first, seated=seated):
                return None
            raise


class Seat(BaseMiddleware):
    """Gives handlers `desk` to a member; it stays open while the handler works. In a group it is the group's."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        person: Person | None = data["person"]
        here: int | None = None
        if person is not None:
            here = data["workspace_id"] if data["in_group"] else person.workspace_id
        if person is None or here is None:
            return await handler(event, data)
        seat = enter(self._installation, person.id, here, update_id=data["update_id"])
        try:
            desk = await seat.__aenter__()
        except Outsider:
            return await handler(event, data)
        try:
            data["desk"] = desk
            with speaking(current().language, desk.workspace.zone, self._installation.clock.now()):
                return await handler(event, data)
        finally:
            await seat.__aexit__(None, None, None)


class Commands(BaseMiddleware):
    """A command ends whatever text was being asked for; `/cancel` itself says so and ends it in its handler.

    So does a member's press: who went back from a question does not answer it with what he writes next. Where an answer
    to a client is asked for, a slash that begins no command of ours begins the short name of a saved reply.
    """

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    @cached_property
    def _known(self) -> frozenset[str]:
        routers = self._dispatcher.chain_tail
        filters = (one.callback for router in routers for each in router.message.handlers for one in each.filters or ())
        return frozenset(f"/{name}" for one in filters if isinstance(one, Command) for name in one.commands)

    def _is_command(self, text: str | None, state: str | None) -> bool:
        if not text or not text.startswith("/"):
            return False
        return state not in SHORT_NAMES or text.split()[0].partition("@")[0] in self._known

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        text = event.message.text if isinstance(event, Update) and event.message else None
        state: FSMContext | None = data.get("state")
        if state is not None and data.get("raw_state") and self._is_command(text, data["raw_state"]):
            data["raw_state"] = None  # no command is an answer, whoever waits for one
            if text != "/cancel":
                await state.clear()
        pressed = isinstance(event, Update) and event.callback_query is not None
        if state is not None and data.get("raw_state") and pressed and "desk" in data:
            await state.set_state(None)
            data["raw_state"] = None
        return await handler(event, data)
