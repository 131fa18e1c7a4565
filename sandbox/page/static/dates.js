// How moments are written; "today" is the world's today, which the drawer can move.

let ahead = 0;

/** `now` is the world's time in seconds. */
export function setNow(now) {
  ahead = now * 1000 - Date.now();
}

export const now = () => new Date(Date.now() + ahead);
const sameDay = (one, other) => one.toDateString() === other.toDateString();
const daysAgo = (date) => Math.round((new Date(now()).setHours(12, 0, 0, 0) - new Date(date).setHours(12, 0, 0, 0)) / 864e5);
/** Everybody's phone on this page stands where the reader sits. */
export const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const CLOCK = format({ hour: "2-digit", minute: "2-digit" });
const WEEKDAY = format({ weekday: "short" });
const DAY = format({ day: "numeric", month: "short" });
const LONG = format({ day: "numeric", month: "long" });
const YEAR = format({ day: "2-digit", month: "2-digit", year: "2-digit" });
const FULL = format({ dateStyle: "full", timeStyle: "medium" });

export const clock = (seconds) => CLOCK.format(seconds * 1000);
export const full = (seconds) => FULL.format(seconds * 1000);

/** For the chat list: 14:05, Tue, 3 Mar, 03.03.25. */
export function brief(seconds) {
  const date = new Date(seconds * 1000);
  if (sameDay(date, now())) return CLOCK.format(date);
  const ago = daysAgo(date);
  if (ago > 0 && ago < 7) return WEEKDAY.format(date);
  return date.getFullYear() === now().getFullYear() ? DAY.format(date) : YEAR.format(date);
}

/** For the line between two days of a conversation. */
export function day(seconds) {
  const date = new Date(seconds * 1000);
  const ago = daysAgo(date);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return LONG.format(date) + (date.getFullYear() === now().getFullYear() ? "" : ` ${date.getFullYear()}`);
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
