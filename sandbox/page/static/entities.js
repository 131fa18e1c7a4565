// A text with its entities as elements; offsets count UTF-16 units, as JavaScript's own strings do.
import { h, icon } from "./dom.js";
import { toast } from "./overlay.js";

/** Nodes of the text. `act` holds what a press on a link, mention or command does: follow(url), openPerson(id), command(text). */
export function words(text, entities, act) {
  const sane = entities.filter((entity) => entity.length > 0 && entity.offset >= 0 && entity.offset < text.length);
  return within(text, 0, text.length, sane.sort((one, other) => one.offset - other.offset || other.length - one.length), act);
}

function within(text, from, to, entities, act) {
  const nodes = [];
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (start >= end) continue;
    if (start > at) nodes.push(text.slice(at, start));
    const inner = entities.slice(index + 1).filter((other) => other.offset < end && other.offset + other.length > start);
    nodes.push(wrap(entity, text.slice(start, end), within(text, start, end, inner, act), act));
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end; // a block ends its line itself
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

const WRAPS = {
  bold: (entity, raw, inside) => h("b", {}, inside),
  italic: (entity, raw, inside) => h("i", {}, inside),
  underline: (entity, raw, inside) => h("u", {}, inside),
  strikethrough: (entity, raw, inside) => h("s", {}, inside),
  code: (entity, raw, inside) => h("code", { title: "Copy", onclick: () => copy(raw) }, inside),
  pre: (entity, raw, inside) => h("pre", { "data-language": entity.language }, inside),
  spoiler: (entity, raw, inside) => spoiler(inside),
  blockquote: (entity, raw, inside) => h("blockquote", {}, inside),
  expandable_blockquote: (entity, raw, inside) => folded(raw, inside),
  text_link: (entity, raw, inside, act) => link(entity.url, inside, act),
  url: (entity, raw, inside, act) => link(/^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `https://${raw}`, inside, act),
  email: (entity, raw, inside, act) => link(`mailto:${raw}`, inside, act),
  phone_number: (entity, raw, inside, act) => link(`tel:${raw.replace(/[^\d+]/g, "")}`, inside, act),
  mention: (entity, raw, inside, act) => link(`https://t.me/${raw.slice(1)}`, inside, act),
  text_mention: (entity, raw, inside, act) => link(`tg://user?id=${entity.user_id}`, inside, act),
  hashtag: (entity, raw, inside) => h("span.tag", {}, inside),
  bot_command: (entity, raw, inside, act) => !act.command ? h("span", {}, inside) : h("a", { href: "#", class: "command", onclick: (event) => { event.preventDefault(); act.command(raw); } }, inside),
};

const wrap = (entity, raw, inside, act) => WRAPS[entity.type]?.(entity, raw, inside, act) ?? h("span", {}, inside);

const SAFE = /^(https?|tg|mailto|tel):/i;

/** A link leads out only by a scheme that cannot run anything here. */
function link(url, inside, act) {
  if (!SAFE.test(url ?? "")) return h("span", {}, inside);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url,
    onclick: (event) => { if (act.follow(url)) event.preventDefault(); } }, inside);
}

function spoiler(inside) {
  const show = () => { node.classList.add("shown"); node.removeAttribute("role"); node.tabIndex = -1; };
  const node = h("span.spoiler", { role: "button", tabIndex: 0, "aria-label": "Hidden text: press to show", onclick: show,
    onkeydown: (event) => { if (event.key === "Enter") show(); } }, inside);
  return node;
}

function folded(raw, inside) {
  if (raw.length < 160 && raw.split("\n").length < 4) return h("blockquote", {}, inside);
  const turn = () => {
    const open = quote.classList.toggle("open");
    quote.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", open);
  };
  const button = h("button.fold", { type: "button", "aria-label": "Show all", "aria-expanded": "false", onclick: turn }, icon("chevron"));
  const quote = h("blockquote.folded", {}, inside, button);
  return quote;
}

export async function copy(text) {
  await navigator.clipboard.writeText(text).catch(() => {});
  toast("Copied to clipboard");
}
