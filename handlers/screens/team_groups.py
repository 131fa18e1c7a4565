"""How a group of the team stands: as Telegram shows it to the bot, and in words."""

from __future__ import annotations

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberAdministrator

from crm.team_groups import Need, Standing
from handlers.language import _
from storage.team_groups import TeamGroup

OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})


async def look(bot: Bot, chat_id: int) -> Standing:
    """Ask Telegram. Raises what that raises: forbidden or not found where the bot is not in it."""
    chat = await bot.get_chat(chat_id)
    me = await bot.get_chat_member(chat_id, bot.id)
    members = await bot.get_chat_member_count(chat_id)
    admin = me if isinstance(me, ChatMemberAdministrator) else None
    return Standing(
        chat_id=chat_id,
        title=chat.title or f"#{chat_id}",
        members=members,
        is_forum=bool(chat.is_forum),
        is_admin=admin is not None,
        manages_topics=bool(admin and admin.can_manage_topics),
        pins=bool(admin and admin.can_pin_messages),
    )


async def is_in(bot: Bot, chat_id: int, person_id: int) -> bool:
    """Whether somebody is in a group, as far as Telegram tells."""
    try:
        return (await bot.get_chat_member(chat_id, person_id)).status not in OUT
    except TelegramAPIError:
        return False


def need_name(need: Need) -> str:
    """What the bot needs there, in a few words."""
    return {
        Need.FORUM: _("Topics are on"),
        Need.ADMIN: _("I am an administrator"),
        Need.TOPICS: _("I may manage topics"),
        Need.PIN: _("I may pin messages"),
    }[need]


def way_to(need: Need) -> str:
    """How it is granted, in Telegram's own words."""
    return {
        Need.FORUM: _("The group's name › Edit › Topics › on. Telegram makes it a larger group for that."),
        Need.ADMIN: _("The group's name › Edit › Administrators › Add › this bot."),
        Need.TOPICS: _("The group's name › Edit › Administrators › this bot › Manage topics."),
        Need.PIN: _("The group's name › Edit › Administrators › this bot › Pin messages."),
    }[need]


def checks(lacking: list[Need]) -> list[str]:
    """Every need, granted or with the way to grant it, as HTML."""
    lines = []
    for need in Need:
        lines.append(f"{'❌' if need in lacking else '✅'} {need_name(need)}")
        lines += [f"      <i>{way_to(need)}</i>"] if need in lacking else []
    return lines


def rule(group: TeamGroup) -> str:
    """What goes to clients there."""
    if group.turned:
        return _("What is written in a topic goes to the client; a reply to a message is a note for the team.")
    return _("A reply to a client's message goes to the client; all else in a topic is a note for the team.")
