"""What the owner is told of the groups in which the team works."""

from __future__ import annotations

from aiogram import Bot

from crm.team_groups import Need
from handlers.buttons.members import MemberList
from handlers.buttons.team_groups import LookAtGroup, PruneTopics, TeamGroupCard
from handlers.language import _, speaking
from handlers.screens import Screen, back, button, safe
from handlers.screens.notices import send
from handlers.screens.team_groups import checks
from storage.outbox import OutboxRow


async def lacking(bot: Bot, row: OutboxRow) -> int:
    """The bot can work in a group no more. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("🟡 I cannot work in the group <b>{group}</b> as it is now:").format(group=safe(row.facts["title"]))
        after = _("Nothing is lost: what your clients write is kept, and comes into the group when this is granted.")
        lines = [text, "", *checks([Need(one) for one in row.facts["lacking"]]), "", after]
        again = [button(_("🔄 Look again"), LookAtGroup(id=row.facts["group"]))]
        return await send(bot, row, Screen("\n".join(lines), [again, back()]))


async def healed(bot: Bot, row: OutboxRow) -> int:
    """Nothing is missing any more. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("🟢 The group <b>{group}</b> works again. What was written meanwhile comes into its topics now.")
        there = [button(_("The group"), TeamGroupCard(id=row.facts["group"]))]
        return await send(bot, row, Screen(text.format(group=safe(row.facts["title"])), [there, back()]))


async def ended(bot: Bot, row: OutboxRow) -> int:
    """The bot is not in it any more. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "🔴 I am not in the group <b>{group}</b> any more: I was put out, or the group was deleted. What your "
            "clients write is kept. Add me again, and it goes on in the same topics; or add me to another group."
        )
        there = [button(_("The group"), TeamGroupCard(id=row.facts["group"]))]
        return await send(bot, row, Screen(text.format(group=safe(row.facts["title"])), [there, back()]))


async def full(bot: Bot, row: OutboxRow) -> int:
    """It holds nearly as much as Telegram lets a forum hold. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "🧹 The group <b>{group}</b> holds 800,000 messages. At a million, Telegram begins to put its oldest "
            "topics away. Nothing is lost, all of it is in your vault: let old topics be removed, or make a new group."
        )
        there = [button(_("🧹 Old topics"), PruneTopics(id=row.facts["group"]))]
        return await send(bot, row, Screen(text.format(group=safe(row.facts["title"])), [there, back()]))


async def left(bot: Bot, row: OutboxRow) -> int:
    """A member left the group, and with it the team. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "👋 <b>{name}</b> is not in the group <b>{group}</b> any more, and so not on the team: every access has "
            "ended."
        ).format(name=safe(row.facts["name"]), group=safe(row.facts["title"]))
        return await send(bot, row, Screen(text, [[button(_("Team"), MemberList())], back()]))
