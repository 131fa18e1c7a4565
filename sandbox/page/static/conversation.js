// A conversation: a window onto its history that grows at both ends, kept in place while messages come, change and go.
import { get, post } from "./api.js";
import { day } from "./dates.js";
import { h, iconButton } from "./dom.js";
import { copy } from "./entities.js";
import { drawMessage } from "./message.js";
import { confirm, menu, saying } from "./overlay.js";

const NEAR = 320; // pixels from an end at which more is fetched
const EDGE = 8; // pixels that stay free beside what is brought into view
const SIGNS = ["👍", "❤", "🔥", "🎉", "😁", "👎"];
const TOGETHER = 300; // seconds within which messages of one sender stand as one block

export class Conversation {
  constructor(me, peer, { act, onAim, topic = null, pins = null }) {
    Object.assign(this, { me, peer, act, onAim, topic, pins, messages: new Map(), nodes: new Map(), older: false, newer: false, readUpTo: 0, loading: false, pressed: null, held: false });
    this.list = h("div.messages", { role: "log", "aria-label": "Messages" });
    this.scroll = h("div.scroll", { tabIndex: 0, testid: "messages", onscroll: () => this.scrolled() }, this.list);
    this.badge = h("span.count", { hidden: true });
    this.down = h("button.down", { type: "button", hidden: true, testid: "scroll-down", "aria-label": "To the newest message", onclick: () => this.toNewest() });
    this.down.append(iconButton("down", "", null).firstChild, this.badge);
    this.missed = 0;
    for (const hand of ["wheel", "touchstart", "pointerdown", "keydown"]) this.scroll.addEventListener(hand, () => { this.gliding = this.held = false; this.pressed = null; }, { passive: true });
    this.list.addEventListener("contextmenu", (event) => this.contextMenu(event));
    this.list.addEventListener("dblclick", (event) => {
      const group = this.groupAt(event.target);
      if (group && !event.target.closest("button, a")) { getSelection()?.removeAllRanges(); this.onAim({ reply: group[0] }); }
    });
    this.resized = new ResizeObserver(() => { if (this.stuck) this.scroll.scrollTop = this.scroll.scrollHeight; });
    this.resized.observe(this.list);
    this.resized.observe(this.scroll);
    this.stuck = true;
  }

  async load(around = null) {
    const page = await get(`${this.me}/history/${this.peer}`, { around, topic: this.topic });
    this.messages = new Map(page.messages.map((message) => [message.id, message]));
    Object.assign(this, { older: page.older, newer: page.newer });
    this.stuck = !around;
    this.draw();
    if (around) this.show(around);
    else this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  async grow(query, end) {
    if (this.loading) return;
    this.loading = true;
    try {
      const page = await get(`${this.me}/history/${this.peer}`, { ...query, topic: this.topic });
      for (const message of page.messages) this.messages.set(message.id, message);
      this[end] = page[end];
      this.draw();
    } finally {
      this.loading = false;
    }
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    const below = scrollHeight - clientHeight - scrollTop;
    if (below < 40) this.gliding = false;
    if (!this.gliding) this.stuck = below < 40 && !this.newer && !this.held;
    const ids = [...this.messages.keys()];
    if (scrollTop < NEAR && this.older) this.grow({ before: Math.min(...ids) }, "older");
    else if (below < NEAR && this.newer) this.grow({ after: Math.max(...ids) }, "newer");
    this.down.hidden = below < 260 && !this.newer;
    if (this.stuck) this.missed = 0;
    this.badge.hidden = !this.missed;
    this.badge.textContent = this.missed;
  }

  async toNewest() {
    if (this.newer) await this.load();
    this.missed = 0;
    this.stick();
    this.gliding = true; // the places passed on the way are nobody's choice to stop there
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: "smooth" });
  }

  async jump(id) {
    if (!this.messages.has(id)) await this.load(id);
    else this.show(id);
  }

  show(id) {
    const node = this.list.querySelector(`[data-ids~="${id}"]`);
    if (!node) return;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 2300);
  }

  /** A live event of this chat: message, edit, delete or read. */
  hear(event) {
    this.readUpTo = event.read;
    if (event.type === "message") {
      if (this.newer) return;
      this.messages.set(event.message.id, event.message);
      if (event.message.out || this.pressed) this.stick();
      else if (!this.stuck) this.missed += 1;
    }
    if (event.type === "edit" && this.messages.has(event.message.id)) {
      if (this.looksAtNewest() && event.message.id === Math.max(...this.messages.keys())) this.stick();
      this.messages.set(event.message.id, event.message);
    }
    if (event.type === "delete") {
      for (const id of event.messages) this.messages.delete(id);
      for (const message of this.messages.values()) if (event.messages.includes(message.reply?.id)) message.reply = null;
    }
    const { stuck } = this;
    this.draw(event.type === "message" ? event.message.id : null);
    if (event.type === "edit" && event.message.id === this.pressed) this.present(event.message.id);
    if (event.type === "message" && stuck && !event.message.out) this.present(event.message.id);
    this.scrolled();
  }

  /** Draws what changed and only that, holding the first visible message where it stands. */
  draw(fresh = null) {
    const anchor = this.stuck ? null : this.firstVisible();
    const top = anchor?.getBoundingClientRect().top;
    const wanted = this.items();
    const keys = new Set(wanted.map((item) => item.key));
    for (const [key, node] of this.nodes) if (!keys.has(key)) node.remove();
    const kept = new Map();
    let before = this.list.firstChild;
    for (const item of wanted) {
      const node = this.nodeFor(item, fresh);
      kept.set(item.key, node);
      if (node === before) before = before.nextSibling;
      else this.list.insertBefore(node, before);
    }
    this.nodes = kept;
    if (this.stuck) this.scroll.scrollTop = this.scroll.scrollHeight;
    else if (anchor?.isConnected) this.scroll.scrollTop += anchor.getBoundingClientRect().top - top;
  }

  /** Days and groups in order, each with a key and a signature that tells whether it must be drawn again. */
  items() {
    const sorted = [...this.messages.values()].sort((one, other) => one.id - other.id);
    const groups = [];
    for (const message of sorted) {
      const last = groups.at(-1);
      if (message.album && last?.[0].album === message.album && !last.at(-1).markup) last.push(message);
      else groups.push([message]);
    }
    const items = [];
    let today = null;
    groups.forEach((group, at) => {
      const name = day(group[0].date);
      if (name !== today) items.push({ key: `day ${name}`, day: name });
      const near = (other) => other && other[0].out === group[0].out && other[0].sender?.id === group[0].sender?.id && Math.abs(other[0].date - group[0].date) < TOGETHER;
      const first = name !== today || !near(groups[at - 1]);
      const last = !near(groups[at + 1]);
      today = name;
      const read = group[0].out && group.at(-1).id <= this.readUpTo;
      items.push({ key: group[0].id, group, first, last, signature: JSON.stringify([group, read, group[0].sender ? first : null]) });
    });
    return items;
  }

  nodeFor(item, fresh) {
    let node = this.nodes.get(item.key);
    if (item.day) return node ?? h("div.day", {}, item.day);
    const { group } = item;
    if (!node) {
      node = h("div.message", { testid: `message-${item.key}` });
      if (group.some((message) => message.id === fresh)) node.classList.add("fresh");
    }
    if (node.signature !== item.signature) {
      node.signature = item.signature;
      node.group = group;
      node.dataset.ids = group.map((message) => message.id).join(" ");
      node.dataset.out = group[0].out;
      drawMessage(node, group, this, item.first);
    }
    node.classList.toggle("out", group[0].out);
    node.classList.toggle("first", item.first);
    node.classList.toggle("last", item.last);
    return node;
  }

  /** Is any of the newest message in sight? Then it stays in sight, whole, when it is drawn anew. */
  looksAtNewest() {
    const last = this.list.lastElementChild;
    return !this.newer && last && last.getBoundingClientRect().top < this.scroll.getBoundingClientRect().bottom;
  }

  /** Moves no further than it must for this message to be in view; of one taller than the window, its beginning is. */
  present(id) {
    const node = this.list.querySelector(`[data-ids~="${id}"]`);
    if (!node) return;
    const view = this.scroll.getBoundingClientRect();
    const place = node.getBoundingClientRect();
    const above = place.top - view.top - EDGE;
    const below = place.bottom - view.bottom + EDGE;
    if (above < 0 || place.height > view.height - 2 * EDGE) this.scroll.scrollTop += above;
    else if (below > 0) this.scroll.scrollTop += below;
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    this.held = scrollHeight - clientHeight - scrollTop > 1; // however near the end is, news do not move it
    if (this.held) this.stuck = false;
  }

  stick() {
    this.stuck = true;
    this.held = false;
  }

  firstVisible() {
    const edge = this.scroll.getBoundingClientRect().top;
    return [...this.list.children].find((node) => node.group && node.getBoundingClientRect().bottom > edge);
  }

  groupAt(target) {
    return target.closest(".message")?.group;
  }

  contextMenu(event) {
    const group = this.groupAt(event.target);
    if (!group || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    this.offer(group, event.clientX, event.clientY);
  }

  actions(group, button) {
    const place = button.getBoundingClientRect();
    this.offer(group, place.left, place.bottom + 4);
  }

  offer(group, x, y) {
    const message = group[0];
    const said = group.find((each) => each.text);
    menu(x, y, [
      message.service || message.alone ? null : { label: "React", icon: "smile", testid: "context-react", act: () => this.offerSigns(message, x, y) },
      { label: "Reply", icon: "reply", testid: "context-reply", act: () => this.onAim({ reply: message }) },
      message.out && said && !message.service ? { label: "Edit", icon: "edit", testid: "context-edit", act: () => this.onAim({ edit: said }) } : null,
      this.pins && !message.service && !message.alone ? { label: message.pinned ? "Unpin" : "Pin", icon: "pin", testid: "context-pin", act: () => this.pins(message) } : null,
      said ? { label: "Copy text", icon: "copy", testid: "context-copy", act: () => copy(said.text) } : null,
      { label: "Delete for everyone", icon: "trash", danger: true, testid: "context-delete", act: saying(() => this.remove(group)) },
    ], "Message actions");
  }

  offerSigns(message, x, y) {
    const mine = message.reactions.find((one) => one.mine)?.sign;
    menu(x, y, SIGNS.map((sign) => ({ label: sign, testid: `react-${sign}`, chosen: sign === mine, act: () => this.react(message, sign) })), "Reactions", "signs");
  }

  /** Puts a sign under a message; the same once more takes it away. */
  react = saying(async (message, sign) => {
    const mine = message.reactions.some((one) => one.mine && one.sign === sign);
    await post(`${this.me}/react/${message.id}`, { peer: this.peer, emoji: mine ? "" : sign });
  });

  async remove(group) {
    if (!await confirm("Delete message", "It disappears for both sides.", "Delete", true)) return;
    await post(`${this.me}/delete`, { peer: this.peer, messages: group.map((message) => message.id) });
  }

  lastOwn() {
    return [...this.messages.values()].filter((message) => message.out && message.text && !message.service).sort((one, other) => other.id - one.id)[0];
  }

  close() {
    this.resized.disconnect();
  }
}
