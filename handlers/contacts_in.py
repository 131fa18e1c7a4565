"""People from another program's file: what may be sent, what its columns are, what would become of it, and the act."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiogram import Bot, F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import BufferedInputFile, CallbackQuery, Document, InlineKeyboardButton, Message

from crm import fields
from crm.access import Desk, Power, enter
from crm.contacts_in import columns, tables, taking
from crm.contacts_in.taking import Doubles, Preview
from crm.errors import Invalid
from crm.jobs import Jobs, Work
from crm.ports import FileSource
from handlers.buttons.contacts import ContactList
from handlers.buttons.contacts_in import (
    ChooseColumn,
    ContactsIn,
    FileColumn,
    FileColumns,
    LookIn,
    TakeBackContacts,
    TakeIn,
)
from handlers.language import _, ngettext, number, size, speaking
from handlers.screens import Screen, back, button, fit, label, safe, shorten, show, spread
from handlers.screens.arrivals import brief, report, target_name
from handlers.screens.values import notation
from storage.media import Media

NAME, SAMPLE, ABREAST, COLUMN = 32, 60, 2, 24
ENDINGS = (".csv", ".tsv", ".vcf", ".vcard")
KINDS = {"text/csv", "text/vcard", "text/x-vcard", "text/tab-separated-values", "text/directory"}
FILE, HEAD, SAMPLES, TARGETS = "contacts", "head", "samples", "targets"


class Arriving(StatesGroup):
    """What is asked to be sent."""

    file = State()


def routes() -> Router:
    """From the file to the people."""
    router = Router(name="contacts_in")
    router.callback_query.register(explain, ContactsIn.filter())
    router.callback_query.register(show_columns, FileColumns.filter())
    router.callback_query.register(show_column, FileColumn.filter())
    router.callback_query.register(choose, ChooseColumn.filter())
    router.callback_query.register(look, LookIn.filter())
    router.callback_query.register(start, TakeIn.filter(F.doubles.in_(set(Doubles))))
    router.callback_query.register(take_back, TakeBackContacts.filter())
    router.message.register(receive, Arriving.file, F.document)
    router.message.register(receive, StateFilter(None), F.document, F.document.func(_is_contacts))
    return router


def _is_contacts(document: Document) -> bool:
    return (document.file_name or "").lower().endswith(ENDINGS) or document.mime_type in KINDS


async def explain(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """What to send."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    await state.set_state(Arriving.file)
    await state.set_data({})
    text = _(
        "<b>Bring contacts in</b>\n\n"
        "Send me a file here, with the paper clip:\n"
        "📊 a table (CSV) from a spreadsheet or another program, its first line with the names of the columns;\n"
        "📇 or vCards (.vcf) from a phone or an address book.\n\n"
        "You see what would become of it before anything is changed, and you can undo it for 7 days. Up to {rows} "
        "people and {limit} a file."
    ).format(rows=number(tables.ROWS), limit=size(tables.BYTES))
    await show(query, Screen(text, [back(ContactList())]))


async def receive(message: Message, desk: Desk, state: FSMContext, roads: FileSource) -> None:
    """The file has come; nothing is taken in before that is confirmed."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    document = message.document
    assert document is not None  # noqa: S101  see routes
    bytes_ = document.file_size or 0
    if bytes_ > tables.BYTES:
        raise Invalid("table", "file_too_large")
    table = await _fetch(roads, desk.workspace.id or 0, document.file_id, bytes_)
    own = [field for field, _used in await fields.listing(desk)]
    targets = list(table.head) if table.fixed else columns.suggested(table.head, own)
    samples = [next((row.cells[at] for row in table.rows if row.cells[at:]), "") for at in range(len(table.head))]
    await state.clear()
    await state.set_data(
        {
            FILE: message.message_id,
            "file_id": document.file_id,
            "size": bytes_,
            "fixed": table.fixed,
            HEAD: [shorten(name, SAMPLE) for name in table.head],
            SAMPLES: [shorten(sample, SAMPLE) for sample in samples],
            TARGETS: targets,
        }
    )
    if table.fixed:
        await _preview(message, desk, roads, await state.get_data())
    else:
        await show(message, await _columns(desk, await state.get_data()))


async def _fetch(roads: FileSource, workspace_id: int, file_id: str, bytes_: int) -> tables.Table:
    file = Media(message=0, kind="document", size=bytes_, file_id=file_id)
    data = b"".join([piece async for piece in roads.fetch(workspace_id, 0, file)])
    return await asyncio.to_thread(tables.read, data)


async def _at_hand(query: CallbackQuery, state: FSMContext, file: int) -> dict[str, Any] | None:
    """What is known of the file that this screen speaks of; None where another came since, or it was taken in."""
    data = await state.get_data()
    if data.get(FILE) == file:
        return data
    await show(query, Screen(_("I do not have this file at hand any more. Send it once more."), [back(ContactsIn())]))
    return None


async def show_columns(query: CallbackQuery, callback_data: FileColumns, desk: Desk, state: FSMContext) -> None:
    """Every column with what it is taken for."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    if (data := await _at_hand(query, state, callback_data.file)) is not None:
        await show(query, await _columns(desk, data))


async def _columns(desk: Desk, data: dict[str, Any]) -> Screen:
    names, file = await _own_names(desk), data[FILE]
    text = _("<b>What are the columns?</b>\n\nPress one to change what it is taken for. What is skipped stays out.")
    rows = [
        [button(f"{label(name or '—', COLUMN)} → {target_name(target, names)}", FileColumn(file=file, at=at))]
        for at, (name, target) in enumerate(zip(data[HEAD], data[TARGETS], strict=True))
    ]
    return Screen(text, [*rows, [button(_("Go on ›"), LookIn(file=file))], back(ContactsIn())])


async def _own_names(desk: Desk) -> dict[str, str]:
    return {columns.own(field): label(field.name, COLUMN) for field, _used in await fields.listing(desk)}


async def show_column(query: CallbackQuery, callback_data: FileColumn, desk: Desk, state: FSMContext) -> None:
    """What one column could be."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    data, at = await _at_hand(query, state, callback_data.file), callback_data.at
    if data is None:
        return
    if not 0 <= at < len(data[HEAD]):
        await show(query, await _columns(desk, data))
        return
    names = await _own_names(desk)
    text = _("What is <b>{column}</b>?").format(column=safe(data[HEAD][at]))
    if data[SAMPLES][at]:
        text += "\n" + _("For example: {sample}").format(sample=safe(data[SAMPLES][at]))
    choice = [
        button(target_name(one, names), ChooseColumn(file=callback_data.file, at=at, target=one))
        for one in (*columns.PLAIN, *names, columns.SKIP)
    ]
    await show(query, Screen(text, [*spread(choice, ABREAST), back(FileColumns(file=callback_data.file))]))


async def choose(query: CallbackQuery, callback_data: ChooseColumn, desk: Desk, state: FSMContext) -> None:
    """It is that; where another column was, and only one can be, that one is skipped now."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    data, at, target = await _at_hand(query, state, callback_data.file), callback_data.at, callback_data.target
    if data is None:
        return
    possible = {*columns.PLAIN, *await _own_names(desk), columns.SKIP}
    if 0 <= at < len(data[HEAD]) and target in possible:
        single = target not in columns.SEVERAL
        targets = [columns.SKIP if single and one == target else one for one in data[TARGETS]]
        targets[at] = target
        data = await state.update_data({TARGETS: targets})
    await show(query, await _columns(desk, data))


async def look(query: CallbackQuery, callback_data: LookIn, desk: Desk, state: FSMContext, roads: FileSource) -> None:
    """The first people as they will be, and how many are new."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    if (data := await _at_hand(query, state, callback_data.file)) is not None:
        await _preview(query, desk, roads, data)


async def _preview(event: Message | CallbackQuery, desk: Desk, roads: FileSource, data: dict[str, Any]) -> None:
    table = await _fetch(roads, desk.workspace.id or 0, data["file_id"], data["size"])
    found = await taking.preview(desk, table, data[TARGETS], notation())
    names = await _own_names(desk)
    lines = [_("<b>What would come in</b>"), "", *_counts(found)]
    lines += ["", *(brief(one, names) for one in found.first)] if found.first else []
    lines += ["", _("What shall become of those who are here already?")] if found.doubles else []
    back_to = back(ContactsIn() if data["fixed"] else FileColumns(file=data[FILE]))
    await show(event, Screen(fit(lines), [*_ways(found, data[FILE]), back_to]))


def _counts(found: Preview) -> list[str]:
    counted = [
        (found.new, ngettext("🆕 {n} new contact", "🆕 {n} new contacts", found.new)),
        (found.doubles, ngettext("👥 {n} is here already", "👥 {n} are here already", found.doubles)),
        (found.partly, ngettext("⚠️ {n} not understood in part", "⚠️ {n} not understood in part", found.partly)),
        (found.skipped, ngettext("🚫 {n} is nobody: skipped", "🚫 {n} are nobody: skipped", found.skipped)),
    ]
    return [text.format(n=number(count)) for count, text in counted if count]


def _ways(found: Preview, file: int) -> list[list[InlineKeyboardButton]]:
    if found.doubles:
        return [
            [button(_("Leave them as they are"), TakeIn(file=file, doubles=Doubles.LEAVE))],
            [button(_("Fill in what is empty"), TakeIn(file=file, doubles=Doubles.FILL))],
            [button(_("Overwrite them"), TakeIn(file=file, doubles=Doubles.OVERWRITE))],
        ]
    return [[button(_("Take them in"), TakeIn(file=file, doubles=Doubles.FILL))]] if found.new else []


async def start(query: CallbackQuery, callback_data: TakeIn, desk: Desk, state: FSMContext, jobs: Jobs) -> None:
    """Begin; the progress is drawn in this very message."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    data = await _at_hand(query, state, callback_data.file)
    if data is None or not isinstance(query.message, Message):
        return
    params = {name: data[name] for name in ("file_id", "size", TARGETS)} | {"doubles": callback_data.doubles}
    await _begin(query, desk, jobs, taking.KIND, params)
    await state.clear()


async def take_back(query: CallbackQuery, callback_data: TakeBackContacts, desk: Desk, jobs: Jobs) -> None:
    """The whole of it."""
    desk.need_identities()
    await _begin(query, desk, jobs, taking.UNDO, await taking.undo_params(desk, callback_data.job))


async def _begin(query: CallbackQuery, desk: Desk, jobs: Jobs, kind: str, params: dict[str, Any]) -> None:
    if isinstance(query.message, Message):
        await jobs.start(desk, kind, params, chat_id=query.message.chat.id, message_id=query.message.message_id)
        await query.answer(_("I am on it."))


async def run(work: Work, bot: Bot, roads: FileSource) -> None:
    """Do the work, as whoever asked for it and with what he may do now; then its report goes to him, if it says a word.

    The file stays at Telegram until then, and is read in memory.
    """
    job, workspace_id = work.job, work.room.workspace.id or 0
    async with enter(work.room.installation, job.asked_by, workspace_id) as desk:
        desk.need(Power.MANAGE)  # a seat may be lost meanwhile
        desk.need_identities()
    table = await _fetch(roads, workspace_id, job.params["file_id"], job.params["size"])
    with speaking(desk.person.reads, desk.workspace.zone):
        await taking.run(work, table, job.params[TARGETS], notation())
        told: Sequence[Any] = job.result.get("told", [])
        if told and not job.result.get("reported"):
            name = f"contacts-{work.room.installation.clock.now():%Y-%m-%d}-report.csv"
            caption = _("What was left out, line by line.")
            await bot.send_document(job.chat_id or job.asked_by, BufferedInputFile(report(told), name), caption=caption)
            await work.note(reported=True)
