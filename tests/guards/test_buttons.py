"""Every button: it fits, it is answered, it shows a stranger nothing, and it lets nobody do what his role forbids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from zoneinfo import available_timezones

import pytest
from aiogram.filters.callback_data import CallbackData
from sqlmodel import func, select

from crm import members
from crm.access import enter
from crm.search.kinds import Kind
from handlers import buttons
from handlers.buttons.accounts import AccountCard, AccountList, ConnectBusiness, ConnectOther
from handlers.buttons.aside import AsideList, MoreCard, SetAside
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.contacts_in import (
    ChooseColumn,
    ContactsIn,
    FileColumn,
    FileColumns,
    LookIn,
    TakeBackContacts,
    TakeIn,
)
from handlers.buttons.deletion import AskDeletion, TakeBack
from handlers.buttons.duty import ComeBack, GoAway
from handlers.buttons.export import ContactFile, ContactsOut, Export, StartExport
from handlers.buttons.fields import (
    AskValue,
    ClearValue,
    FieldCard,
    FieldSheet,
    FieldsMenu,
    NewField,
    OfferChoices,
    PutChoice,
    RemoveField,
    RenameField,
    RestoreField,
    ShiftField,
    SumField,
)
from handlers.buttons.groups import GroupCard, GroupList, PickGroup, UnpickGroup
from handlers.buttons.history import History, MessageCard
from handlers.buttons.home import Home
from handlers.buttons.hours import CopyDay, ForgetHours, OpenDay, SetDay, SetWeek, UndoHours, WorkingDay
from handlers.buttons.identities import AskIdentity, HideIdentities, Identities, LetSee
from handlers.buttons.imports import ImportPast, StartImport
from handlers.buttons.keeping import KeepFiles, KeepKind, KeepOlder, KeptKind
from handlers.buttons.linking import CancelLogin, ConnectUserbot, UnlinkUserbot
from handlers.buttons.members import (
    Invite,
    MemberCard,
    MemberList,
    RemoveMember,
    RevokeInvitation,
    SetRole,
    SwitchPower,
)
from handlers.buttons.merging import Doubles, FindDouble, KeepApart, MergeContacts, Part
from handlers.buttons.notes import (
    AddNoteFile,
    DeleteNote,
    EditNote,
    Mention,
    NoteCard,
    NoteList,
    PinNote,
    PutBackFile,
    RestoreNote,
    TakeOffFile,
    TakeOffFiles,
    WriteNote,
)
from handlers.buttons.phones import DropPhone, PhoneList, PutPhone
from handlers.buttons.privacy import Policy, PolicyClause, Privacy
from handlers.buttons.queues import (
    Assign,
    CloseConversation,
    DismissConversation,
    PutOff,
    QueueList,
    RaiseConversation,
    StandingCard,
)
from handlers.buttons.reminders import (
    AgreeReminder,
    AskReminder,
    DeleteReminder,
    FinishReminder,
    GiveReminder,
    ReminderCard,
    ReminderList,
    ReopenReminder,
    RepeatOnDays,
    RepeatReminder,
    RestoreReminder,
    RetimeReminder,
    RewordReminder,
    SnoozeReminder,
)
from handlers.buttons.replies import (
    DropReply,
    EditReply,
    KeepReply,
    PutOffReply,
    ReplyArrived,
    ReplyList,
    SendReply,
    WriteReply,
)
from handlers.buttons.safety import DeviceSafety, EndOthers, PauseDevice, PausePast, Takeout
from handlers.buttons.saved_replies import (
    DeleteSaved,
    EditSaved,
    NewSaved,
    PickSaved,
    RenameSaved,
    RestoreSaved,
    SavedCard,
    SavedList,
    ShareSaved,
)
from handlers.buttons.search import KeptSearches, SearchPage, ShareSearch
from handlers.buttons.settings import EraseDeleted, KeepDeleted, Rename, Settings
from handlers.buttons.sifts import (
    ChangeMany,
    DoToMany,
    SiftCard,
    SiftField,
    SiftList,
    SiftQueue,
    SiftStage,
    SiftTags,
    UndoMany,
)
from handlers.buttons.stages import (
    Board,
    LayOutStages,
    MoveTo,
    NewStage,
    RemoveStage,
    RenameStage,
    RestoreStage,
    ShiftStage,
    StageCard,
    StageChoice,
    StageList,
    StagesMenu,
)
from handlers.buttons.start import ArriveIn, Reconsider
from handlers.buttons.status import Completeness, Status
from handlers.buttons.tags import (
    ColourTag,
    DeleteTag,
    MergeTag,
    NewTag,
    NewTagOn,
    PutTag,
    RenameTag,
    TagCard,
    TagChoice,
    TagList,
)
from handlers.buttons.team_groups import (
    BindGroup,
    DeclineGroup,
    LetIn,
    LookAtGroup,
    OfferGroup,
    PruneTopics,
    ScopeGroup,
    ScopeMenu,
    TurnGroup,
    UnbindGroup,
)
from handlers.buttons.topics import NoteInstead, SendWritten, TakeNewcomer
from handlers.buttons.vocabulary import KeepParts, SearchSettings
from handlers.buttons.zone import SetZone, ZoneMenu
from storage.audit import AuditEntry
from storage.dialogs import Dialog
from storage.inbox import DEAD, InboxUpdate
from storage.people import Person
from storage.queues import Queue
from storage.reminders import Which
from tests.people import OLGA, Desk, Someone

CLASSES = [
    one
    for module in iter_modules(buttons.__path__, f"{buttons.__name__}.")
    for one in vars(import_module(module.name)).values()
    if isinstance(one, type) and issubclass(one, CallbackData) and one is not CallbackData
]
HANDFULS = [CLASSES[at : at + 16] for at in range(0, len(CLASSES), 16)]  # each is many presses: they take a while
ROW, MESSAGE, PERSON = 2**31 - 1, 2**31 - 1, 2**52 - 1  # the largest numbers that the vault and Telegram give
LAST = 2**63 - 1
LONGEST = {
    "on": "conversation",
    "form": "xlsx",
    "kind": max(Kind, key=len),
    "span": "today",
    "when": "always",
    "language": "zh-hans",
    "zone": max(available_timezones(), key=len),
    "role": "viewer",
    "power": "export",
    "queue": max(Queue, key=len),
    "which": max(Which, key=len),
    "repeats": "weekdays-0-0900",
    "topic": "promises",
    "mark": "f" * 16,
    "code": "x" * 22,
    "currency": "EUR",
    "change": "archive",
    "how": "archived",
    "by": "account",
    "doubles": "leave",
    "target": "username",
    "value": str(2**52),
}
USUAL = {**LONGEST, "kind": "photo", "language": "en", "zone": "Europe/London"}
FOR_ALL = (Policy, PolicyClause, Privacy)  # the policy is everybody's to read
ARRIVING = (ArriveIn, Reconsider)  # a member has arrived
WALL = "You are not on this team"
VERA = 5_200_000_003
WRITING: list[CallbackData] = [
    NewTag(),
    PutTag(on="contact", id=1, tag=1, put=True),
    PutTag(on="contact", id=1, tag=1, put=False),
    NewTagOn(on="contact", id=1),
    WriteNote(contact=1),
    EditNote(id=1),
    PinNote(id=1, on=True),
    AddNoteFile(id=1),
    TakeOffFiles(id=1),
    TakeOffFile(id=1),
    PutBackFile(id=1),
    Mention(id=1),
    Mention(id=1, to=OLGA),
    DeleteNote(id=1),
    RestoreNote(id=1),
    CloseConversation(id=1),
    DismissConversation(id=1),
    RaiseConversation(id=1),
    ShareSearch(id=1, on=True),
    PutOff(id=1),
    PutOff(id=1, until=-1),
    PutOff(id=1, until=4_000_000_000),
    Assign(id=1),
    Assign(id=1, to=0),
    MoveTo(id=1, to=1),
    MoveTo(id=1, to=0),
    AskReminder(contact=1),
    AskReminder(contact=1, at=4_000_000_000),
    AgreeReminder(id=1, at=4_000_000_000),
    RetimeReminder(id=1),
    RewordReminder(id=1),
    RepeatReminder(id=1, at=4_000_000_000),
    RepeatOnDays(id=1, at=4_000_000_000, days=1_234_567),
    GiveReminder(id=1),
    GiveReminder(id=1, to=VERA),
    SnoozeReminder(id=1),
    SnoozeReminder(id=1, until=4_000_000_000),
    FinishReminder(id=1),
    ReopenReminder(id=1, at=1),
    DeleteReminder(id=1),
    RestoreReminder(id=1),
    MoreCard(id=1),
    SetAside(id=1, how="blocked"),
    SetAside(id=1),
    PutPhone(id=1, message=1),
    PutPhone(id=1, message=1, main=True),
    DropPhone(id=1, message=1),
    PhoneList(id=1),
    ChangeMany(id=1),
    ChangeMany(id=1, change="tag"),
    DoToMany(id=1, change="archive"),
    DoToMany(id=1, change="tag", target=1, sure=True),
    UndoMany(job=1),
    FindDouble(id=1),
    MergeContacts(id=1, other=2),
    MergeContacts(id=1, other=2, sure=True),
    KeepApart(id=1, other=2),
    Part(id=1),
    AskValue(contact=1, id=1),
    PutChoice(contact=1, id=1, choice=0),
    ClearValue(contact=1, id=1),
    AskIdentity(id=1),
    TakeNewcomer(id=1),
    SendWritten(id=1),
    NoteInstead(id=1),
    WriteReply(id=1),
    EditReply(id=1),
    SendReply(id=1, asked=0),
    KeepReply(id=1),
    DropReply(id=1),
    ReplyArrived(id=1),
    PutOffReply(id=1),
    PutOffReply(id=1, at=4_000_000_000),
    ReplyList(),
    SavedList(),
    SavedCard(id=1),
    PickSaved(id=1, to=1),
    NewSaved(),
    EditSaved(id=1),
    RenameSaved(id=1),
    DeleteSaved(id=1),
    RestoreSaved(id=1),
]
MANAGING: list[CallbackData] = [
    ShareSaved(id=1, on=True),
    RenameTag(id=1),
    ColourTag(id=1, colour=2),
    MergeTag(id=1, into=2, sure=True),
    DeleteTag(id=1),
    DeleteTag(id=1, sure=True),
    LayOutStages(),
    StagesMenu(),
    StageCard(id=1),
    NewStage(),
    RenameStage(id=1),
    ShiftStage(id=1, later=True),
    RemoveStage(id=1),
    RemoveStage(id=1, to=0),
    RestoreStage(id=1),
    FieldsMenu(),
    FieldCard(id=1),
    NewField(),
    NewField(kind="text"),
    NewField(kind="money"),
    RenameField(id=1),
    OfferChoices(id=1),
    ShiftField(id=1, later=True),
    SumField(id=1, on=True),
    RemoveField(id=1),
    RemoveField(id=1, sure=True),
    RestoreField(id=1),
    Rename(),
    ZoneMenu(),
    SetZone(zone="Europe/London"),
    GoAway(id=OLGA),
    ComeBack(id=OLGA),
    SetWeek(last=4, begins=540, ends=1080),
    WorkingDay(day=0),
    SetDay(day=0),
    CopyDay(day=0, last=6),
    UndoHours(),
    ForgetHours(),
    OpenDay(day=740_000),
    OpenDay(day=740_000, sure=True),
    KeepDeleted(keep=False),
    KeepFiles(when="never"),
    KeptKind(kind="photo"),
    KeepKind(kind="photo", size=0),
    KeepOlder(),
    KeepParts(keep=False),
    EraseDeleted(),
    EraseDeleted(sure=True),
    LookAtGroup(id=-1),
    TurnGroup(id=-1, turned=True),
    ScopeMenu(id=-1, kind="tag"),
    ScopeGroup(id=-1, kind="all"),
    PruneTopics(id=-1),
    PruneTopics(id=-1, days=30),
    UnbindGroup(id=-1),
    UnbindGroup(id=-1, sure=True),
    OfferGroup(),
    BindGroup(),
    DeclineGroup(),
    LetIn(id=1, role="agent"),
    Invite(),
    Invite(role="agent"),
    SetRole(id=VERA, role="admin"),
    SwitchPower(id=VERA, power="export", on=True),
    RemoveMember(id=OLGA, sure=True),
    Identities(),
    HideIdentities(hide=True),
    LetSee(id=VERA, sees=True),
    RevokeInvitation(mark="0"),
    Export(),
    StartExport(media=False),
    ContactFile(id=1),
    ContactFile(thread=1),
    ContactFile(thread=1, form="html"),
    ContactFile(id=1, form="html"),
    ContactsOut(),
    ContactsOut(form="csv"),
    ContactsIn(),
    FileColumns(file=1),
    FileColumn(file=1, at=0),
    ChooseColumn(file=1, at=0, target="name"),
    LookIn(file=1),
    TakeIn(file=1, doubles="fill"),
    TakeBackContacts(job=1),
    ImportPast(),
    StartImport(id=OLGA, file=1),
    AskDeletion(),
    TakeBack(),
    ConnectBusiness(),
    ConnectOther(),
    ConnectUserbot(),
    ConnectUserbot(agreed=True),
    CancelLogin(),
    GroupList(id=OLGA),
    GroupList(id=OLGA, anew=True),
    GroupCard(id=OLGA, peer=-5),
    PickGroup(id=OLGA, peer=-5),
    UnpickGroup(id=OLGA, peer=-5, sure=True),
    UnpickGroup(id=OLGA, peer=-5, erase=True, sure=True),
    DeviceSafety(id=OLGA),
    PauseDevice(id=OLGA, on=True),
    PauseDevice(id=OLGA, on=False),
    PausePast(id=OLGA, on=True),
    PausePast(id=OLGA, on=False),
    Takeout(id=OLGA, on=True),
    Takeout(id=OLGA, on=True, sure=True),
    Takeout(id=OLGA, on=False),
    EndOthers(id=OLGA),
    EndOthers(id=OLGA, sure=True),
    UnlinkUserbot(id=OLGA),
    UnlinkUserbot(id=OLGA, sure=True),
]


def address(kind: type[CallbackData], number: int, texts: dict[str, str], *, yes: bool = False) -> str:
    """A button of this class with every field filled."""
    filled: dict[str, object] = {}
    for name, field in kind.model_fields.items():
        if field.annotation is bool:
            filled[name] = yes
        else:
            filled[name] = texts[name] if field.annotation is str else number
    return kind(**filled).pack()


def forged(kind: type[CallbackData]) -> Iterator[str]:
    """Addresses that a hostile client can make up: the edges of what a number may be, one field at a time."""
    numbers = [place for place, field in enumerate(kind.model_fields.values(), 1) if field.annotation is int]
    for place in numbers:
        for edge in (LAST, -LAST - 1, -1):
            parts = address(kind, 0, USUAL).split(":")
            parts[numbers[0]] = "1"
            parts[place] = str(edge)
            if len(packed := ":".join(parts)) <= 64:
                yield packed


async def given_up(desk: Desk) -> list[str | None]:
    async with desk.vault() as session:
        return list(await session.exec(select(InboxUpdate.error).where(InboxUpdate.state == DEAD)))


async def furnish(olga: Someone, anna: Someone) -> None:
    """A contact with a conversation, two tags, stages, a field, a note and a promise, so that number 1 is there."""
    await anna.writes("Do you have roses?", to=olga)
    for name in ("regular", "wedding"):
        await olga.presses_address(NewTagOn(on="contact", id=1).pack())
        await olga.writes(name)
    await olga.presses_address(LayOutStages().pack())
    await olga.presses_address(NewField(kind="money", currency="EUR").pack())
    await olga.writes("Budget")
    await olga.presses_address(WriteNote(contact=1).pack())
    await olga.writes("Likes roses")
    await olga.presses_address(AskReminder(contact=1).pack())
    await olga.writes("tomorrow at 9 send the roses")
    await olga.presses("Yes, remind me")


def test_no_two_buttons_begin_alike() -> None:
    beginnings = [kind.__prefix__ for kind in CLASSES]
    assert [one for one in beginnings if beginnings.count(one) > 1] == []


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_button_fits_into_sixty_four_bytes(kind: type[CallbackData]) -> None:
    largest = {
        name: PERSON if name in {"id", "contact"} else LAST if (kind, name) == (SearchPage, "before") else ROW
        for name in kind.model_fields
    }
    parts = address(kind, 1, LONGEST, yes=True).split(":")
    for place, (name, field) in enumerate(kind.model_fields.items(), 1):
        if field.annotation is int:
            parts[place] = str(largest[name])
    assert len(":".join(parts).encode()) <= 64


@pytest.mark.parametrize("kinds", HANDFULS, ids=lambda kinds: f"{kinds[0].__name__}-{kinds[-1].__name__}")
async def test_every_button_is_answered_whatever_it_says(
    desk: Desk, olga: Someone, anna: Someone, kinds: Sequence[type[CallbackData]]
) -> None:
    await olga.writes("/start")
    await furnish(olga, anna)
    amiss = []
    for kind in kinds:
        for packed in (address(kind, 1, USUAL), *forged(kind)):
            await olga.writes("/start")
            answer = await olga.presses_address(packed)
            if answer is None or "Something went wrong" in f"{answer.text} {olga.screen}":
                amiss.append(packed)
            if packed == address(kind, 1, USUAL) and "older screen" in olga.screen and kind not in ARRIVING:
                amiss.append(f"{packed} has no handler")
    assert not amiss
    assert not await given_up(desk)


async def test_a_stranger_meets_one_wall_behind_every_button(desk: Desk, olga: Someone, mallory: Someone) -> None:
    await olga.writes("/start")
    await mallory.writes("/start")
    wall = mallory.screen
    assert WALL in wall
    amiss = []
    for kind in CLASSES:
        for yes in (False, True):
            desk.world.clock.advance(timedelta(minutes=1))
            answer = await mallory.presses_address(address(kind, 1, USUAL, yes=yes))
            if kind not in FOR_ALL and (answer is None or WALL not in answer.text or mallory.screen != wall):
                amiss.append(address(kind, 1, USUAL, yes=yes))
            if mallory.screen != wall:
                await mallory.writes("/start")
    assert not amiss
    async with desk.app.installation.registry.reading() as session:
        assert await session.get(Person, mallory.id) is None
        assert not [key for key in await session.exec(select(Dialog.key)) if str(mallory.id) in key]


async def audited(desk: Desk) -> int:
    async with desk.vault() as session:
        return (await session.exec(select(func.count()).select_from(AuditEntry))).one()


@pytest.mark.parametrize("role", ["viewer", "agent"])
async def test_nobody_does_what_his_role_forbids(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone, role: str
) -> None:
    await olga.writes("/start")
    await furnish(olga, anna)
    async with enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.set_role(her_desk, VERA, role)
    await vera.writes("/start")
    before = await audited(desk)
    amiss = []
    for forbidden in (*(WRITING if role == "viewer" else ()), *MANAGING):
        answer = await vera.presses_address(forbidden.pack())
        if answer is None or "Your role does not allow this" not in answer.text:
            amiss.append(forbidden.pack())
        await vera.writes("not asked for")
    assert not amiss
    assert await audited(desk) == before


async def test_a_viewer_is_offered_nothing_that_writes(desk: Desk, olga: Someone, anna: Someone, vera: Someone) -> None:
    await olga.writes("/start")
    await furnish(olga, anna)
    async with enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.set_role(her_desk, VERA, "viewer")
    await vera.writes("/start")
    writing = {one.__prefix__ for one in (*WRITING, *MANAGING)}
    screens: list[CallbackData] = [
        Home(),
        ContactList(),
        ContactCard(id=1),
        QueueList(),
        StandingCard(id=1),
        History(id=1),
        MessageCard(id=1),
        Board(),
        StageList(id=1),
        StageChoice(id=1),
        FieldSheet(contact=1),
        AsideList(),
        Doubles(),
        SiftCard(),
        SiftList(id=1),
        SiftTags(id=1),
        SiftStage(id=1),
        SiftQueue(id=1),
        SiftField(id=1),
        TagList(),
        TagCard(id=1),
        TagChoice(on="contact", id=1),
        NoteList(contact=1),
        NoteCard(id=1),
        ReminderList(),
        ReminderList(contact=1),
        ReminderCard(id=1),
        KeptSearches(),
        AccountList(),
        AccountCard(id=OLGA),
        Settings(),
        SearchSettings(),
        MemberList(),
        MemberCard(id=OLGA),
        Privacy(),
        Status(),
        Completeness(),
    ]
    for screen in screens:
        await vera.writes("/start")
        await vera.presses_address(screen.pack())
        assert not offered(vera) & writing, screen
    await vera.writes("roses")
    assert "roses" in vera.screen
    assert not offered(vera) & writing


def offered(somebody: Someone) -> set[str]:
    """The classes of the buttons under the newest message."""
    rows = (somebody.newest.markup or {}).get("inline_keyboard", ())
    return {button["callback_data"].split(":")[0] for row in rows for button in row if "callback_data" in button}
