"""Who listens to what, in the order in which an update passes: this page is the bot's table of contents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any

from aiogram import Router
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery

from crm.access import Desk
from handlers import (
    accounts,
    address_book,
    aside,
    bulk,
    completeness,
    contacts,
    contacts_in,
    deletion,
    digest,
    dossier,
    duty,
    export,
    fallback,
    fields,
    groups,
    help,  # noqa: A004  the command's own name
    history,
    home,
    hours,
    identities,
    imports,
    inline,
    jobs,
    keeping,
    languages,
    linking,
    media,
    members,
    merging,
    notes,
    outgoing,
    own_fields,
    phones,
    pipeline,
    privacy,
    queues,
    quiet,
    reminders,
    replies,
    safety,
    saved_replies,
    search,
    settings,
    sifts,
    stages,
    start,
    status,
    tagging,
    tags,
    team_groups,
    topics,
    vocabulary,
    zone,
)

DOORS = (inline, accounts, privacy, start)  # what people without a seat may do; the last takes what is left
IN_GROUP = (topics, team_groups)  # where the team works; a desk's buttons are pressed there, too
SEATED = (  # the busiest first: a press is asked of one after the other
    *(
        contacts,
        queues,
        history,
        replies,
        outgoing,
        saved_replies,
        reminders,
        media,
        search,
        stages,
        fields,
        aside,
        phones,
        sifts,
        bulk,
        merging,
        tagging,
        tags,
        notes,
        start,
        home,
        accounts,
        linking,
        safety,
        help,
        groups,
        inline,
    ),
    *(
        privacy,
        languages,
        zone,
        settings,
        pipeline,
        vocabulary,
        own_fields,
        digest,
        quiet,
        hours,
        duty,
        keeping,
        members,
        identities,
        export,
        address_book,
        contacts_in,
        dossier,
        imports,
        deletion,
        status,
        completeness,
        jobs,
        team_groups,
    ),
    fallback,
)


async def seated(_event: object, desk: Desk | None = None) -> bool:
    """Let pass who has a desk."""
    return desk is not None


async def alone(_event: object, *, in_group: bool) -> bool:
    """Let pass what is said to the bot alone."""
    return not in_group


async def together(_event: object, *, in_group: bool) -> bool:
    """Let pass what happens in a group."""
    return in_group


def routers() -> list[Router]:
    """Fresh routers, in their order; their handlers are made once for a process, since they hold nothing."""
    team, desks, doors, wall = (_together(name, [parts]) for name, parts in _made().items())
    for observer in (desks.message, desks.callback_query, desks.inline_query):
        observer.filter(seated)
    for observer in (team.message, team.edited_message, team.my_chat_member):
        observer.filter(together)
    for observer in (doors.message, doors.callback_query):
        observer.filter(alone)
    return [team, desks, doors, wall]


@cache
def _made() -> dict[str, Router]:
    desks = _together("desks", (module.routes() for module in SEATED))
    doors = _together("doors", (module.doors() for module in DOORS))
    team = _together("team", (module.in_group() for module in IN_GROUP))
    made = {"team": team, "desks": desks, "doors": doors, "wall": fallback.wall()}
    for router in made.values():
        _ask_quickly(router)
    return made


def _together(name: str, parts: Iterable[Router]) -> Router:
    """One router that listens as all of these would, in their order: each router on the way costs every update."""
    together = Router(name=name)
    for part in parts:
        for kind, observer in part.observers.items():
            together.observers[kind].handlers.extend(observer.handlers)
    return together


def _ask_quickly(parent: Router) -> None:
    """Spare each update what aiogram does for a filter that says no.

    It asks filters such as `F.text` or a state in a thread, a dozen for a message, and takes a button's address apart
    anew for each of a hundred screens.
    """
    for router in parent.chain_tail:
        for observer in router.observers.values():
            for one in (one for handler in observer.handlers for one in handler.filters or ()):
                if isinstance(one.callback, CallbackQueryFilter):
                    one.callback = _by_first_word(one.callback)
                elif not one.awaitable:
                    one.callback, one.awaitable = _at_once(one.callback), True


def _at_once(look: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    async def looked(*event: Any, **facts: Any) -> Any:
        return look(*event, **facts)

    return looked


def _by_first_word(look: CallbackQueryFilter) -> Callable[..., Awaitable[Any]]:
    mine, separator = look.callback_data.__prefix__, look.callback_data.__separator__

    async def looked(query: CallbackQuery) -> Any:
        return (query.data or "").split(separator, 1)[0] == mine and await look(query)

    return looked
