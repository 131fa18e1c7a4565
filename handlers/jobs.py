"""Long work as the person who asked for it sees it: how far it is, how it ended, and the way to stop it."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from crm import bulk
from crm.access import Desk
from crm.contacts_in import taking
from crm.jobs import Jobs
from handlers.buttons.contacts import ContactList
from handlers.buttons.contacts_in import TakeBackContacts
from handlers.buttons.jobs import CancelJob
from handlers.buttons.sifts import UndoMany
from handlers.language import _, ngettext, number, percent, size
from handlers.screens import Screen, arrivals, back, button, imported
from handlers.screens.kept import kept_line, waiting_lines
from storage import jobs
from storage.jobs import Job
from storage.media import Waiting

BAR = 10  # signs
OF_CONTACTS = {taking.KIND, taking.UNDO, bulk.KIND, bulk.UNDO}


def routes() -> Router:
    """The one button of a job."""
    router = Router(name="jobs")
    router.callback_query.register(cancel, CancelJob.filter())
    return router


async def cancel(query: CallbackQuery, callback_data: CancelJob, desk: Desk, jobs: Jobs) -> None:
    """Stop it; the screen follows when it has stopped."""
    await jobs.cancel(desk, callback_data.id)
    await query.answer(_("Stopping…"))


def screen(job: Job) -> Screen:
    """How the job stands now."""
    title = f"<b>{_title(job.kind)}</b>"
    if job.state in {jobs.QUEUED, jobs.RUNNING}:
        return Screen(f"{title}\n\n{_bar(job)}", [[button(_("Stop"), CancelJob(id=job.id or 0))]])
    undo = [button(_("↩️ Undo all of it"), UndoMany(job=job.id or 0))] if job.kind == bulk.KIND and _changed(job) else []
    if job.kind == taking.KIND and any(job.result.get("counts", {}).get(fate) for fate in taking.DONE):
        undo = [button(_("↩️ Undo all of it"), TakeBackContacts(job=job.id or 0))]
    seen = [button(_("All contacts"), ContactList())] if job.kind in OF_CONTACTS else []
    return Screen(f"{title}\n\n{_ending(job)}", [undo, [*seen, *back()]])


def _changed(job: Job) -> int:
    return int(job.result.get("changed", 0))


def _title(kind: str) -> str:
    titles = {"export": _("Your export"), "import": _("Your import"), "files": _("Your earlier files")}
    titles |= {taking.KIND: _("Bringing contacts in"), taking.UNDO: _("Undoing it")}
    titles["address_book"] = _("Your contacts")
    titles["dossier"] = _("The whole file")
    titles |= {bulk.KIND: _("Changing many"), bulk.UNDO: _("Undoing it")}
    titles["words"] = _("Parts of words")
    return titles.get(kind, _("Long work"))


def _bar(job: Job) -> str:
    if not job.steps_total:
        return _("Working on it…")
    filled = min(BAR, job.steps_done * BAR // job.steps_total)
    share = percent(min(job.steps_done, job.steps_total) / job.steps_total)
    counted = size if job.kind in {"import", "files"} else number
    counts = _("{done} of {total}").format(done=counted(job.steps_done), total=counted(job.steps_total))
    return f"{'▰' * filled}{'▱' * (BAR - filled)} {share}\n{counts}"


def _ending(job: Job) -> str:
    match job.state:
        case jobs.DONE:
            return "\n\n".join([_("✅ Done."), *_left_out(int(job.result.get("left_out", 0))), *_taken(job)])
        case jobs.CANCELLED:
            return "\n\n".join([_("Stopped, as you wished."), *_taken(job)])
    reasons = {
        "StorageFull": _("The disk is full. Tell the operator of this installation."),
        "NotNow": _("It was not possible at that moment. Please try again later."),
    }
    if job.kind == "import":
        reasons["Invalid"] = _("This history belongs to another account than the one that was chosen.")
        reasons["NotNow"] = _("The file cannot be fetched from Telegram at the moment. Send it once more: /import")
    if job.kind == "files":
        reasons["NotNow"] = _("The disk runs low, so no more files are taken. What came is kept.")
    sorry = _("Something went wrong on our side. Please try again; if it happens again, tell the operator.")
    return "\n\n".join(["⚠️ " + reasons.get(job.error or "", sorry), *_taken(job)])


def _taken(job: Job) -> list[str]:
    """What an import has taken in by now, however it ended; how it stands with files once the earlier ones came."""
    if "report" in job.result:
        return imported.account(job.result["report"])
    if job.kind == taking.KIND:
        return arrivals.account(job.result.get("counts", {}))
    if job.kind == bulk.KIND:
        changed = ngettext("{n} contact was changed.", "{n} contacts were changed.", _changed(job))
        return [changed.format(n=number(_changed(job)))]
    if "undone" in job.result:
        undone = int(job.result["undone"])
        return [ngettext("{n} contact is as before.", "{n} contacts are as before.", undone).format(n=number(undone))]
    if "kept" in job.result:
        waiting = (Waiting(*one) for one in job.result["waiting"])
        return ["\n".join([kept_line(*job.result["kept"]), *waiting_lines(waiting)])]
    return []


def _left_out(count: int) -> list[str]:
    if not count:
        return []
    return [
        ngettext(
            "⚠️ {n} file could not be fetched from Telegram now. It is named in left_out.csv.",
            "⚠️ {n} files could not be fetched from Telegram now. They are named in left_out.csv.",
            count,
        ).format(n=number(count))
    ]
