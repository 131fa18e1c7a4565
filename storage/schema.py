"""Every table of a vault and of the registry; importing this makes both known whole."""

from storage import (
    accounts,
    audit,
    consents,
    contacts,
    conversations,
    deletions,
    dialogs,
    digests,
    fields,
    floods,
    gaps,
    groups,
    inbox,
    jobs,
    media,
    memberships,
    merges,
    messages,
    notes,
    outbox,
    people,
    quiet,
    reminders,
    replies,
    routes,
    seals,
    searches,
    senders,
    settings,
    sifts,
    stages,
    tags,
    vocabulary,
    workspaces,
)
from storage.columns import RegistryTable, VaultTable

NOUNS = (
    *(accounts, audit, contacts, conversations, floods, jobs, media, messages, notes, outbox, searches, settings, tags),
    *(consents, deletions, dialogs, memberships, people, routes, seals, workspaces),
    *(digests, fields, gaps, groups, inbox, merges, quiet, reminders, replies, senders, sifts, stages, vocabulary),
)
METADATA = {"vault": VaultTable.metadata, "registry": RegistryTable.metadata}
