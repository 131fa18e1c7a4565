// Where a person writes: text, photos, files, replies and edits, a bot's commands and keyboard.
import { post } from "./api.js";
import { bdi, h, icon, iconButton } from "./dom.js";
import { InlineOffers } from "./inline.js";
import { replyKeyboard } from "./keys.js";
import { inBrief } from "./media.js";
import { menu, saying } from "./overlay.js";

export class Composer {
  constructor(me, peer, { chat, lastOwn, mine, start = null }) {
    Object.assign(this, { me, peer, chat, lastOwn, mine, start, aim: null, keyboardShown: true });
    this.input = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", testid: "composer-input", spellcheck: true,
      oninput: () => this.typed(), onkeydown: (event) => this.keyed(event), onpaste: (event) => this.pasted(event) });
    this.sendButton = iconButton("send", "Send", () => this.submit(), { class: "send", testid: "send", disabled: true });
    this.picker = (kind, accept) => h("input", { type: "file", multiple: true, hidden: true, accept, testid: `attach-${kind}`,
      onchange: (event) => { this.sendFiles([...event.target.files], kind); event.target.value = ""; } });
    if (chat.draft && start === null) this.input.value = chat.draft;
    this.photos = this.picker("photo", "image/jpeg,image/png,image/webp");
    this.files = this.picker("file", "");
    this.node = h("div.composer", { testid: "composer" });
    this.offers = new InlineOffers(me, peer, { node: this.node, sent: () => { this.input.value = ""; this.typed(); this.input.focus(); } });
    this.draw();
  }

  /** Sends with the page's own words for a refusal. */
  say = saying(async (text, extra = {}) => { await post(`${this.me}/send/${this.peer.id}`, { text, topic: this.chat.topic?.id, ...extra }); });

  draw() {
    const { chat } = this;
    if (chat.closed) {
      this.node.replaceChildren(h("p.closed", { testid: "closed" }, chat.closed));
    } else if (chat.blocked) {
      this.node.replaceChildren(h("button.primary.start", { type: "button", testid: "unblock", onclick: saying(() => this.unblock()) }, "Unblock"));
    } else if (this.peer.bot && (!chat.started || this.start !== null)) {
      this.node.replaceChildren(h("button.primary.start", { type: "button", testid: "start-button", onclick: () => this.begin() }, "Start"));
    } else {
      this.node.replaceChildren(...[this.aimLine(), this.writeLine(), this.keyboard()].filter(Boolean));
      this.typed();
    }
  }

  writeLine() {
    const commands = this.chat.commands.length && iconButton("slash", "Commands of this bot", () => this.toggleCommands(), { testid: "command-menu" });
    const keyboard = this.chat.keyboard && iconButton("keyboard", "Keyboard of this bot",
      () => { this.keyboardShown = !this.keyboardShown; this.draw(); }, { class: this.keyboardShown ? "on" : "", testid: "keyboard-toggle" });
    const attach = iconButton("attach", "Attach", (event) => this.attach(event.currentTarget), { testid: "attach" });
    return h("div.write", {}, commands || null, attach, this.input, keyboard || null, this.sendButton, this.photos, this.files);
  }

  aimLine() {
    if (!this.aim) return null;
    const { reply, edit } = this.aim;
    const message = edit ?? reply;
    const brief = inBrief({ kind: message.file?.kind ?? message.service?.type ?? "text", text: message.text.slice(0, 160) });
    return h("div.aim", { testid: "composer-aim" }, icon(edit ? "edit" : "reply"),
      h("div", {}, h("b.clip", {}, edit ? "Edit message" : "Reply to ", reply ? bdi(message.out ? this.mine : message.sender?.name ?? this.peer.name) : null),
        h("span.clip", { style: { display: "block" } }, brief.filter(Boolean).join(", "))),
      iconButton("close", "Cancel", () => this.take(null)));
  }

  keyboard() {
    const { keyboard } = this.chat;
    if (!keyboard || !this.keyboardShown) return null;
    return replyKeyboard(keyboard, (text) => this.say(text), () => this.say("", { service: { type: "contact", first_name: this.mine, phone_number: "" } }));
  }

  /** What surrounds the chat is new: keyboard, commands, block. */
  update(chat) {
    const focused = document.activeElement === this.input;
    this.chat = { ...this.chat, ...chat };
    this.draw();
    if (focused) this.input.focus();
  }

  /** Aim at a message: { reply } or { edit }, or null for none. */
  take(aim) {
    if (this.aim?.edit && !aim?.edit) this.input.value = "";
    this.aim = aim;
    if (aim?.edit) this.input.value = aim.edit.text;
    this.draw();
    this.input.focus();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.max(39, this.input.scrollHeight)}px`;
    this.sendButton.disabled = !this.input.value.trim();
    this.offers.typed(this.input.value);
    if (/^\/\w*$/.test(this.input.value) && this.chat.commands.length) this.showCommands(this.input.value.slice(1));
    else this.hideCommands();
  }

  keyed(event) {
    const shown = this.commandBox;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && (shown || this.aim)) {
      event.stopPropagation();
      if (shown) this.hideCommands();
      else this.take(null);
    } else if (event.key === "ArrowUp" && !this.input.value && this.lastOwn()) {
      event.preventDefault();
      this.take({ edit: this.lastOwn() });
    } else if (event.key === "Tab" && shown && !event.shiftKey) {
      event.preventDefault();
      shown.querySelector("button").focus();
    }
  }

  submit = saying(async () => {
    const text = this.input.value.trim();
    if (!text) return;
    const { aim } = this;
    this.input.value = "";
    this.aim = null;
    this.draw();
    this.input.focus();
    try {
      if (aim?.edit) await post(`${this.me}/edit/${aim.edit.id}`, { peer: this.peer.id, text });
      else await post(`${this.me}/send/${this.peer.id}`, { text, reply: aim?.reply?.id ?? null, topic: this.chat.topic?.id });
    } catch (error) {
      if (!this.input.value) this.input.value = text;
      this.typed();
      throw error;
    }
  });

  begin = saying(async () => {
    const text = this.start ? `/start ${this.start}` : "/start";
    this.start = null;
    this.chat.started = true;
    await post(`${this.me}/send/${this.peer.id}`, { text });
    this.draw();
    this.input.focus();
  });

  async unblock() {
    await post(`${this.me}/block/${this.peer.id}`, { blocked: false });
    this.update({ blocked: false });
  }

  attach(button) {
    const place = button.getBoundingClientRect();
    menu(place.left, place.top - 4, [
      { label: "Photo", icon: "image", testid: "menu-photo", act: () => this.photos.click() },
      { label: "File", icon: "file", testid: "menu-file", act: () => this.files.click() },
    ], "Attach");
  }

  pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.sendFiles(files, files.every((file) => /^image\/(jpeg|png|webp)$/.test(file.type)) ? "photo" : "file");
  }

  sendFiles = saying(async (files, kind) => {
    if (!files.length) return;
    const form = new FormData();
    form.append("caption", this.input.value.trim());
    form.append("reply", this.aim?.reply?.id ?? "");
    form.append("topic", this.chat.topic?.id ?? "");
    for (const file of files) form.append(kind, file, file.name);
    this.input.value = "";
    this.take(null);
    await post(`${this.me}/files/${this.peer.id}`, form);
  });

  toggleCommands() {
    if (this.commandBox) this.hideCommands();
    else { this.showCommands(""); this.commandBox.querySelector("button").focus(); }
  }

  showCommands(begun) {
    this.hideCommands();
    const fitting = this.chat.commands.filter(([command]) => command.startsWith(begun));
    if (!fitting.length) return;
    this.commandBox = h("div.menu.commands", { testid: "commands", "aria-label": "Commands",
      onkeydown: (event) => { if (event.key === "Escape") { this.hideCommands(); this.input.focus(); } } },
    fitting.map(([command, about]) => h("button", { type: "button", testid: `command-${command}`,
      onclick: () => { this.hideCommands(); this.input.value = ""; this.typed(); this.say(`/${command}`); this.input.focus(); } },
    h("b", {}, `/${command}`), h("span.clip", {}, about))));
    this.node.append(this.commandBox);
  }

  hideCommands() {
    this.commandBox?.remove();
    this.commandBox = null;
  }
}
