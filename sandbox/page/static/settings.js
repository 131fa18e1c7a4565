// Telegram's own settings of a person: the Business chatbot and the linked devices.
import { get, post } from "./api.js";
import { avatar, bdi, h, icon, iconButton } from "./dom.js";
import { confirm, personRow, saying, toast } from "./overlay.js";

const RIGHTS = [["can_read_messages", "Read messages", "See new messages, edits and deletions"], ["can_reply", "Reply to messages", "Write in chats where the client wrote in the last 24 hours"]];

export class Settings {
  constructor(me, { close, suggested }) {
    Object.assign(this, { me, suggested, draft: null });
    this.column = h("div.column", {});
    this.node = h("div.main", { testid: "settings" },
      h("header.top", {}, iconButton("back", "Back to chats", close, { testid: "settings-close" }), h("div.who", {}, h("h2", {}, "Settings"))),
      h("div.settings", {}, this.column));
    this.load();
  }

  load = saying(async () => {
    this.state = await get(`${this.me}/settings`);
    this.draw();
  });

  draw() {
    const { me } = this.state;
    this.column.replaceChildren(
      h("section.panel.profile", { style: { display: "flex" } }, avatar(me), h("div", {}, h("h2", {}, bdi(me.name)),
        h("p", {}, [me.username && `@${me.username}`, me.phone].filter(Boolean).join(" · ")))),
      this.business(), this.devices());
  }

  business() {
    const heading = [h("h3", {}, icon("shop"), "Telegram Business · Chatbots"),
      h("p", {}, "Connect a bot that reads your chats with clients and answers for you.")];
    const { business } = this.state;
    const draft = this.draft ?? (business && { bot: business.bot, rights: new Set(business.rights), chats: business.chats });
    if (!draft) return h("section.panel", { testid: "business" }, heading, this.findBot());
    this.draft = draft;
    return h("section.panel", { testid: "business" }, heading,
      h("div.connected", {}, avatar(draft.bot), h("div", {}, h("b.clip", {}, bdi(draft.bot.name)), h("small", {}, `@${draft.bot.username}`)),
        business ? h("span.state", { testid: "business-state" }, "Connected") : null),
      this.rights(draft), this.chats(draft), this.acts(draft));
  }

  findBot() {
    const found = h("div.people-list", {});
    const show = saying(async () => {
      const bots = input.value.trim() ? await get("people", { bots: 1, q: input.value.trim() }) : this.suggested ? [this.suggested] : [];
      found.replaceChildren(...bots.map((bot) => personRow(bot, `@${bot.username}`, () => this.choose(bot), { "data-testid": `business-bot-${bot.id}` })));
    });
    const input = h("input.field", { placeholder: "Username of the bot", "aria-label": "Username of the bot", testid: "business-bot", autocomplete: "off", oninput: show });
    show();
    return [input, found];
  }

  choose(bot) {
    this.draft = { bot, rights: new Set(RIGHTS.map(([right]) => right)), chats: null };
    this.draw();
  }

  rights(draft) {
    return h("div.rows", { role: "group", "aria-label": "Permissions" }, RIGHTS.map(([right, label, about]) => h("label.option", {},
      h("span", {}, label, h("small", {}, about)),
      h("input", { type: "checkbox", checked: draft.rights.has(right), testid: `business-${right}`,
        onchange: (event) => draft.rights[event.target.checked ? "add" : "delete"](right) }))));
  }

  chats(draft) {
    const choice = (label, about, on, pick, testid) => h("label.option", {}, h("span", {}, label, h("small", {}, about)),
      h("input", { type: "radio", name: `chats-${this.me}`, checked: on, testid, onchange: () => { draft.chats = pick(); this.draw(); } }));
    const list = draft.chats && h("div.people-list", { style: { margin: "0" }, testid: "business-chosen" });
    if (list) this.fillChats(list, draft);
    return h("div.rows", { role: "radiogroup", "aria-label": "Chats" },
      choice("All private chats", "Every client, also those who write later", draft.chats === null, () => null, "business-all"),
      choice("Chosen chats only", "Nobody else is shown to the bot", draft.chats !== null, () => draft.chats ?? [], "business-some"), list);
  }

  fillChats = saying(async (list, draft) => {
    const { rows } = await get(`${this.me}/dialogs`);
    const chosen = new Map(draft.chats.map((person) => [person.id, person]));
    const all = new Map([...chosen, ...rows.filter((row) => !row.peer.bot).map((row) => [row.peer.id, row.peer])]);
    list.replaceChildren(...[...all.values()].map((person) => h("label.option", {}, avatar(person), h("span.clip", {}, bdi(person.name)),
      h("input", { type: "checkbox", checked: chosen.has(person.id), testid: `business-chat-${person.id}`,
        onchange: (event) => { if (event.target.checked) chosen.set(person.id, person); else chosen.delete(person.id); draft.chats = [...chosen.values()]; } }))));
  });

  acts(draft) {
    const { business } = this.state;
    const connect = saying(async () => {
      await post(`${this.me}/business`, { bot: draft.bot.id, rights: [...draft.rights], chats: draft.chats?.map((person) => person.id) ?? null });
      toast(business ? "Saved" : `${draft.bot.name} is connected`);
      this.draft = null;
      await this.load();
    });
    const leave = saying(async () => {
      if (business && !await confirm("Disconnect the bot", "It stops seeing your chats at once.", "Disconnect", true)) return;
      if (business) await post(`${this.me}/business/off`);
      this.draft = null;
      await this.load();
    });
    return h("div.acts", {}, h("button.primary", { type: "button", testid: "business-connect", onclick: connect }, business ? "Save" : "Connect"),
      h("button.plain", { type: "button", class: business ? "danger" : "", testid: business ? "business-disconnect" : "business-cancel", onclick: leave }, business ? "Disconnect" : "Cancel"));
  }

  devices() {
    const { devices, linkable, login_code: code } = this.state;
    const link = saying(async () => {
      await post(`${this.me}/devices`);
      toast("The device is signed in");
      await this.load();
    });
    return h("section.panel", { testid: "devices" }, h("h3", {}, icon("device"), "Devices"),
      h("p", {}, linkable ? "When a program shows you a QR code, approve it here: this stands for scanning it with the phone's camera." : "No program can sign in to this world."),
      code ? h("p", {}, "Telegram has sent this login code: ", h("strong", { testid: "login-code" }, code)) : null,
      devices.length ? h("div.rows", {}, devices.map((device) => h("div.option", { testid: "device" }, icon("device"), h("span", {}, bdi(device))))) : null,
      linkable ? h("div.acts", {}, h("button.primary", { type: "button", testid: "link-device", onclick: link }, "Link a device")) : null);
  }
}
