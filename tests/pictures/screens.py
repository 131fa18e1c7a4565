"""Which screens are pictured, by the buttons that lead there, under which name, and with which sentence."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons.accounts import AccountCard, AccountList, ConnectBusiness, ConnectOther
from handlers.buttons.aside import AsideList, MoreCard
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.contacts_in import ContactsIn, FileColumn, FileColumns, LookIn
from handlers.buttons.deletion import AskDeletion, DeleteAccount
from handlers.buttons.digest import MorningDigest, ShowDigest
from handlers.buttons.duty import OnDuty
from handlers.buttons.export import ContactFile, ContactsOut, Export
from handlers.buttons.fields import AskValue, FieldCard, FieldSheet, FieldsMenu, NewField, RemoveField
from handlers.buttons.groups import GroupCard, GroupList, UnpickGroup
from handlers.buttons.help import Help
from handlers.buttons.history import Calendar, History, MessageCard
from handlers.buttons.home import Home
from handlers.buttons.hours import DaysOff, WorkingDay, WorkingHours
from handlers.buttons.identities import Identities
from handlers.buttons.imports import ImportPast
from handlers.buttons.keeping import FilesMenu, KeptKind
from handlers.buttons.languages import LanguageMenu
from handlers.buttons.linking import ConnectUserbot, UnlinkUserbot
from handlers.buttons.members import Invite, MemberCard, MemberList
from handlers.buttons.merging import Doubles, FindDouble, MergeContacts
from handlers.buttons.notes import AddNoteFile, NoteCard, NoteList, WriteNote
from handlers.buttons.phones import PhoneList
from handlers.buttons.privacy import Policy, PolicyClause, Privacy
from handlers.buttons.queues import Assign, PutOff, QueueList, StandingCard
from handlers.buttons.quiet import OtherHours, QuietHours
from handlers.buttons.reminders import (
    AskReminder,
    GiveReminder,
    ReminderCard,
    ReminderList,
    RepeatOnDays,
    RepeatReminder,
)
from handlers.buttons.replies import PutOffReply, ReplyCard, ReplyList, WriteReply
from handlers.buttons.safety import DeviceSafety
from handlers.buttons.saved_replies import NewSaved, PickSaved, SavedCard, SavedList
from handlers.buttons.search import (
    AskSearch,
    KeepSearch,
    KeptSearches,
    SearchDates,
    SearchField,
    SearchKind,
    SearchMore,
    SearchPage,
    SearchPerson,
    SearchTag,
)
from handlers.buttons.settings import Rename, Settings
from handlers.buttons.sifts import ChangeMany, SiftCard, SiftField, SiftList, SiftQueue, SiftStage, SiftTags
from handlers.buttons.stages import Board, RemoveStage, StageCard, StageChoice, StageList, StagesMenu
from handlers.buttons.start import ArriveIn, Terms
from handlers.buttons.status import Completeness, Status
from handlers.buttons.tags import ColourTag, DeleteTag, MergeTag, NewTag, TagCard, TagChoice, TagList
from handlers.buttons.team_groups import PruneTopics, ScopeMenu, TeamGroupCard, TeamGroupList
from handlers.buttons.vocabulary import SearchSettings
from handlers.buttons.zone import ZoneMenu

Named = dict[type[CallbackData] | str, tuple[str, str]]
VARIOUS = (Help, ChangeMany, ReplyList)  # each of these is several screens

PARTS: dict[str, Named] = {
    "The first day": {
        "stranger": ("Nobody let in", "Whoever has no link sees a wall, and how to come in."),
        ArriveIn: ("At the door", "A link with a code has led here; the first question is which language."),
        Terms: ("What is kept, and why", "Agreed to before anything is kept."),
        "name": ("The workspace", "Its name, as the team knows it."),
        "place": ("Where it is", "So that dates and times are right."),
        "arrived": ("Arrived", "What is left to do is to connect an account."),
        "home-empty": ("An empty first screen", "It says what to do first."),
        "business-made": ("Telegram Business is connected", "Told at once."),
        ConnectUserbot: ("Before a device is linked", "What it brings, and what it risks."),
        "link-page": ("Linking by phone number", "On a page, since no password belongs into a chat."),
        "link-code": ("Linking by a code", "The phone scans it."),
        "linked": ("Linked", "The past is being read."),
        "account-linked": ("An account with both roads", "Each with its light, and how far the past is read."),
        DeviceSafety: ("The linked device", "How it stands with Telegram, and how to pause it."),
        UnlinkUserbot: ("Logging the device out", "Asked first."),
        GroupList: ("Groups", "None is kept unless it is picked."),
        GroupCard: ("A group before it is picked", "What that means, and for whom."),
        "group-mirrored": ("A group that is kept", "Since when, and the way out."),
        "group-kept": ("What is kept of a group", "Its card: as that of a client, but nothing waits."),
        UnpickGroup: ("Letting a group go", "What is kept of it stays or goes."),
        FileColumns: ("The columns of a table", "What each is taken for."),
        FileColumn: ("One column", "What it could be, with an example out of it."),
        LookIn: ("Before contacts come in", "How many are new, and what becomes of those who are here."),
        "contacts-came": ("Contacts came in", "The whole can be undone."),
        "note-file": ("A note with a file", "It comes back on a press."),
        "business-lost": ("Telegram Business was taken off", "Who carries on is told with it."),
        "home-in-trouble": ("The first screen in trouble", "What does not run stands above all else."),
    },
    "What waits": {
        Home: ("The first screen", "Who waits longest, what is overdue, and the ways to everything."),
        QueueList: ("A queue", "Conversations by what is to be done about them, the longest waiting first."),
        StandingCard: (
            "How it stands",
            "What can be said about a conversation: answered, closed, put off, given away.",
        ),
        PutOff: ("Put off", "A conversation rests until a moment, one press away or in words."),
        Assign: ("Who answers", "A conversation is given to a member, who is told."),
        ShowDigest: ("The morning digest", "The day at a glance, unasked at its time or whenever it is wanted."),
        MorningDigest: ("When the digest comes", "At which time, and whether on weekends too."),
    },
    "Who it is": {
        ContactList: ("Contacts", "Everybody who has written, the last one first or by name."),
        ContactCard: ("A card", "Who it is, what was noted and promised, and the last messages."),
        MoreCard: ("More about a contact", "What is needed less often: set aside, merge, and the like."),
        AsideList: ("Set aside", "Who was archived, blocked from the desk, or is no client."),
        PhoneList: ("Phones seen in messages", "Those that the card has not, the newest first."),
        TagChoice: ("The tags of a contact", "One press puts a tag on, another takes it off."),
        NoteList: ("Notes", "All notes of a contact, pinned ones first."),
        NoteCard: ("A note", "Its words, who wrote it and when, and what can be done with it."),
        WriteNote: ("Writing a note", "The next message becomes the note."),
        FieldSheet: ("Fields of a contact", "What the shop wants to know of each client."),
        AskValue: ("Filling a field in", "Written in the reader's own notation."),
        StageChoice: ("Moving a contact", "Two presses from the card to another stage."),
        ContactFile: ("The whole file", "Everything about a client, to read or for another program."),
        AddNoteFile: ("A file for a note", "The next file is put on it."),
        Doubles: ("Likely doubles", "Pairs of cards that may be one person, whatever the alphabet."),
        FindDouble: ("Naming the other card", "For doubles that nobody could guess."),
        MergeContacts: ("Before a merge", "What goes together, and whose word counts where both have one."),
    },
    "Board, tags and filters": {
        Board: ("The board", "How many stand in each stage, and what they come to."),
        StageList: ("A stage", "Who stands there, the last to come first."),
        StagesMenu: ("The stages", "To be added, renamed, shifted or removed."),
        StageCard: ("Changing a stage", "Its name, its place, and its end."),
        RemoveStage: ("Removing a stage", "First it is asked where those go who stand in it."),
        TagList: ("Tags", "The most used first."),
        TagCard: ("A tag", "Where it is, and what can be done with it."),
        ColourTag: ("The colour of a tag", "As it then stands beside names."),
        MergeTag: ("Merging a tag", "Into which other one."),
        DeleteTag: ("Deleting a tag", "Asked first, with the number of its uses."),
        NewTag: ("A new tag", "The next message is its name."),
        SiftCard: ("A filter", "Tags, stage, queue and fields in any mixture."),
        SiftTags: ("Filtering by tags", "With a tag, or without it."),
        SiftStage: ("Filtering by stage", "One of them, or none."),
        SiftQueue: ("Filtering by queue", "By what is to be done."),
        SiftField: ("Filtering by fields", "By what a field says."),
        SiftList: ("Whom a filter leaves", "Page by page."),
        ChangeMany: ("Changing many", "What can be done to all whom a filter leaves; the whole can be undone."),
    },
    "Answering": {
        History: ("A conversation", "Page by page, each message behind its number."),
        MessageCard: ("A message", "Whole, with its earlier texts and its file."),
        Calendar: ("A conversation by days", "On which days something was said."),
        WriteReply: ("Writing an answer", "The next message is looked at before it leaves."),
        ReplyCard: ("An answer before it leaves", "Its words, the way it takes, and its fate."),
        PutOffReply: ("Sending later", "At a moment that is pressed or written in words."),
        ReplyList: ("Answers on their way", "Those that leave later, did not leave, or wait for Send."),
        SavedList: ("Saved replies", "What is answered again and again."),
        SavedCard: ("A saved reply", "Its words with the places that are filled in."),
        PickSaved: ("A saved reply, filled in", "With the client's own name."),
        NewSaved: ("A new saved reply", "Its short name first."),
    },
    "Promises": {
        ReminderList: ("Promises", "What is overdue first, then today's, then what comes."),
        ReminderCard: ("A promise", "When, for whom, and what can be done about it."),
        AskReminder: ("Making a promise", "In words, as one would say it."),
        RepeatReminder: ("How often", "Once, or again and again."),
        RepeatOnDays: ("On which days", "Each press puts a day in or takes it out."),
        GiveReminder: ("Who is told", "Oneself or another member."),
    },
    "Finding": {
        SearchPage: ("What was found", "Grouped by contact, with the words around each hit."),
        AskSearch: ("Search", "What can be asked, with examples."),
        SearchKind: ("Searching one kind", "Messages, photos, files, notes."),
        SearchDates: ("Searching a span of days", "The usual ones, or any two."),
        SearchTag: ("Searching with a tag", "Among the people who carry it."),
        SearchPerson: ("Searching with one person", "Among those who were found."),
        SearchField: ("Searching by a field", "Among those in whose field something stands."),
        SearchMore: ("More filters", "Stage, account, who wrote, and so on."),
        KeepSearch: ("Keeping a search", "Under a name, for oneself or the team."),
        KeptSearches: ("Kept searches", "One's own, and those of the team."),
        SearchSettings: ("How searching works", "What parts of words cost, and the switch for them."),
    },
    "Accounts and history": {
        AccountList: ("Accounts", "What is connected, and how it is."),
        AccountCard: ("An account", "Its roads, since when, and what to do where one is down."),
        ConnectBusiness: ("Connecting Telegram Business", "Step by step."),
        ConnectOther: ("Connecting another account", "By a link for whoever owns it."),
        Status: ("Status", "Whether everything runs."),
        Completeness: ("What is not complete", "Every gap, and what closed it."),
        ImportPast: ("Bringing a past along", "How Telegram Desktop exports it."),
        FilesMenu: ("Files", "Which are kept here."),
        KeptKind: ("Files of one kind", "Up to which size."),
    },
    "Settings and team": {
        Settings: ("Settings", "The workspace's choices, and one's own."),
        Rename: ("Another name", "The next message is the name of the workspace."),
        ZoneMenu: ("Time zone", "By city."),
        LanguageMenu: ("Language", "That of Telegram, or another."),
        QuietHours: ("Quiet hours", "When nothing rings."),
        OtherHours: ("Other quiet hours", "Written in words."),
        WorkingHours: ("Working hours", "The week of the business, and whether it is open."),
        OnDuty: ("On duty", "Here or away, and until when."),
        WorkingDay: ("A working day", "Its hours at a press, or written."),
        DaysOff: ("Days off", "Holidays, under a name."),
        FieldsMenu: ("Fields", "What stands on every card."),
        FieldCard: ("Changing a field", "Its name, its place, its sum on the board."),
        NewField: ("A new field", "First what it takes."),
        RemoveField: ("Removing a field", "Asked first."),
        TeamGroupList: ("Team groups", "The forums in which the team answers clients together."),
        TeamGroupCard: ("A team group", "How it stands, what comes there, what goes to clients, and Telegram's limit."),
        ScopeMenu: ("Whose conversations come there", "Everybody's, or those with a tag, on an account, in a stage."),
        PruneTopics: ("Old topics", "When the topics of closed conversations are removed."),
        MemberList: ("Team", "Who works here, and which invitations are open."),
        Identities: ("Who clients are", "Names for all, or codes for some; who must know is told once."),
        MemberCard: ("A member", "His role, and what it allows."),
        Invite: ("Inviting somebody", "First the role, then a link that is good once."),
    },
    "Help, data and privacy": {
        Help: ("Help", "By topic, each with the ways to where it is done."),
        Privacy: ("Privacy", "What is kept of oneself and of the workspace."),
        Policy: ("The policy", "All its clauses."),
        PolicyClause: ("A clause", "In the reader's language; English is binding."),
        Export: ("Export", "Everything, to take along."),
        ContactsIn: ("Bringing contacts in", "From a table or vCards, looked at first."),
        ContactsOut: ("Contacts as a file", "For a spreadsheet or an address book."),
        DeleteAccount: ("Leaving", "What is erased, and when."),
        AskDeletion: ("The last question", "The name is written out before anything begins."),
    },
}
NAMES: Named = {screen: words for part in PARTS.values() for screen, words in part.items()}
