"""In the group itself: the bot comes, says what it needs and what will be seen, and works there after one press."""

from __future__ import annotations

from contextlib import suppress

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Command, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User
from aiogram.utils.deep_linking import create_start_link

from crm import members, team_groups
from crm.access import Desk, Power, Room
from crm.errors import NotFound, Outsider
from handlers.buttons.team_groups import BindGroup, DeclineGroup, LetIn, OfferGroup
from handlers.language import _, current, ngettext, number, speaking
from handlers.screens import Screen, button, is_group, safe, show
from handlers.screens.messages import link
from handlers.screens.roles import role_name
from handlers.screens.team_groups import OUT, checks, look, rule
from storage.team_groups import TeamGroup

OFFER = "offer"  # in the dialog with whoever brought the bot: the message in which it has asked
LET_IN = ("agent", "viewer")  # as what somebody can be let in from the group; admins are made in the bot


def in_group() -> Router:
    """What is said and pressed in the group itself, before it is the team's and after."""
    router = Router(name="joining")
    router.my_chat_member.register(came)
    router.message.register(offer, F.migrate_from_chat_id)
    router.message.register(offer, CommandStart())
    router.message.register(announce_writer, Command("letin"), F.reply_to_message)
    router.callback_query.register(offer_again, OfferGroup.filter())
    router.callback_query.register(bind, BindGroup.filter())
    router.callback_query.register(decline, DeclineGroup.filter())
    router.callback_query.register(let_in, LetIn.filter())
    return router


async def attend(room: Room, bot: Bot, chat_id: int) -> None:
    """Look at a group, and write down how it stands."""
    try:
        standing = await look(bot, chat_id)
    except (TelegramForbiddenError, TelegramBadRequest):
        await team_groups.ended(room, chat_id)
    else:
        await team_groups.seen(room, standing)


async def came(event: ChatMemberUpdated, bot: Bot, state: FSMContext, desk: Desk | None = None) -> None:
    """The bot was added to a group, or given other rights there, before it is a team's."""
    if event.new_chat_member.status not in OUT:
        await _offer(bot, event.chat.id, state, desk)


async def offer(message: Message, bot: Bot, state: FSMContext, desk: Desk | None = None) -> None:
    """The same where Telegram's link has brought it, or the group became another chat."""
    if desk is not None and await team_groups.workspace_of(desk.installation, message.chat.id) is not None:
        return
    await _offer(bot, message.chat.id, state, desk)


async def _offer(bot: Bot, chat_id: int, state: FSMContext, desk: Desk | None) -> None:
    """Whoever may manage a workspace is offered to work here; brought by anybody else, the bot goes again.

    Added, made an admin and spoken to, the bot hears of itself three times, and speaks once.
    """
    if desk is None or not desk.may(Power.MANAGE):
        text = _("I work only for the team that I belong to, so I leave again.")
        with suppress(TelegramAPIError):
            await bot.send_message(chat_id, text)
        await bot.leave_chat(chat_id)
        return
    screen = await _terms(bot, chat_id, desk)
    spoken = (await state.get_data()).get(OFFER)
    if spoken is not None:
        try:
            await bot.edit_message_text(screen.text, chat_id=chat_id, message_id=spoken, reply_markup=screen.keyboard)
        except TelegramBadRequest as refusal:
            if "not modified" not in refusal.message:
                spoken = None
    if spoken is None:
        sent = await bot.send_message(chat_id, screen.text, reply_markup=screen.keyboard)
        await state.update_data({OFFER: sent.message_id})


async def _terms(bot: Bot, chat_id: int, desk: Desk) -> Screen:
    standing = await look(bot, chat_id)
    lines = [
        _("<b>Shall the team of {workspace} work here?</b>").format(workspace=safe(desk.workspace.name)),
        "",
        *checks(standing.lacking),
        "",
        ngettext(
            "Everybody in this group ({count} member, and whoever comes later) will see who the clients are, what "
            "they write and what is noted about them. To clients, only members of your workspace can write.",
            "Everybody in this group ({count} members, and whoever comes later) will see who the clients are, what "
            "they write and what is noted about them. To clients, only members of your workspace can write.",
            standing.members,
        ).format(count=number(standing.members)),
    ]
    go = (
        [button(_("🔄 Look again"), OfferGroup())]
        if standing.lacking
        else [button(_("✅ Yes, work here"), BindGroup())]
    )
    return Screen("\n".join(lines), [go, [button(_("No, leave"), DeclineGroup())]])


async def offer_again(query: CallbackQuery, bot: Bot, desk: Desk | None = None) -> None:
    """Look again at what was lacking."""
    desk, chat_id = _manager_in(query, desk)
    await _redraw(query, await _terms(bot, chat_id, desk))


async def bind(query: CallbackQuery, bot: Bot, state: FSMContext, desk: Desk | None = None) -> None:
    """Yes: the team works here from now on."""
    desk, chat_id = _manager_in(query, desk)
    standing = await look(bot, chat_id)
    if standing.lacking:
        await _redraw(query, await _terms(bot, chat_id, desk))
        return
    group = await team_groups.bind(desk, standing, current().language)
    await state.clear()
    text = _(
        "🟢 <b>{workspace}</b> works here now. Whoever writes to you gets a topic of his own.\n\n{rule}\n\n"
        "Who is in this group and not yet on the team sees everything and can do nothing. To let somebody in, answer "
        "something that he wrote with /letin."
    ).format(workspace=safe(desk.workspace.name), rule=rule(group))
    await _redraw(query, Screen(text))


async def decline(query: CallbackQuery, bot: Bot, desk: Desk | None = None) -> None:
    """No: leave."""
    desk, chat_id = _manager_in(query, desk)
    if await team_groups.workspace_of(desk.installation, chat_id) is None:
        await _redraw(query, Screen(_("All right, I leave.")))
        await bot.leave_chat(chat_id)
    else:
        await query.answer()


def _manager_in(query: CallbackQuery, desk: Desk | None) -> tuple[Desk, int]:
    """Whoever may decide, and the group. Raises Outsider, NotAllowed, NotFound."""
    if desk is None:
        raise Outsider
    desk.need(Power.MANAGE)
    if not isinstance(query.message, Message) or not is_group(query.message.chat):
        raise NotFound("team_group")
    return desk, query.message.chat.id


async def _redraw(query: CallbackQuery, screen: Screen) -> None:
    """In the group's own message, for everybody."""
    if isinstance(query.message, Message):
        with suppress(TelegramBadRequest):  # nothing has changed
            await query.message.edit_text(screen.text, reply_markup=screen.keyboard)
    await query.answer()


async def heard(update: Update, room: Room, bot: Bot) -> None:
    """What became of a group that is a team's: of the bot in it, of those who are in it, of the chat itself."""
    if update.my_chat_member is not None:
        await attend(room, bot, update.my_chat_member.chat.id)
    elif update.message is not None and update.message.migrate_to_chat_id is not None:
        await team_groups.moved(room, update.message.chat.id, update.message.migrate_to_chat_id)
    elif update.chat_member is not None:
        await _somebody(update.chat_member, room, bot)


async def _somebody(change: ChatMemberUpdated, room: Room, bot: Bot) -> None:
    person, was, now = change.new_chat_member.user, change.old_chat_member.status, change.new_chat_member.status
    if person.is_bot or (was in OUT) == (now in OUT):
        return
    if now in OUT:
        await team_groups.gone_from(room, change.chat.id, person.id)
    elif not await team_groups.is_seated(room, person.id):
        await _announce(change.chat.id, person, room, bot)


async def announce_writer(message: Message, desk: Desk, bot: Bot) -> None:
    """In answer to what somebody wrote: a way onto the team for him."""
    desk.need(Power.MANAGE)
    writer = message.reply_to_message.from_user if message.reply_to_message is not None else None
    if writer is None or writer.is_bot or await team_groups.is_seated(desk, writer.id):
        await show(message, Screen(_("This person is on the team already, or is none.")))
        return
    await _announce(message.chat.id, writer, desk, bot)


async def _announce(chat_id: int, person: User, room: Room, bot: Bot) -> None:
    """Somebody came who is not on the team: whoever may can let him in."""
    async with room.reading() as session:
        group = await session.get(TeamGroup, chat_id)
    with speaking(group.language if group is not None else "en", room.workspace.zone):
        text = _("👋 {name} came in, sees what stands here, and can do nothing yet.").format(
            name=safe(person.full_name)
        )
        rows = [
            [
                button(_("Let in as {role}").format(role=role_name(role)), LetIn(id=person.id, role=role))
                for role in LET_IN
            ]
        ]
        await bot.send_message(chat_id, text, reply_markup=Screen(text, rows).keyboard)


async def let_in(query: CallbackQuery, callback_data: LetIn, bot: Bot, desk: Desk | None = None) -> None:
    """Give him a way in that is good for nobody else."""
    desk, chat_id = _manager_in(query, desk)
    there = await bot.get_chat_member(chat_id, callback_data.id)
    code = await members.invite(desk, callback_data.role, meant_for=callback_data.id)
    address = await create_start_link(bot, f"join_{code}")
    text = _(
        "👋 {name}, come in: press here, and you are on the team as {role}. The button is good for you alone."
    ).format(name=safe(there.user.full_name), role=role_name(callback_data.role))
    await _redraw(query, Screen(text, [[link(_("Come in"), address)]]))
