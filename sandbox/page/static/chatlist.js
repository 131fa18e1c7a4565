// One person's chats, newest first, fetched page by page; and a search over chats and people.
import { get } from "./api.js";
import { brief } from "./dates.js";
import { avatar, bdi, h, icon, iconButton } from "./dom.js";
import { inBrief } from "./media.js";
import { saying } from "./overlay.js";
import { ticks } from "./message.js";

export class ChatList {
  constructor(me, { open, openGroup }) {
    Object.assign(this, { me, open, rows: new Map(), total: 0, current: null, loading: false, asked: 0 });
    this.box = h("div.chats", { testid: "chat-list", role: "list", "aria-label": "Chats", onscroll: () => this.scrolled(), onkeydown: (event) => this.keyed(event) });
    this.input = h("input", { type: "search", placeholder: "Search", "aria-label": "Search chats and people", testid: "chat-search", autocomplete: "off",
      oninput: () => this.search(), onkeydown: (event) => this.searchKeyed(event) });
    this.find = h("div.find", {}, icon("search"), this.input, iconButton("group", "New group", openGroup, { testid: "new-group" }));
  }

  load = saying(async () => {
    const asked = ++this.asked;
    const page = await get(`${this.me}/dialogs`, { q: this.input.value.trim() });
    if (asked !== this.asked) return;
    this.rows = new Map(page.rows.map((row) => [row.peer.id, row]));
    this.total = page.total;
    this.others = page.others;
    this.box.scrollTop = 0;
    this.draw();
  });

  async scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (this.loading || this.rows.size >= this.total || scrollHeight - clientHeight - scrollTop > 700) return;
    this.loading = true;
    const asked = this.asked;
    const page = await get(`${this.me}/dialogs`, { q: this.input.value.trim(), offset: this.rows.size }).catch(() => null);
    this.loading = false;
    if (!page || asked !== this.asked) return;
    for (const row of page.rows) {
      if (this.rows.has(row.peer.id)) continue;
      this.rows.set(row.peer.id, row);
      this.box.append(this.draw_row(row));
    }
    this.total = page.total;
  }

  /** Opens a chat; what was searched for is found, and the list hears of news again. */
  choose(peer) {
    if (this.input.value) {
      this.input.value = "";
      this.load();
    }
    this.open(peer);
  }

  search() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.load(), 90);
  }

  searchKeyed(event) {
    if (event.key === "Escape" && this.input.value) {
      event.stopPropagation();
      this.input.value = "";
      this.load();
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.box.querySelector(".chat")?.focus();
    }
    if (event.key === "Enter") this.box.querySelector(".chat")?.click();
  }

  keyed(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const all = [...this.box.querySelectorAll(".chat")];
    const at = all.indexOf(document.activeElement);
    event.preventDefault();
    if (event.key === "ArrowUp" && at === 0) this.input.focus();
    else all[Math.min(all.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
  }

  /** A row of a live event: it moves to its place, which is the top for anything new; no other row is touched. */
  hear(peer, row) {
    if (this.input.value) return;
    const old = this.nodeOf(peer);
    if (this.rows.delete(peer)) this.total -= 1;
    if (row?.last) this.insert(peer, row, old === document.activeElement);
    old?.remove();
    if (!this.rows.size || this.rows.size === 1) this.draw();
  }

  insert(peer, row, focused) {
    const others = [...this.rows];
    const place = others.findIndex(([, other]) => other.last.date <= row.last.date);
    this.total += 1;
    if (place < 0 && others.length < this.total - 1) return; // below what was fetched so far
    const at = place < 0 ? others.length : place;
    const node = this.draw_row(row);
    this.rows = new Map([...others.slice(0, at), [peer, row], ...others.slice(at)]);
    this.box.insertBefore(node, others[at] ? this.nodeOf(others[at][0]) : this.box.querySelector("h3"));
    if (focused) node.focus();
  }

  nodeOf(peer) {
    return this.box.querySelector(`.chat[data-peer="${peer}"]`);
  }

  mark(peer) {
    this.current = peer;
    for (const node of this.box.querySelectorAll(".chat")) node.setAttribute("aria-current", Number(node.dataset.peer) === peer);
  }

  draw() {
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.peer : null;
    const old = new Map([...this.box.querySelectorAll(".chat[data-peer]")].map((node) => [node.dataset.peer, node]));
    const nodes = [...this.rows.values()].map((row) => {
      const known = old.get(String(row.peer.id));
      return known?.signature === this.signature(row) ? known : this.draw_row(row);
    });
    const others = this.others?.length ? [h("h3", {}, "People and bots"), ...this.others.map((person) => this.draw_other(person))] : [];
    const none = nodes.length + others.length ? null : h("p.none", {}, this.input.value ? "Nobody by this name." : "No chats yet. Search for someone by name to write to them.");
    this.box.replaceChildren(...nodes, ...others, ...(none ? [none] : []));
    if (focused) this.box.querySelector(`[data-peer="${focused}"]`)?.focus();
  }

  signature = (row) => JSON.stringify([row, row.peer.id === this.current, row.last && brief(row.last.date)]);

  draw_row(row) {
    const { peer, last, unread, read } = row;
    const own = peer.id === this.me;
    const [kind, text] = last ? inBrief(last) : [null, ""];
    const mine = last?.out && !own ? h("span.own", {}, "You: ") : null;
    const preview = mine || kind
      ? h("span.last.clip", {}, mine, kind ? h("span.what", {}, kind) : null, kind && text ? " · " : null, text ? bdi(text) : null)
      : h("span.last.clip", { dir: "auto" }, text);
    const node = h("button.chat", { type: "button", testid: `chat-${peer.id}`, "data-peer": peer.id, "aria-current": peer.id === this.current ? "true" : "false", onclick: () => this.choose(peer.id) },
      avatar(peer),
      h("span.line", {}, h("span.name.clip", {}, peer.group ? h("span", { role: "img", "aria-label": "Group" }, icon("group")) : null, own ? "Saved Messages" : bdi(peer.name), peer.bot ? h("span.badge", {}, "bot") : null),
        last?.out && !own ? ticks(read) : null, last ? h("time", {}, brief(last.date)) : null),
      h("span.line", {}, preview,
      unread ? h("span.count", { "aria-label": `${unread} unread` }, unread) : null));
    node.signature = this.signature(row);
    return node;
  }

  draw_other(person) {
    return h("button.chat", { type: "button", testid: `chat-${person.id}`, onclick: () => this.choose(person.id) }, avatar(person),
      h("span.line", {}, h("span.name.clip", {}, bdi(person.name), person.bot ? h("span.badge", {}, "bot") : null)),
      h("span.line", {}, h("span.last.clip", {}, person.username ? `@${person.username}` : "")));
  }
}
