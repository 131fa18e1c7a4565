// A forum's topics, and what its owner and admins do with them and with each other.
import { get, post } from "./api.js";
import { brief } from "./dates.js";
import { avatar, bdi, h } from "./dom.js";
import { inBrief } from "./media.js";
import { confirm, dialog, menu, saying } from "./overlay.js";

const RIGHTS = [["manage_topics", "Manage topics"], ["pin_messages", "Pin messages"], ["delete_messages", "Delete messages"], ["invite_users", "Add people"],
  ["restrict_members", "Remove people"], ["change_info", "Change the group"], ["promote_members", "Add administrators"]];

/** May somebody do this in a group? The owner may do all. */
export const may = (group, person, right) => group.owner === person || Boolean(group.admins[person]?.includes(right));

export class TopicList {
  constructor(me, group, { open }) {
    Object.assign(this, { me, group, open, asked: 0 });
    this.node = h("div.topics", { testid: "topic-list", role: "list", "aria-label": "Topics" });
  }

  load = saying(async () => {
    const asked = ++this.asked;
    const topics = await get(`${this.me}/topics/${this.group.id}`);
    if (asked === this.asked) this.node.replaceChildren(...topics.map((topic) => this.draw(topic)));
  });

  draw(topic) {
    const { last, who, unread } = topic;
    const [kind, text] = last ? inBrief(last) : [null, "No messages yet"];
    return h("button.topic", { type: "button", testid: `topic-${topic.id}`, onclick: () => this.open(topic.id) },
      h("span.dot", { class: topic.id ? "" : "general", style: topic.colour ? { "--colour": topic.colour } : {} }, topic.id ? [...topic.name.replace(/^\P{L}+/u, "")][0] ?? "#" : "#"),
      h("span.line", {}, h("b.clip", {}, bdi(topic.name)), topic.closed ? h("span.shut", { role: "img", "aria-label": "Closed" }, "🔒") : null, last ? h("time", {}, brief(last.date)) : null),
      h("span.line", {}, h("span.last.clip", {}, who ? h("span.own", {}, `${who}: `) : null, kind ? h("span.what", {}, kind) : null, kind && text ? " · " : null, text ? bdi(text) : null),
        unread ? h("span.count", { "aria-label": `${unread} unread` }, unread) : null));
  }
}

/** Asks for a topic's name; resolves with it, or null. */
export const topicName = (title, old = "") => dialog(title, (close) => {
  const name = h("input.field", { testid: "topic-name", maxLength: 128, "data-first": true, autocomplete: "off", "aria-label": "Name", value: old,
    onkeydown: (event) => { if (event.key === "Enter" && name.value.trim()) close(name.value.trim()); } });
  return { body: [name], acts: [h("button.plain", { type: "button", onclick: () => close() }, "Cancel"),
    h("button.primary", { type: "button", testid: "topic-save", onclick: () => close(name.value.trim() || null) }, "Save")] };
});

/** Asks for the rights of an administrator; resolves with them, or null. */
function askRights(person, has) {
  return dialog(`${person.name} as administrator`, (close) => {
    const boxes = RIGHTS.map(([right, label]) => [right, label, h("input", { type: "checkbox", checked: has.includes(right), testid: `right-${right}` })]);
    return {
      body: h("div.rows", {}, boxes.map(([, label, box]) => h("label.option", {}, h("span", {}, label), box))),
      acts: [h("button.plain", { type: "button", onclick: () => close() }, "Cancel"),
        h("button.primary", { type: "button", testid: "rights-save", onclick: () => close(boxes.filter(([, , box]) => box.checked).map(([right]) => right)) }, "Save")],
    };
  }, { "data-testid": "rights" });
}

/** Who is in a group; the owner and admins appoint and remove. Resolves when it is closed. */
export function showMembers(me, group) {
  return dialog(`Members of ${group.name}`, (close) => {
    const act = saying(async (person, asked) => {
      await post(`${me}/admins/${group.id}`, { person: person.id, ...asked });
      close();
    });
    const ways = (person, place) => menu(place.left, place.bottom + 4, [
      may(group, me, "promote_members") ? { label: person.id in group.admins ? "Change rights" : "Make administrator", icon: "gear", testid: "member-promote", act: async () => {
        const rights = await askRights(person, group.admins[person.id] ?? RIGHTS.map(([right]) => right));
        if (rights) act(person, { act: "promote", rights });
      } } : null,
      person.id in group.admins && may(group, me, "promote_members") ? { label: "No longer administrator", icon: "close", testid: "member-demote", act: () => act(person, { act: "demote" }) } : null,
      may(group, me, "restrict_members") ? { label: "Remove", icon: "out", danger: true, testid: "member-remove", act: async () => { if (await confirm("Remove", `Remove ${person.name} from ${group.name}?`, "Remove", true)) act(person, { act: "remove" }); } } : null,
    ], "Member");
    const manages = may(group, me, "promote_members") || may(group, me, "restrict_members");
    return {
      body: h("div.people-list", { testid: "members" }, group.members.map((person) => {
        const note = person.id === group.owner ? "owner" : person.id in group.admins ? "administrator" : person.bot ? "bot" : "member";
        const open = manages && person.id !== group.owner && person.id !== me;
        return h(open ? "button" : "div.option", { type: open ? "button" : null, testid: `member-${person.id}`, onclick: (event) => { if (open) ways(person, event.currentTarget.getBoundingClientRect()); } },
          avatar(person), h("span.two", {}, h("b.clip", {}, bdi(person.name)), h("small.clip", {}, note)));
      })),
      acts: [h("button.plain", { type: "button", "data-first": true, testid: "members-close", onclick: () => close() }, "Close")],
    };
  }, { "data-testid": "members-dialog" });
}

/** Asks into which group a bot is to be added, as Telegram does for a link; resolves with the group, or null. */
export function chooseGroup(me, bot) {
  return dialog(`Add ${bot.name} to a group`, (close) => {
    const list = h("div.people-list", { testid: "startgroup" });
    saying(async () => {
      const { rows } = await get(`${me}/dialogs`);
      const groups = rows.map((row) => row.peer).filter((peer) => peer.group && (may(peer, me, "invite_users") || !peer.super));
      list.replaceChildren(...(groups.length ? groups.map((group) => h("button", { type: "button", testid: `startgroup-${group.id}`, onclick: () => close(group) }, avatar(group),
        h("span.two", {}, h("b.clip", {}, bdi(group.name)), h("small.clip", {}, `${group.members.length} members${group.forum ? " · topics" : ""}`))))
        : [h("p", {}, "You have no group yet. Make one first: the people symbol beside the search.")]));
    })();
    return { body: list, acts: [h("button.plain", { type: "button", "data-first": true, onclick: () => close() }, "Cancel")] };
  }, { "data-testid": "startgroup-dialog" });
}
