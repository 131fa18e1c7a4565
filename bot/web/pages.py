"""The login page as HTML: one column, no script, nothing from elsewhere, in either direction of writing."""

from __future__ import annotations

import base64
import hashlib
import html

from babel import Locale

from bot.web.links import Visit
from handlers.language import _, current, ngettext, number

STYLE = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-inline-size: 26rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.375rem; line-height: 1.25; }
label, input, button { display: block; inline-size: 100%; box-sizing: border-box; font: inherit; }
label { font-weight: 600; margin-block: 1.25rem .375rem; }
input, button { padding: .75rem .875rem; border-radius: .625rem; border: 1px solid GrayText; }
button { margin-block-start: 1rem; background: #1d6fb8; border-color: #1d6fb8; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid #6db3f2; outline-offset: 2px; }
.wrong { border-inline-start: 4px solid #c0392b; padding-inline-start: .75rem; }
.note { opacity: .8; font-size: .9375rem; }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # To nobody else; with "no-referrer" a browser would hide the origin of our own form from us, too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FIELDS = {  # what the browser is to know of each answer
    "phone": 'type="tel" inputmode="tel" autocomplete="tel" dir="ltr"',
    "code": 'type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"',
    "password": 'type="password" autocomplete="off"',
}


def question(asks: str, to: str, csrf: str, visit: Visit | None = None) -> str:
    """A form for one answer: phone, code or password."""
    texts = {
        "phone": (_("Phone number of the account, with the country's code"), _("Go on")),
        "code": (_("Code that Telegram has just sent you"), _("Go on")),
        "password": (_("Second password of the account"), _("Link the device")),
    }
    label, act = texts[asks]
    autofocus = "autofocus required maxlength=256"
    form = (
        f'<form method="post" action="{html.escape(to)}"><label for="answer">{html.escape(label)}</label>'
        f'<input id="answer" name="answer" {FIELDS[asks]} {autofocus}>{_hint(asks, visit)}'
        f'<input type="hidden" name="asked" value="{asks}"><input type="hidden" name="csrf" value="{csrf}">'
        f"<button>{html.escape(act)}</button></form>"
    )
    return _page(_("Link an account to Wysper"), _wrong(visit) + form + _promise(asks))


def said(title: str, text: str) -> str:
    """A page that asks nothing more."""
    return _page(title, f"<p>{html.escape(text)}</p>")


def ended(visit: Visit) -> str:
    """How a visit ended."""
    outcome = visit.ended.outcome if visit.ended else "failed"
    if visit.left <= 0:
        outcome = "wrong"
    texts = {
        "linked": _("The account is linked. Its history is being read now; you can close this page."),
        "taken": _("This account is linked to another workspace already. Nothing has changed."),
        "expired": _("It took too long. Nothing has changed. Ask the bot for a new link."),
        "cancelled": _("This was cancelled in the chat. Nothing has changed."),
        "wrong": _("Too many answers were wrong, so this link has ended. Ask the bot for a new one."),
    }
    other = _("Telegram refused the login. Nothing has changed; please try again later, with a new link.")
    title = _("Done") if outcome == "linked" else _("Not linked")
    return said(title, texts.get(outcome, other))


def closed(reason: str) -> str:
    """Why a link leads nowhere: used, old, unknown or foreign."""
    texts = {
        "used": _("This link has been used. Each works once, in one browser. Ask the bot for a new one."),
        "old": _("This link is too old: it is good for ten minutes. Ask the bot for a new one."),
        "unknown": _("This is not a link that the bot has made. Ask the bot for a new one."),
        "foreign": _("This did not come from the page itself, so nothing was done. Go back and try again."),
        "barred": _("You may not link accounts to this workspace any more."),
    }
    return said(_("This does not lead anywhere"), texts[reason])


def _wrong(visit: Visit | None) -> str:
    if visit is None or not visit.complaint:
        return ""
    texts = {
        "phone": _("Telegram does not know this phone number."),
        "code": _("This is not the code, or it is too old."),
        "password": _("This is not the password."),
    }
    left = ngettext("{n} more try.", "{n} more tries.", visit.left).format(n=number(visit.left))
    return f'<p class="wrong" role="alert">{html.escape(texts[visit.complaint])} {html.escape(left)}</p>'


def _hint(asks: str, visit: Visit | None) -> str:
    if asks != "password" or visit is None or not visit.hint:
        return ""
    text = html.escape(_("Your hint: {hint}"))
    return f'<p class="note">{text.format(hint=f"<bdi>{html.escape(visit.hint)}</bdi>")}</p>'


def _promise(asks: str) -> str:
    texts = {
        "phone": _("Telegram will send a code to that account. Never type it into any chat: it would be void at once."),
        "code": _("The code goes to Telegram and is kept nowhere. Never type it into any chat."),
        "password": _("The password does not leave this server: Telegram only gets a proof of it. It is kept nowhere."),
    }
    return f'<p class="note">{html.escape(texts[asks])}</p>'


def _page(title: str, body: str) -> str:
    language = current().language
    direction = "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><title>{html.escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
