"""Which files are kept here: the choice, by kind and size, how much of the disk it takes, and the files of before."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import keeping, older
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.jobs import Jobs
from crm.keeping import Overview, When
from handlers.buttons.keeping import FilesMenu, KeepFiles, KeepKind, KeepOlder, KeptKind
from handlers.buttons.settings import Settings
from handlers.language import _, ngettext, number, size
from handlers.screens import Screen, back, button, show
from handlers.screens.kept import kept_line, waiting_lines


def routes() -> Router:
    """The screens of the choice, and what can be chosen."""
    router = Router(name="keeping")
    router.callback_query.register(show_choice, FilesMenu.filter())
    router.callback_query.register(choose, KeepFiles.filter())
    router.callback_query.register(ask_size, KeptKind.filter())
    router.callback_query.register(choose_size, KeepKind.filter())
    router.callback_query.register(keep_older, KeepOlder.filter())
    return router


async def show_choice(query: CallbackQuery, desk: Desk) -> None:
    """Which files are kept here, and how many are; who may not choose only reads."""
    overview = await keeping.look(desk)
    standing = [kept_line(*overview.kept), _("The disk has room for {size}.").format(size=size(overview.room))]
    lines = [
        _("<b>Files</b>"),
        "",
        _explained(overview.choice.when),
        "",
        " ".join(standing),
        *waiting_lines(overview.waiting),
    ]
    await show(query, Screen("\n".join(lines), [*_choices(desk, overview), back(Settings())]))


def _explained(when: When) -> str:
    match when:
        case When.NEVER:
            return _("Photos, voice messages and documents stay at Telegram and are fetched when you ask for one.")
        case When.OPENED:
            return _(
                "A file that you or your team ask for is kept here from then on, encrypted like the messages. All "
                "others stay at Telegram."
            )
        case _:
            return _(
                "New files are kept here as they come, encrypted like the messages: they stay when Telegram has them "
                "no more. Larger ones are fetched when you ask for one."
            )


def _choices(desk: Desk, overview: Overview) -> list[list[InlineKeyboardButton]]:
    if not desk.may(Power.MANAGE):
        return []
    choice = overview.choice
    words = {
        When.ALWAYS: _("Keep files as they come"),
        When.OPENED: _("Keep files that are opened"),
        When.NEVER: _("Leave files at Telegram"),
    }
    rows = [[button(_ticked(text, choice.when is when), KeepFiles(when=when))] for when, text in words.items()]
    if choice.when is When.NEVER:
        return rows
    kinds = [button(_kept(kind, choice.up_to.get(kind, 0)), KeptKind(kind=kind)) for kind in keeping.KINDS]
    rows += [kinds[at : at + 2] for at in range(0, len(kinds), 2)]
    count, total = overview.older
    if count:
        text = ngettext(
            "Keep earlier ones: {n} file, {bytes}",
            "Keep earlier ones: {n} files, {bytes}",
            count,
        )
        rows.append([button(text.format(n=number(count), bytes=size(total)), KeepOlder())])
    return rows


def _ticked(words: str, chosen: bool) -> str:
    return f"✓ {words}" if chosen else words


def _kind(kind: str) -> str:
    names = {
        "photo": _("Photos"),
        "voice": _("Voice messages"),
        "video": _("Videos"),
        "document": _("Documents"),
        "audio": _("Music"),
        "sticker": _("Stickers"),
    }
    return names[kind]


def _limit(at_most: int) -> str:
    if not at_most:
        return _("none")
    return _("all") if at_most == keeping.ANY else f"≤ {size(at_most)}"


def _kept(kind: str, at_most: int) -> str:
    """Both on one button, half a screen wide."""
    return f"{_kind(kind)} {'' if 0 < at_most < keeping.ANY else '· '}{_limit(at_most)}"


async def choose(query: CallbackQuery, callback_data: KeepFiles, desk: Desk) -> None:
    """Take the choice; what is kept already stays until its message goes."""
    await keeping.choose(desk, callback_data.when)
    await show_choice(query, desk)


async def ask_size(query: CallbackQuery, callback_data: KeptKind, desk: Desk) -> None:
    """Ask how large one may be."""
    desk.need(Power.MANAGE)
    kind = callback_data.kind
    if kind not in keeping.KINDS:
        raise NotFound("kind")
    now = (await keeping.look(desk)).choice.up_to.get(kind, 0)
    text = _(
        "<b>{kind}</b>\n\nWhich of them are kept here? A bot may fetch files of up to 20 MB; larger ones are fetched "
        "by the linked device, where there is one."
    ).format(kind=_kind(kind))
    sizes = [button(_ticked(_limit(one), one == now), KeepKind(kind=kind, size=one)) for one in keeping.SIZES]
    await show(query, Screen(text, [sizes[:3], sizes[3:], back(FilesMenu())]))


async def choose_size(query: CallbackQuery, callback_data: KeepKind, desk: Desk) -> None:
    """Take it, from now on."""
    await keeping.choose_size(desk, callback_data.kind, callback_data.size)
    await show_choice(query, desk)


async def keep_older(query: CallbackQuery, desk: Desk, jobs: Jobs) -> None:
    """Begin with the files of before; the progress is drawn in this very message."""
    total = await older.size(desk)
    if not isinstance(query.message, Message):
        return
    here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
    await jobs.start(desk, older.KIND, {"size": total}, **here)
    await query.answer(_("I am on it."))
