"""Every table and column of an export, in the words of its documentation."""

from __future__ import annotations

from crm.export.contents import cards, conversations, desk
from crm.export.tables import Column, Listing

WORKSPACE = Listing(
    "workspace",
    "The workspace itself: one row.",
    (
        Column("name", "string", "its name"),
        Column("zone", "string", "its time zone (IANA)"),
        Column("made_at", "time", "when it was opened"),
        Column("state", "string", "active, or leaving while a deletion is pending"),
        Column("exported_at", "time", "the moment of this export"),
        Column("format", "integer", "version of this format"),
    ),
)
MEMBERS = Listing(
    "members",
    "Who works in the workspace.",
    (
        Column("id", "integer", "Telegram user id"),
        Column("name", "string", "name as Telegram shows it"),
        Column("username", "string", "username without @", optional=True),
        Column("role", "string", "owner, admin, agent or viewer"),
        Column("joined_at", "time", "since when"),
    ),
)
CONSENTS = Listing(
    "consents",
    "What you, who asked for this export, agreed to.",
    (
        Column("what", "string", "policy, adult, …"),
        Column("version", "string", "version of the words"),
        Column("given_at", "time", "when"),
        Column("withdrawn_at", "time", "when it was withdrawn", optional=True),
    ),
)
LEFT_OUT = Listing(
    "left_out",
    "Files that could not be put in.",
    (
        Column("message", "integer", "messages.id", optional=True),
        Column("note_file", "integer", "note_files.id", optional=True),
        Column("reason", "string", "too_large, unreachable or protected"),
    ),
)
TABLES = (*conversations.TABLES, *cards.TABLES, *desk.TABLES)
LISTINGS: tuple[Listing, ...] = (WORKSPACE, MEMBERS, CONSENTS, *TABLES, LEFT_OUT)
