"""The team: who is on it, as what, and the links by which others come in."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message
from aiogram.utils.deep_linking import create_start_link

from crm import access, members, team_groups, workspaces
from crm.access import Desk, Power
from crm.errors import Invalid
from handlers.buttons.duty import OnDuty
from handlers.buttons.home import Home
from handlers.buttons.identities import LetSee
from handlers.buttons.members import (
    Invite,
    LeaveTeam,
    MemberCard,
    MemberList,
    RemoveMember,
    RevokeInvitation,
    SetRole,
    SwitchPower,
)
from handlers.buttons.settings import Settings
from handlers.language import _, day, number
from handlers.screens import Screen, back, button, confirm, copying, label, pages, safe, show
from handlers.screens.roles import duty, power_name, role_name
from handlers.screens.team_groups import is_in
from storage.memberships import Invitation, Membership

MARK = 16  # hexadecimal digits of an invitation's digest; enough to tell a team's few apart


def routes() -> Router:
    """Screens and acts around the team."""
    router = Router(name="members")
    router.callback_query.register(show_team, MemberList.filter())
    router.callback_query.register(show_member, MemberCard.filter())
    router.callback_query.register(set_role, SetRole.filter())
    router.callback_query.register(switch, SwitchPower.filter())
    router.callback_query.register(remove, RemoveMember.filter(F.sure))
    router.callback_query.register(ask_to_remove, RemoveMember.filter())
    router.callback_query.register(ask_role, Invite.filter(F.role == ""))
    router.callback_query.register(invite, Invite.filter())
    router.callback_query.register(revoke, RevokeInvitation.filter())
    router.callback_query.register(leave, LeaveTeam.filter(F.sure))
    router.callback_query.register(ask_to_leave, LeaveTeam.filter())
    router.message.register(show_team, Command("team", "members"))
    return router


async def show_team(event: Message | CallbackQuery, desk: Desk, callback_data: MemberList | None = None) -> None:
    """Everybody with a seat, page by page; below the first to come, the links that are still good."""
    team = await members.team(desk, callback_data.page if callback_data else 0)
    here = team.seats
    title = _("<b>Team of {count}</b>").format(count=number(here.count)) if here.last else _("<b>Team</b>")
    lines = [title, "", *(f"{safe(person.name)} · {role_name(seat.role)}" for seat, person in here.items)]
    rows = [
        [button(f"{label(person.name)} · {role_name(seat.role)}", MemberCard(id=person.id))]
        for seat, person in here.items
        if desk.may(Power.MANAGE) and person.id != desk.person.id
    ]
    rows.append(pages(here.number, here.last, lambda other: MemberList(page=other)))
    if team.invitations and here.number == 0:
        lines += ["", _("Links that nobody has used yet: press one to make it void.")]
        rows += [_invitation_button(one) for one in team.invitations]
    if here.count == 1 and not team.invitations:
        lines += ["", _("You are alone here. Invite whoever helps you with your clients.")]
    await show(event, Screen("\n".join(lines), [*rows, *_more(desk), back(Settings())]))


def _invitation_button(one: Invitation) -> list[InlineKeyboardButton]:
    offer = _("✕ {role}, good until {day}").format(role=role_name(one.role), day=day(one.expires_at))
    return [button(offer, RevokeInvitation(mark=one.digest[:MARK]))]


def _more(desk: Desk) -> list[list[InlineKeyboardButton]]:
    rows = []
    if desk.may(Power.MANAGE):
        rows.append([button(_("Invite somebody"), Invite())])
    if desk.role != "owner":
        rows.append([button(_("Leave this team"), LeaveTeam())])
    return rows


async def ask_role(query: CallbackQuery, desk: Desk) -> None:
    """As what the new member comes."""
    desk.need(Power.MANAGE)
    roles = [role for role in members.ROLES if role != "admin" or desk.may(Power.OWN)]
    lines = [_("<b>Invite somebody</b>"), "", _("As what?"), ""]
    lines += [f"<b>{role_name(role)}</b>: {duty(role)}" for role in roles]
    rows = [[button(role_name(role).capitalize(), Invite(role=role))] for role in roles]
    await show(query, Screen("\n".join(lines), [*rows, back(MemberList())]))


async def invite(query: CallbackQuery, callback_data: Invite, desk: Desk, bot: Bot) -> None:
    """The link: shown once, for only its digest is kept."""
    code = await members.invite(desk, callback_data.role)
    link = await create_start_link(bot, f"join_{code}")
    text = _(
        "Send this link to the person you want on the team, as {role}:\n\n{link}\n\n"
        "It is good for one person and until {day}. I cannot show it again."
    ).format(
        role=role_name(callback_data.role), link=link, day=day(desk.installation.clock.now() + members.INVITATION_LASTS)
    )
    await show(query, Screen(text, [[copying(_("Copy the link"), link)], back(MemberList())]))


async def revoke(query: CallbackQuery, callback_data: RevokeInvitation, desk: Desk) -> None:
    """Make a link void."""
    await members.revoke(desk, callback_data.mark)
    await show_team(query, desk)


async def show_member(query: CallbackQuery, callback_data: MemberCard, desk: Desk) -> None:
    """One member, and what may be changed about him."""
    (seat, person), page = await members.member(desk, callback_data.id)
    lines = [
        f"<b>{safe(person.name)}</b>",
        f"{role_name(seat.role)}: {duty(seat.role)}",
        _("On the team since {day}").format(day=day(seat.joined_at)),
    ]
    if desk.workspace.hides_identities:
        sees = access.sees_identities(seat, desk.workspace)
        lines.append(_("Sees who clients are") if sees else _("Does not see who clients are"))
    rows = [[button(_("🙋 On duty"), OnDuty(id=person.id))]] if Power.WRITE in access.POWERS[seat.role] else []
    if desk.may(Power.MANAGE) and seat.role != "owner" and (seat.role != "admin" or desk.may(Power.OWN)):
        others = [role for role in members.ROLES if role != seat.role and (role != "admin" or desk.may(Power.OWN))]
        rows += [
            [button(_("Make {role}").format(role=role_name(role)), SetRole(id=person.id, role=role)) for role in others]
        ]
        if desk.workspace.hides_identities and desk.sees_identities:
            sees = access.sees_identities(seat, desk.workspace)
            text = _("Hide who clients are") if sees else _("Show who clients are")
            rows.append([button(text, LetSee(id=person.id, sees=not sees))])
        rows += _switches(desk, seat)
        rows.append([button(_("Take off the team"), RemoveMember(id=person.id))])
    await show(query, Screen("\n".join(lines), [*rows, back(MemberList(page=page))]))


def _switches(desk: Desk, seat: Membership) -> list[list[InlineKeyboardButton]]:
    """What he may do otherwise than his role has it; nobody gives what he has not himself."""
    if seat.role not in access.SWITCHED:
        return []
    has, rows = access.granted(seat), []
    for power in filter(desk.may, access.SWITCHES):
        words = f"{'☑️' if power in has else '◻️'} {power_name(power)}"
        rows.append([button(words, SwitchPower(id=seat.person_id, power=power, on=power not in has))])
    return rows


async def switch(query: CallbackQuery, callback_data: SwitchPower, desk: Desk) -> None:
    """At once; the screen shows how it is now."""
    if callback_data.power not in set(Power):
        raise Invalid("power", "unknown")
    await members.switch(desk, callback_data.id, Power(callback_data.power), on=callback_data.on)
    await show_member(query, MemberCard(id=callback_data.id), desk)


async def set_role(query: CallbackQuery, callback_data: SetRole, desk: Desk) -> None:
    """Change what a member may do."""
    await members.set_role(desk, callback_data.id, callback_data.role)
    await show_member(query, MemberCard(id=callback_data.id), desk)


async def ask_to_remove(query: CallbackQuery, callback_data: RemoveMember, desk: Desk) -> None:
    """Say what it means."""
    desk.need(Power.MANAGE)
    (_seat, person), _page = await members.member(desk, callback_data.id)
    text = _(
        "Take {name} off the team? From that moment this person sees nothing here any more. Notes and tags stay."
    ).format(name=safe(person.name))
    act = RemoveMember(id=callback_data.id, sure=True)
    await show(query, Screen(text, confirm(_("Yes, take off"), act, MemberCard(id=callback_data.id))))


async def remove(query: CallbackQuery, callback_data: RemoveMember, desk: Desk, bot: Bot) -> None:
    """Take the seat; what he still reads along in Telegram itself is said."""
    (_seat, person), page = await members.member(desk, callback_data.id)
    await members.remove(desk, callback_data.id)
    await show_team(query, desk, MemberList(page=page))
    groups = [one.title for one in await team_groups.listing(desk) if await is_in(bot, one.chat_id, person.id)]
    if groups:
        text = _(
            "⚠️ {name} can do nothing here any more, but still reads along in {groups}. Remove this person there in "
            "Telegram, too."
        ).format(name=safe(person.name), groups=", ".join(f"<b>{safe(title)}</b>" for title in groups))
        await bot.send_message(desk.person.id, text)


async def ask_to_leave(query: CallbackQuery, desk: Desk) -> None:
    """Say what it means."""
    text = _(
        "Leave the team of {workspace}? You will see nothing of it any more, and your name and your agreement are "
        "erased unless you are on another team."
    ).format(workspace=safe(desk.workspace.name))
    await show(query, Screen(text, confirm(_("Yes, leave"), LeaveTeam(sure=True), Home())))


async def leave(query: CallbackQuery, desk: Desk) -> None:
    """Give the seat up."""
    await members.leave(desk)
    text = _("You have left the team of {workspace}. Farewell!").format(workspace=safe(desk.workspace.name))
    elsewhere = await workspaces.seats(desk.installation, desk.person.id)
    await show(query, Screen(text, [back()] if elsewhere else []))
