// The whole page: the rail of people and one or two windows, kept in the address as #<person>/<peer>+<person>/<peer>.
//
// Stable names for tests (data-testid): see sandbox/page/README.md.
import { get } from "./api.js";
import { now, setNow } from "./dates.js";
import { avatar, bdi, h, icon, iconButton } from "./dom.js";
import { toggleDrawer } from "./drawer.js";
import { saying } from "./overlay.js";
import { Pane } from "./pane.js";
import { choosePerson, newClient } from "./people.js";

class App {
  constructor({ people, bot, now: seconds }) {
    setNow(seconds);
    Object.assign(this, { bot, people: new Map(people.map((person) => [person.id, person])), panes: [], active: 0 });
    this.rail = h("nav.people", { "aria-label": "People" });
    this.box = h("main.panes", { onfocusin: (event) => this.focused(event) });
    this.splitButton = iconButton("split", "Side by side", () => this.split(), { testid: "split-toggle" });
    this.themeButton = iconButton("moon", "Dark or light", () => this.turnTheme(), { testid: "theme-toggle" });
    document.getElementById("app").append(
      h("div.rail", {}, this.rail, h("div.tools", {}, this.tools.slice(0, 1).map((tool) => iconButton(tool.icon, tool.label, tool.act, { testid: tool.testid })),
        this.splitButton, this.themeButton, iconButton("tools", "Sandbox: time and faults", toggleDrawer, { testid: "drawer-toggle" }))),
      this.box);
    this.setTheme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
    addEventListener("hashchange", () => { if (location.hash.slice(1) !== this.address) this.restore(); });
    this.restore();
    this.midnight();
  }

  /** What the rail offers below the people; a narrow screen has it in the switcher. */
  get tools() {
    return [
      { label: "New client", icon: "person_add", testid: "new-client", act: () => this.addClient() },
      { label: "Theme", icon: "moon", testid: "sheet-theme", act: () => this.turnTheme() },
      { label: "Sandbox", icon: "tools", testid: "sheet-drawer", act: toggleDrawer },
    ];
  }

  get address() {
    return this.panes.map((pane) => pane.address).join("+");
  }

  remember() {
    if (this.panes.length && location.hash.slice(1) !== this.address) history.replaceState(null, "", `#${this.address}`);
    this.drawRail();
  }

  restore = saying(async () => {
    const wanted = decodeURIComponent(location.hash.slice(1)).split("+").map((part) => part.split("/"));
    const first = [...this.people.keys()][0];
    const parts = wanted[0][0] ? wanted.slice(0, 2) : [[String(first)]];
    for (const pane of this.panes.splice(0)) pane.end();
    for (const [person, view, topic] of parts) {
      const pane = this.add(await this.person(Number(person)));
      if (view === "settings") pane.openSettings();
      else if (Number(view)) pane.open(Number(view), { topic: topic === undefined ? null : Number(topic) });
    }
    this.drawRail();
  });

  async person(id) {
    if (!this.people.has(id)) {
      const { peer } = await get(`${id}/chat/${id}`);
      this.people.set(id, { ...peer, unread: 0 });
    }
    return this.people.get(id);
  }

  add(person, at = this.panes.length) {
    const pane = new Pane(person, { app: this, index: at });
    this.panes.splice(at, 0, pane);
    this.box.insertBefore(pane.node, this.box.children[at] ?? null);
    return pane;
  }

  focused(event) {
    const at = this.panes.findIndex((pane) => pane.node.contains(event.target));
    if (at >= 0 && at !== this.active) { this.active = at; this.drawRail(); }
  }

  /** Puts a person into a window, in place of whoever was there. */
  be(person, at = Math.min(this.active, this.panes.length - 1)) {
    const twice = this.panes.findIndex((pane, index) => pane.person.id === person.id && index !== at);
    if (twice >= 0) {
      this.active = twice;
      this.panes[twice].list.input.focus();
      this.drawRail();
      return this.panes[twice];
    }
    this.panes[at].end();
    this.panes.splice(at, 1);
    this.people.set(person.id, { ...person, unread: 0, ...this.people.get(person.id) });
    const pane = this.add(person, at);
    this.active = at;
    this.remember();
    return pane;
  }

  async switchPerson(pane) {
    const person = await choosePerson(matchMedia("(max-width: 720px)").matches ? this.tools : []);
    if (person) this.be(person, this.panes.indexOf(pane));
  }

  /** Opens the other side of a conversation in the second window. */
  beside(pane, person, peer) {
    if (matchMedia("(max-width: 720px)").matches) this.be(person, 0).open(peer);
    else if (this.panes.length === 1) { this.add(person).open(peer); this.active = 1; this.remember(); }
    else this.be(person, this.panes.indexOf(pane) === 0 ? 1 : 0).open(peer);
  }

  split() {
    if (this.panes.length > 1) {
      this.panes.pop().end();
      this.active = 0;
    } else {
      const [shown] = this.panes;
      const other = [...this.people.values()].find((person) => person.id === shown.peer?.id) ?? [...this.people.values()].find((person) => person.id !== shown.person.id);
      if (!other) return;
      const pane = this.add(other);
      if (other.id === shown.peer?.id) pane.open(shown.person.id);
      this.active = 1;
    }
    this.remember();
  }

  async addClient() {
    const owner = [...this.people.values()][0];
    const person = await newClient(owner.name);
    if (!person) return;
    const shownOwner = this.panes.find((pane) => pane.person.id === owner.id);
    const pane = this.panes.length > 1 || !shownOwner || matchMedia("(max-width: 720px)").matches
      ? this.be(person, this.panes.length > 1 && shownOwner === this.panes[1] ? 0 : this.panes.length - 1)
      : this.add(person);
    this.people.set(person.id, { ...person, unread: 0 });
    this.active = this.panes.indexOf(pane);
    await pane.open(owner.id);
    this.remember();
  }

  badge(id, unread) {
    const person = this.people.get(id);
    if (!person || person.unread === unread) return;
    person.unread = unread;
    this.drawRail();
  }

  drawRail() {
    const shown = new Set(this.panes.map((pane) => pane.person.id));
    this.splitButton.classList.toggle("on", this.panes.length > 1);
    this.splitButton.setAttribute("aria-pressed", this.panes.length > 1);
    this.rail.replaceChildren(...[...this.people.values()].map((person) => h("button.who", {
      type: "button", testid: `rail-person-${person.id}`, "aria-current": shown.has(person.id) ? "true" : "false", title: [person.name, person.role].filter(Boolean).join(" · "),
      onclick: () => this.be(person) }, avatar(person), h("span.clip", {}, bdi(person.name.split(" ")[0])),
    person.unread && !shown.has(person.id) ? h("span.count", { "aria-label": `${person.unread} unread chats` }, person.unread) : null)));
    document.title = this.panes.length ? `${this.panes.map((pane) => pane.person.name).join(" and ")} · Wysper sandbox` : "Wysper sandbox";
  }

  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    this.themeButton.setAttribute("aria-pressed", theme === "dark");
    this.themeButton.replaceChildren(icon(theme === "dark" ? "sun" : "moon"));
  }

  turnTheme() {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", theme);
    this.setTheme(theme);
  }

  /** "Today" becomes "yesterday" without a reload. */
  midnight() {
    const next = new Date(now()).setHours(24, 0, 2, 0) - now();
    setTimeout(() => { for (const pane of this.panes) pane.refresh(); this.midnight(); }, next);
  }
}

get("world").then((world) => new App(world)).catch((error) => { document.getElementById("app").textContent = error.message; });
