// One person's window: his chats, the open conversation or settings, and the line over which news arrives.
import { get, live, post } from "./api.js";
import { ChatList } from "./chatlist.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { setNow } from "./dates.js";
import { avatar, bdi, h, icon, iconButton } from "./dom.js";
import { parse } from "./links.js";
import { confirm, menu, saying, toast } from "./overlay.js";
import { choosePerson, newGroup, newTitle } from "./people.js";
import { Settings } from "./settings.js";
import { TopicList, chooseGroup, may, showMembers, topicName } from "./topics.js";

export class Pane {
  constructor(person, { app, index }) {
    Object.assign(this, { person, app, index, peer: null, topic: null, topics: null, talk: null, settings: null, opening: 0, coming: null });
    this.list = new ChatList(person.id, { open: (peer) => this.open(peer), openGroup: () => this.openGroup() });
    this.switch = h("button.switch", { type: "button", testid: "people-button", "aria-label": `You are ${person.name}. Be someone else`, onclick: () => app.switchPerson(this) },
      avatar(person), h("span.you", {}, h("small.clip", {}, person.role ? "You · " : "You", person.role ? h("span.role", {}, person.role) : null), h("b.clip", {}, bdi(person.name))), icon("chevron", "small"));
    this.main = h("div.main", {});
    this.window = h("div.window", {}, h("aside.side", {}, h("div.me", {}, this.switch, iconButton("gear", "Telegram settings", () => this.openSettings(), { testid: "settings-button" })),
      this.list.find, this.list.box), this.main);
    this.node = h("section.pane", { testid: `pane-${index}`, "data-person": person.id, "aria-label": `Window of ${person.name}`, onkeydown: (event) => this.keyed(event),
      ondragover: (event) => this.dragged(event), ondragleave: () => this.window.classList.remove("dropping"), ondrop: (event) => this.dropped(event) }, this.window);
    this.line = live(person.id, (event) => this.hear(event), () => this.refresh());
    this.blank();
    this.line.ready.then(() => this.list.load());
  }

  blank() {
    this.main.replaceChildren(h("div.blank", {}, h("img", { src: "/static/icon.svg", alt: "" }), h("b", {}, "Choose a chat"),
      h("p", {}, "Or search for a person or bot by name and write first.")));
    this.window.classList.remove("open");
  }

  open = saying(async (peer, { message = null, start = null, topic = null } = {}) => {
    const opening = ++this.opening;
    this.coming = { peer, events: [] };
    await this.line.ready;
    const chat = await get(`${this.person.id}/chat/${peer}`, { topic });
    if (opening !== this.opening) return;
    this.leave();
    this.peer = chat.peer;
    if (chat.peer.forum && topic === null) { this.openTopics(); return; }
    this.topic = chat.topic ?? null;
    const act = { peer, pressed: (id) => { this.talk.pressed = id; }, follow: (url) => this.follow(url), openPerson: (id) => this.open(id), command: chat.peer.bot ? (text) => this.composer.say(text) : null };
    this.talk = new Conversation(this.person.id, peer, { act, topic: this.topic?.id ?? null, onAim: (aim) => this.composer.take(aim),
      pins: chat.peer.group && may(chat.peer, this.person.id, "pin_messages") ? (one) => this.pin(one) : null });
    this.talk.readUpTo = chat.read;
    this.composer = new Composer(this.person.id, chat.peer, { chat, start, mine: this.person.name, lastOwn: () => this.talk.lastOwn() });
    this.manager = h("div", { hidden: true });
    this.pinned = h("div", { hidden: true });
    this.main.replaceChildren(this.header(chat.peer), this.manager, this.pinned, this.talk.scroll, this.talk.down, this.composer.node);
    this.drawManager(chat.manager);
    this.drawPinned(chat.pinned);
    this.window.classList.add("open");
    this.composer.typed(); // a draft has its height only where it is seen
    this.list.mark(peer);
    this.app.remember();
    await this.talk.load(message);
    if (opening !== this.opening) return;
    const { events } = this.coming;
    this.coming = null;
    for (const event of events) this.hearTalk(event);
    if (matchMedia("(hover: hover)").matches) this.composer.input.focus({ preventScroll: true });
    this.seen();
  });

  /** A forum shows its topics first. */
  openTopics() {
    this.coming = null;
    this.topics = new TopicList(this.person.id, this.peer, { open: (topic) => this.open(this.peer.id, { topic }) });
    this.main.replaceChildren(this.header(this.peer), this.topics.node);
    this.window.classList.add("open");
    this.list.mark(this.peer.id);
    this.app.remember();
    this.topics.load();
  }

  /** What was pinned last stands above the messages; a press leads to it. */
  drawPinned(one) {
    this.pinned.hidden = !one;
    if (!one) return;
    this.pinned.className = "pinned";
    this.pinned.replaceChildren(h("button", { type: "button", testid: "pinned", onclick: () => this.talk.jump(one.id) },
      icon("pin"), h("span.clip", {}, h("b", {}, "Pinned"), " ", bdi(one.text || one.kind))));
  }

  pin = saying(async (message) => {
    await post(`${this.person.id}/topics/${this.peer.id}`, { act: message.pinned ? "unpin" : "pin", message: message.id });
    await this.refreshSurroundings();
  });

  header(peer) {
    const own = peer.id === this.person.id;
    const below = peer.group ? `${peer.members.length} ${peer.members.length === 1 ? "member" : "members"}` : peer.bot ? "bot" : [peer.username && `@${peer.username}`, peer.phone].filter(Boolean).join(" · ") || "client";
    this.below = h("p.clip", { testid: "chat-status" }, own ? "notes to yourself" : this.topic ? bdi(peer.name) : below);
    this.below.usual = this.below.textContent;
    const back = this.topic ? iconButton("back", "Back to the topics", () => this.open(peer.id), { testid: "back-to-topics" })
      : iconButton("back", "Back to chats", () => this.close(), { class: "back", testid: "back" });
    return h("header.top", {}, back,
      h("div.who", {}, avatar(peer), h("div", { style: { "min-width": 0 } }, h("h2.clip", { testid: "chat-title" }, own ? "Saved Messages" : bdi(this.topic?.name ?? peer.name)), this.below)),
      iconButton("more", "Chat actions", (event) => this.chatMenu(event.currentTarget), { testid: "chat-actions", "aria-haspopup": "menu" }));
  }

  openGroup = saying(async () => {
    const group = await newGroup(this.person.id);
    if (group) await this.open(group.id);
  });

  /** What may be done with a group. */
  groupMenu(place) {
    const change = saying(async (asked) => { await this.open((await post(`${this.person.id}/groups/${this.peer.id}`, asked)).id); });
    const { peer, person: me } = this;
    const own = peer.owner === me.id;
    const forum = saying(async (asked) => { const { id } = await post(`${me.id}/topics/${peer.id}`, asked); await this.open(peer.id, { topic: id ?? null }); });
    menu(place.right - 220, place.bottom + 4, [
      peer.forum && may(peer, me.id, "manage_topics") ? { label: "New topic", icon: "edit", testid: "topic-new", act: async () => { const name = await topicName("New topic"); if (name) forum({ act: "create", name }); } } : null,
      { label: "Members", icon: "group", testid: "group-members", act: async () => { await showMembers(me.id, peer); this.open(peer.id); } },
      peer.super && may(peer, me.id, "change_info") ? { label: peer.forum ? "Topics off" : "Topics on", icon: "keyboard", testid: "group-forum", act: () => forum({ act: "switch", on: !peer.forum }) } : null,
      { label: "Add somebody", icon: "person_add", testid: "group-add", act: async () => { const person = await choosePerson(); if (person) change({ act: "add", person: person.id }); } },
      { label: "Rename", icon: "edit", testid: "group-rename", act: async () => { const title = await newTitle(this.peer.name); if (title) change({ act: "rename", title }); } },
      own && !this.peer.super ? { label: "Make it a supergroup", icon: "group", testid: "group-upgrade", act: () => change({ act: "upgrade" }) } : null,
      own ? { label: "Delete the group", icon: "trash", danger: true, testid: "group-delete", act: async () => { if (await confirm("Delete the group", `${peer.name} disappears for everybody.`, "Delete", true)) this.deleteGroup(); } } : null,
      { label: "Leave", icon: "out", danger: true, testid: "group-leave", act: async () => { if (await confirm("Leave", `Leave ${this.peer.name}?`, "Leave", true)) this.leaveGroup(); } },
    ], "Group actions");
  }

  /** What may be done with a topic. */
  topicMenu(place) {
    const { peer, topic, person: me } = this;
    const change = saying(async (asked) => { await post(`${me.id}/topics/${peer.id}`, { topic: topic.id, ...asked }); await this.open(peer.id, asked.act === "delete" ? {} : { topic: topic.id }); });
    const manages = topic.id !== 0 && may(peer, me.id, "manage_topics");
    menu(place.right - 220, place.bottom + 4, [
      { label: "All topics", icon: "back", testid: "topic-all", act: () => this.open(peer.id) },
      manages ? { label: "Rename", icon: "edit", testid: "topic-rename", act: async () => { const name = await topicName("Rename topic", topic.name); if (name) change({ act: "rename", name }); } } : null,
      manages ? { label: topic.closed ? "Open again" : "Close", icon: "pause", testid: "topic-close", act: () => change({ act: topic.closed ? "reopen" : "close" }) } : null,
      topic.id !== 0 && may(peer, me.id, "delete_messages") ? { label: "Delete", icon: "trash", danger: true, testid: "topic-delete", act: async () => { if (await confirm("Delete topic", "Everything that was said in it is deleted for everybody.", "Delete", true)) change({ act: "delete" }); } } : null,
    ], "Topic actions");
  }

  deleteGroup = saying(async () => {
    await post(`${this.person.id}/admins/${this.peer.id}`, { act: "delete", person: this.person.id });
    this.close();
    await this.list.load();
  });

  leaveGroup = saying(async () => {
    await post(`${this.person.id}/groups/${this.peer.id}`, { act: "leave" });
    this.close();
    await this.list.load(); // a supergroup is gone from it, a group stays for what was said
  });

  chatMenu(button) {
    const place = button.getBoundingClientRect();
    if (this.topic) return this.topicMenu(place);
    if (this.peer.group) return this.groupMenu(place);
    const { blocked } = this.composer.chat;
    const toBeOther = this.peer.bot || this.peer.id === this.person.id ? null
      : { label: `Be ${this.peer.name} side by side`, icon: "split", testid: "be-peer", act: () => this.app.beside(this, this.peer, this.person.id) };
    menu(place.right - 220, place.bottom + 4, [toBeOther,
      { label: blocked ? "Unblock" : "Block", icon: "close", danger: !blocked, testid: "block", act: saying(async () => {
        if (!blocked && !await confirm("Block", `${this.peer.name} can no longer write to you.`, "Block", true)) return;
        await post(`${this.person.id}/block/${this.peer.id}`, { blocked: !blocked });
      }) }], "Chat actions");
  }

  drawManager(bot) {
    this.manager.hidden = !bot;
    if (!bot) return;
    this.manager.className = "manage";
    this.manager.replaceChildren(avatar(bot), h("p.clip", {}, bdi(bot.name), h("small", {}, "manages this chat for you")),
      h("button", { type: "button", testid: "manage-bot", onclick: saying(() => this.manage(bot)) }, "Manage Bot"));
  }

  async manage(bot) {
    await post(`${this.person.id}/send/${bot.id}`, { text: `/start bizChat${this.peer.id}` });
    await this.open(bot.id);
  }

  /** Follows a Telegram link inside this window; false for any other link. */
  follow(url) {
    const target = parse(url);
    if (!target) return false;
    if (target.startgroup !== undefined && target.startgroup !== null) this.startGroup(target);
    else if (target.domain) this.openDomain(target);
    else if (target.user) this.open(target.user, { message: target.message ?? null });
    else toast(target.login ? "Approve this in Settings · Devices · Link a device." : "The sandbox does not know this kind of link.");
    return true;
  }

  openDomain = saying(async ({ domain, start }) => {
    const person = await get("resolve", { domain });
    await this.open(person.id, { start: start ?? null });
  });

  /** A bot's link into a group: which one is asked, then the bot is there with the rights that it wants. */
  startGroup = saying(async ({ domain, startgroup, admin }) => {
    const bot = await get("resolve", { domain });
    const group = await chooseGroup(this.person.id, bot);
    if (!group) return;
    const { id } = await post(`${this.person.id}/startgroup/${group.id}`, { bot: bot.id, word: startgroup, rights: (admin ?? "").split(/[ +]/) });
    await this.open(id, { topic: group.forum ? 0 : null });
  });

  openSettings() {
    this.opening += 1;
    this.coming = null;
    this.leave();
    this.list.mark(null);
    this.settings = new Settings(this.person.id, { close: () => this.close(), suggested: this.app.bot });
    this.main.replaceChildren(...this.settings.node.childNodes);
    this.main.dataset.testid = "settings";
    this.window.classList.add("open");
    this.app.remember();
  }

  close() {
    this.opening += 1;
    this.coming = null;
    this.leave();
    this.list.mark(null);
    this.blank();
    this.app.remember();
  }

  leave() {
    this.talk?.close();
    delete this.main.dataset.testid;
    Object.assign(this, { talk: null, composer: null, peer: null, topic: null, topics: null, settings: null });
  }

  hear(event) {
    if (event.type === "time") { setNow(event.now); this.list.load(); this.refresh(); }
    if (event.type === "badge") this.app.badge(event.person, event.unread);
    if (event.type === "settings" && (!event.peer || event.peer === this.peer?.id || !this.peer?.group)) this.refreshSurroundings();
    if (this.topics && event.peer === this.peer?.id) this.topics.load();
    if (event.type === "acting" && event.peer === this.peer?.id) this.showActing(event.action);
    if (event.type === "person") this.renamed(event.person);
    if (!["message", "edit", "delete", "read"].includes(event.type)) return;
    this.list.hear(event.peer, event.row);
    if (event.peer === this.coming?.peer) this.coming.events.push(event);
    else if (event.peer === this.peer?.id && this.talk) this.hearTalk(event);
  }

  /** News of the open conversation; what comes while it is being opened waits until it stands. */
  hearTalk(event) {
    if (event.message?.topic !== undefined && event.message.topic !== null && event.message.topic !== this.topic?.id) return;
    this.talk.hear(event);
    if (event.message?.service?.type === "pinned_message") this.refreshSurroundings();
    if (event.type !== "read" && JSON.stringify(event.keyboard) !== JSON.stringify(this.composer.chat.keyboard)) this.composer.update({ keyboard: event.keyboard });
    if (event.type === "message") { this.showActing(null); this.seen(); }
  }

  renamed(person) {
    if (person.id === this.peer?.id) this.refreshSurroundings();
    const row = this.list.rows.get(person.id);
    if (row) this.list.hear(person.id, { ...row, peer: person });
  }

  showActing(action) {
    clearTimeout(this.acting);
    const words = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…", record_voice: "recording…" };
    this.below.textContent = action ? words[action] ?? "busy…" : this.below.usual;
    if (action) this.acting = setTimeout(() => this.showActing(null), 5000);
  }

  /** What came is read while the window is looked at. */
  seen() {
    if (this.peer && document.visibilityState === "visible") post(`${this.person.id}/read/${this.peer.id}`).catch(() => {});
  }

  refreshSurroundings = saying(async () => {
    if (this.settings) this.settings.load();
    if (!this.peer) return;
    const { talk } = this;
    const chat = await get(`${this.person.id}/chat/${this.peer.id}`, { topic: this.topic?.id });
    if (talk !== this.talk || !this.peer) return;
    if (Boolean(chat.peer.forum) !== Boolean(this.topics || this.topic)) { this.open(this.peer.id); return; }
    this.peer = chat.peer;
    if (!talk) return;
    this.drawManager(chat.manager);
    this.drawPinned(chat.pinned);
    this.composer.update(chat);
  });

  async refresh() {
    await this.list.load();
    if (this.talk && this.talk.stuck) await this.talk.load();
    await this.refreshSurroundings();
  }

  keyed(event) {
    if (event.key === "Escape" && (this.talk || this.settings)) this.close();
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      this.list.input.focus();
    }
  }

  dragged(event) {
    if (!this.composer || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.window.classList.add("dropping");
  }

  dropped(event) {
    event.preventDefault();
    this.window.classList.remove("dropping");
    const files = [...event.dataTransfer.files];
    if (this.composer && files.length) this.composer.sendFiles(files, files.every((file) => /^image\/(jpeg|png|webp)$/.test(file.type)) ? "photo" : "file");
  }

  /** The part of the address that brings this window back. */
  get address() {
    const place = [this.person.id, this.settings ? "settings" : this.peer?.id].filter(Boolean);
    return (this.topic ? [...place, this.topic.id] : place).join("/");
  }

  end() {
    this.leave();
    this.line.hangUp();
    this.node.remove();
  }
}
