"""The groups in which the team works, as their workspace looks after them; `joining` is what is done in them."""

from __future__ import annotations

from contextlib import suppress

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import team_groups
from crm.access import Desk, Power
from crm.errors import Invalid
from crm.ports import GroupBudgets
from crm.team_groups import Need
from handlers.buttons.settings import Settings
from handlers.buttons.team_groups import (
    LookAtGroup,
    PruneTopics,
    ScopeGroup,
    ScopeMenu,
    TeamGroupCard,
    TeamGroupList,
    TurnGroup,
    UnbindGroup,
)
from handlers.language import _, day, ngettext, number
from handlers.screens import Screen, back, button, confirm, label, safe, show
from handlers.screens.messages import link
from handlers.screens.team_groups import checks, rule
from handlers.team_groups.joining import attend
from handlers.team_groups.joining import heard as heard
from handlers.team_groups.joining import in_group as in_group
from storage.team_groups import Scope, TeamGroup

RIGHTS = "manage_topics+pin_messages+delete_messages"  # as Telegram names them in a link


def routes() -> Router:
    """What is looked at and changed in a member's own chat."""
    router = Router(name="team groups")
    router.callback_query.register(show_list, TeamGroupList.filter())
    router.callback_query.register(show_group, TeamGroupCard.filter())
    router.callback_query.register(look_again, LookAtGroup.filter())
    router.callback_query.register(turn, TurnGroup.filter())
    router.callback_query.register(choose_scope, ScopeMenu.filter())
    router.callback_query.register(set_scope, ScopeGroup.filter())
    router.callback_query.register(choose_prune, PruneTopics.filter())
    router.callback_query.register(unbind, UnbindGroup.filter(F.sure))
    router.callback_query.register(ask_to_unbind, UnbindGroup.filter())
    router.message.register(show_list, Command("group", "groups"))
    return router


async def show_list(event: CallbackQuery | Message, desk: Desk, bot: Bot) -> None:
    """Every group, and the way to add one."""
    groups = await team_groups.listing(desk)
    text = _(
        "<b>Team group</b>\n\nIn a Telegram group with topics, your whole team answers clients together: each client "
        "has a topic, a reply there goes to the client, and everything else is a note for the team."
    )
    if not groups:
        text += "\n\n" + _("Make a group with your team, then add me to it: I say what is still missing.")
    rows = [[button(f"{sign(one)} {label(one.title)}", TeamGroupCard(id=one.chat_id))] for one in groups]
    if desk.may(Power.MANAGE):
        address = f"https://t.me/{(await bot.me()).username}?startgroup=team&admin={RIGHTS}"
        rows.append([link(_("➕ Add me to a group"), address)])
    await show(event, Screen(text, [*rows, back(Settings())]))


def sign(group: TeamGroup) -> str:
    return "⏹" if group.ended_at else "🟡" if group.lacking else "🟢"


async def show_group(query: CallbackQuery, callback_data: TeamGroupCard, desk: Desk, budgets: GroupBudgets) -> None:
    """One group: how it stands, what comes there, what goes to clients."""
    await show(query, await _card(desk, callback_data.id, budgets))


async def _card(desk: Desk, chat_id: int, budgets: GroupBudgets) -> Screen:
    group = await team_groups.one(desk, chat_id)
    lines = [f"<b>{safe(group.title)}</b>", ""]
    if group.ended_at is not None:
        lines.append(
            _("⏹ I am not in this group since {day}. Add me again, and all goes on.").format(day=day(group.ended_at))
        )
    elif group.lacking:
        lines += [_("🟡 I cannot work there as it is:"), *checks([Need(one) for one in group.lacking])]
    else:
        lines.append(_("🟢 The team works there since {day}.").format(day=day(group.bound_at)))
    lines += ["", _("Whose conversations come there: {whose}").format(whose=await _whose(desk, group))]
    lines += [rule(group), _pruned(group)]
    if group.works:
        lines += ["", await _speed(desk, chat_id, budgets)]
    rows: list[list[InlineKeyboardButton]] = []
    if desk.may(Power.MANAGE):
        turned = _("Only replies go to clients") if group.turned else _("Everything but replies goes to clients")
        rows = [
            [button(_("🔄 Look again"), LookAtGroup(id=chat_id)), button(_("Whose?"), ScopeMenu(id=chat_id))],
            [button(_("🧹 Old topics"), PruneTopics(id=chat_id))],
            [button(turned, TurnGroup(id=chat_id, turned=not group.turned))],
            [button(_("Work there no more"), UnbindGroup(id=chat_id))],
        ]
    return Screen("\n".join(lines), [*rows, back(TeamGroupList())])


def _pruned(group: TeamGroup) -> str:
    if group.prune_after is None:
        return _("Topics of closed conversations stay.")
    text = ngettext(
        "Topics of closed conversations are removed after {n} day.",
        "Topics of closed conversations are removed after {n} days.",
        group.prune_after,
    )
    return text.format(n=number(group.prune_after))


async def _speed(desk: Desk, chat_id: int, budgets: GroupBudgets) -> str:
    """How much of Telegram's limit is left in this minute, and what waits for it."""
    (left, most), waiting = budgets.left_in(chat_id), await team_groups.waiting(desk, chat_id)
    text = _("Telegram's limit: {left} of {most} messages a minute are free.")
    text = text.format(left=number(left), most=number(most))
    if waiting:
        more = ngettext("In {n} topic something waits for that.", "In {n} topics something waits for that.", waiting)
        text += " " + more.format(n=number(waiting))
    return text


async def choose_prune(query: CallbackQuery, callback_data: PruneTopics, desk: Desk, budgets: GroupBudgets) -> None:
    """When old topics go."""
    here = callback_data.id
    if callback_data.days >= 0:
        await team_groups.prune(desk, here, callback_data.days or None)
        await show(query, await _card(desk, here, budgets))
        return
    desk.need(Power.MANAGE)
    await team_groups.one(desk, here)
    text = _(
        "<b>Old topics</b>\n\nThe topic of a closed conversation can be removed from the group after a while. What was "
        "said stays in your vault, and when the client writes again, a new topic is opened. I need the right to delete "
        "messages for that."
    )
    words = ngettext("After {n} day", "After {n} days", 30)
    days = [[button(words.format(n=number(days)), PruneTopics(id=here, days=days))] for days in team_groups.PRUNE]
    never = [button(_("Never"), PruneTopics(id=here, days=0))]
    await show(query, Screen(text, [*days, never, back(TeamGroupCard(id=here))]))


async def _whose(desk: Desk, group: TeamGroup) -> str:
    if group.scope == Scope.ALL:
        return _("everybody's")
    name = await team_groups.scope_name(desk, group)
    if name is None:
        return _("nobody's: what was chosen is gone")
    words = {
        Scope.TAG: _("those with the tag {name}"),
        Scope.ACCOUNT: _("those on the account {name}"),
        Scope.STAGE: _("those in the stage {name}"),
    }
    return words[Scope(group.scope)].format(name=safe(name))


async def look_again(
    query: CallbackQuery, callback_data: LookAtGroup, desk: Desk, bot: Bot, budgets: GroupBudgets
) -> None:
    """Ask Telegram, and take in what it says."""
    desk.need(Power.MANAGE)
    await team_groups.one(desk, callback_data.id)
    await attend(desk, bot, callback_data.id)
    await show(query, await _card(desk, callback_data.id, budgets))


async def turn(query: CallbackQuery, callback_data: TurnGroup, desk: Desk, budgets: GroupBudgets) -> None:
    """Change what goes to clients."""
    await team_groups.turn(desk, callback_data.id, turned=callback_data.turned)
    await show(query, await _card(desk, callback_data.id, budgets))


async def choose_scope(query: CallbackQuery, callback_data: ScopeMenu, desk: Desk) -> None:
    """Whose conversations come there."""
    desk.need(Power.MANAGE)
    here = callback_data.id
    group = await team_groups.one(desk, here)
    if not callback_data.kind:
        text = _("<b>{group}</b>\n\nWhose conversations are to come there?").format(group=safe(group.title))
        kinds = {
            Scope.TAG: _("Those with a tag"),
            Scope.ACCOUNT: _("Those on an account"),
            Scope.STAGE: _("Those in a stage"),
        }
        rows = [[button(_("Everybody's"), ScopeGroup(id=here, kind=Scope.ALL))]]
        rows += [[button(words, ScopeMenu(id=here, kind=kind))] for kind, words in kinds.items()]
        await show(query, Screen(text, [*rows, back(TeamGroupCard(id=here))]))
        return
    kind = _scope(callback_data.kind)
    if kind is Scope.ALL:
        raise Invalid("scope", "unknown")
    found = await team_groups.choices(desk, kind)
    text = _("Choose one.") if found else _("There is none yet. Make one first.")
    rows = [[button(label(name), ScopeGroup(id=here, kind=kind, of=number))] for number, name in found]
    await show(query, Screen(text, [*rows, back(ScopeMenu(id=here))]))


def _scope(kind: str) -> Scope:
    if kind not in set(Scope):
        raise Invalid("scope", "unknown")
    return Scope(kind)


async def set_scope(query: CallbackQuery, callback_data: ScopeGroup, desk: Desk, budgets: GroupBudgets) -> None:
    """Let these come there."""
    at = callback_data
    await team_groups.set_scope(desk, at.id, _scope(at.kind), at.of or None)
    await show(query, await _card(desk, at.id, budgets))


async def ask_to_unbind(query: CallbackQuery, callback_data: UnbindGroup, desk: Desk) -> None:
    """Say what it means."""
    desk.need(Power.MANAGE)
    group = await team_groups.one(desk, callback_data.id)
    text = _(
        "Work in <b>{group}</b> no more? I leave the group. What was said with clients stays in your vault; what "
        "stands in the group stays there until you delete it in Telegram."
    ).format(group=safe(group.title))
    here = callback_data.id
    await show(
        query, Screen(text, confirm(_("Yes, leave it"), UnbindGroup(id=here, sure=True), TeamGroupCard(id=here)))
    )


async def unbind(query: CallbackQuery, callback_data: UnbindGroup, desk: Desk, bot: Bot) -> None:
    """Let it go, and leave."""
    await team_groups.unbind(desk, callback_data.id)
    with suppress(TelegramAPIError):  # it may have been put out before
        await bot.leave_chat(callback_data.id)
    await show_list(query, desk, bot)
