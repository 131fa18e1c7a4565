// What comes over the chats and goes again: toasts, dialogs, menus, the photo viewer.
import { avatar, bdi, h, icon, iconButton } from "./dom.js";

const toasts = h("div.toasts", { role: "status", "aria-live": "polite", testid: "toasts" });

export function toast(text) {
  document.body.append(toasts);
  const node = h("div.toast", { testid: "toast" }, text);
  toasts.append(node);
  setTimeout(() => node.remove(), 3200 + text.length * 25);
}

/** Says a refusal instead of losing it; for event listeners. */
export const saying = (act) => async (...given) => {
  try {
    return await act(...given);
  } catch (error) {
    toast(error.message);
    return undefined;
  }
};

/** A modal dialog; resolves with what `close(value)` was given, or null. `fill(close)` returns { body, acts }. */
export function dialog(title, fill, props = {}) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const close = (value = null) => { veil.remove(); before?.focus?.(); resolve(value); };
    const { body, acts = [] } = fill(close);
    const box = h("div.dialog", { role: "dialog", "aria-modal": true, "aria-label": title || "Message", ...props },
      title ? h("h2", {}, title) : null, h("div.body", {}, body), acts.length ? h("div.acts", {}, acts) : null);
    const veil = h("div.veil", {
      onclick: (event) => { if (event.target === veil) close(); },
      onkeydown: (event) => {
        if (event.key === "Escape") { event.stopPropagation(); close(); }
        if (event.key === "Tab") keepInside(event, box);
      },
    }, box);
    document.body.append(veil);
    (box.querySelector("[data-first]") ?? box.querySelector("input, button"))?.focus();
  });
}

function keepInside(event, box) {
  const stops = [...box.querySelectorAll("button, input, textarea, select, a[href]")].filter((stop) => !stop.disabled);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

export const tell = (text) => dialog("", (close) => ({
  body: text,
  acts: [h("button.plain", { testid: "alert-ok", type: "button", "data-first": true, onclick: () => close() }, "OK")],
}), { "data-testid": "alert" });

export const confirm = (title, text, yes, danger = false) => dialog(title, (close) => ({
  body: h("p", {}, text),
  acts: [
    h("button.plain", { type: "button", onclick: () => close(false) }, "Cancel"),
    h("button.plain", { class: danger ? "danger" : "", testid: "confirm", type: "button", "data-first": true, onclick: () => close(true) }, yes),
  ],
}), { "data-testid": "confirm-dialog" });

let shut = () => {};

/** A menu at a point; each item is { label, icon, act, danger, chosen, testid }. */
export function menu(x, y, items, label, look = "") {
  shut();
  const before = document.activeElement;
  const box = h("div.menu", { role: "menu", class: look, "aria-label": label, testid: "menu" }, items.filter(Boolean).map((item) =>
    h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : item.chosen ? "chosen" : "", testid: item.testid,
      onclick: () => { shut(); item.act(); } }, item.icon ? icon(item.icon) : null, item.label)));
  document.body.append(box);
  box.style.left = `${Math.max(6, Math.min(x, innerWidth - box.offsetWidth - 6))}px`;
  box.style.top = `${Math.max(6, y + box.offsetHeight > innerHeight - 6 ? y - box.offsetHeight : y)}px`;
  const outside = (event) => { if (!box.contains(event.target)) shut(); };
  shut = () => { box.remove(); removeEventListener("pointerdown", outside, true); shut = () => {}; before?.focus?.(); };
  addEventListener("pointerdown", outside, true);
  box.addEventListener("keydown", (event) => {
    const stops = [...box.children];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowRight") stops[(at + 1) % stops.length].focus();
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") stops.at(at - 1).focus();
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.querySelector("button")?.focus();
}

export function viewPhoto(file, words) {
  const close = () => { box.remove(); before?.focus?.(); };
  const before = document.activeElement;
  const box = h("div.viewer", { role: "dialog", "aria-modal": true, "aria-label": "Photo", testid: "viewer",
    onclick: (event) => { if (event.target === box) close(); },
    onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } } },
  h("img", { src: file.url, alt: words || "Photo" }),
  words ? h("p", {}, bdi(words)) : null,
  h("div.acts", {},
    h("a.round", { href: file.url, download: file.name ?? "photo", "aria-label": "Save", title: "Save" }, icon("download")),
    iconButton("close", "Close", close, { testid: "viewer-close" })));
  document.body.append(box);
  box.querySelector("button").focus();
}

export function personRow(person, note, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props }, avatar(person),
    h("span.two", {}, h("b.clip", {}, bdi(person.name)), h("small.clip", {}, note)));
}
