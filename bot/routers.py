"""Who listens to what, in the order in which an update passes: this page is the bot's table of contents."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from aiogram import Router

from crm.access import Desk
from handlers import fallback

DOORS = ("accounts", "start", "privacy")  # what people without a seat may do
SEATED = (  # the busiest first: a press is asked of one after the other
    *("contacts", "history", "media", "search", "tagging", "tags", "notes", "start", "home", "accounts", "help"),
    *("privacy", "languages", "zone", "settings", "members", "export", "deletion", "status", "jobs"),
)


async def seated(_event: object, desk: Desk | None = None) -> bool:
    """Let pass who has a desk."""
    return desk is not None


def routers() -> list[Router]:
    """Fresh routers, in their order."""
    doors = _together("doors", [module.doors() for module in _modules(DOORS) if hasattr(module, "doors")])
    desks = _together("desks", [module.routes() for module in _modules(SEATED) if hasattr(module, "routes")])
    desks.include_router(fallback.routes())
    for observer in (desks.message, desks.callback_query):
        observer.filter(seated)
    return [*[module.routes() for module in _modules(("business",))], desks, doors, fallback.wall()]


def _modules(names: tuple[str, ...]) -> list[ModuleType]:
    modules = []
    for name in names:
        if find_spec(f"handlers.{name}"):
            with suppress(ImportError):  # while they are being written
                modules.append(import_module(f"handlers.{name}"))
    return modules


def _together(name: str, parts: list[Router]) -> Router:
    router = Router(name=name)
    router.include_routers(*parts)
    return router
