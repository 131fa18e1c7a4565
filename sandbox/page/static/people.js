// Who one is: the list of people to be, and the person who is new today.
import { get, post } from "./api.js";
import { avatar, bdi, h, icon } from "./dom.js";
import { dialog, personRow, saying } from "./overlay.js";

/** Asks whom to be; `tools` are further buttons, for narrow screens that have no rail. Resolves with a person or null. */
export function choosePerson(tools = []) {
  return dialog("Be someone else", (close) => {
    const list = h("div.people-list", { testid: "people" });
    const show = saying(async () => {
      const people = await get("people", { q: input.value.trim() });
      list.replaceChildren(...people.map((person) =>
        personRow(person, person.role ?? (person.username ? `@${person.username}` : person.phone ?? ""), () => close(person), { "data-testid": `person-${person.id}` })));
    });
    const input = h("input.field", { placeholder: "Find a person", "aria-label": "Find a person", testid: "people-search", oninput: show, "data-first": true });
    show();
    const bar = tools.map((tool) => h("button", { type: "button", testid: tool.testid, onclick: () => { close(); tool.act(); } }, icon(tool.icon), tool.label));
    return { body: [bar.length ? h("div.sheet-tools", {}, bar) : null, input, list] };
  }, { "data-testid": "people-dialog" });
}

/** Asks for a name; resolves with the new person, or null. */
export function newClient(ownerName) {
  return dialog("New client", (close) => {
    const name = h("input.field", { testid: "new-client-name", maxLength: 64, "data-first": true, autocomplete: "off", "aria-label": "First name" });
    const last = h("input.field", { testid: "new-client-last-name", maxLength: 64, autocomplete: "off", "aria-label": "Last name" });
    const language = h("select.field", { testid: "new-client-language", "aria-label": "Language" },
      [["en", "English"], ["ru", "Русский"], ["de", "Deutsch"], ["es", "Español"], ["he", "עברית"], ["zh", "中文"]].map(([value, label]) => h("option", { value }, label)));
    const create = saying(async () => {
      if (name.value.trim()) close(await post("people", { name: name.value, last_name: last.value, language: language.value }));
      else name.focus();
    });
    const onkeydown = (event) => { if (event.key === "Enter") create(); };
    name.addEventListener("keydown", onkeydown);
    last.addEventListener("keydown", onkeydown);
    return {
      body: [h("p", {}, `Somebody who has never written before opens a chat with ${ownerName}.`),
        h("label", {}, "First name", name), h("label", {}, "Last name (optional)", last), h("label", {}, "Language", language)],
      acts: [h("button.plain", { type: "button", onclick: () => close() }, "Cancel"),
        h("button.primary", { type: "button", testid: "new-client-create", onclick: create }, "Open chat")],
    };
  }, { "data-testid": "new-client-dialog" });
}

/** Asks for a title and the people; resolves with the new group, or null. */
export function newGroup(me) {
  return dialog("New group", (close) => {
    const chosen = new Set();
    const title = h("input.field", { testid: "new-group-title", maxLength: 128, "data-first": true, autocomplete: "off", "aria-label": "Title", onkeydown: (event) => { if (event.key === "Enter") create(); } });
    const whole = h("input", { type: "checkbox", testid: "new-group-super" });
    const list = h("div.people-list", { testid: "new-group-people" });
    const show = saying(async () => {
      const people = (await get("people", {})).filter((person) => person.id !== me);
      list.replaceChildren(...people.map((person) => h("label.option", {}, avatar(person), h("span.clip", {}, bdi(person.name)), h("input", { type: "checkbox", testid: `new-group-${person.id}`,
        onchange: (event) => (event.target.checked ? chosen.add(person.id) : chosen.delete(person.id)) }))));
    });
    const create = saying(async () => {
      if (title.value.trim()) close(await post(`${me}/groups`, { title: title.value, members: [...chosen], super: whole.checked }));
      else title.focus();
    });
    show();
    return {
      body: [h("label", {}, "Title", title),
        h("div.people-list", {}, h("label.option", {}, h("span", {}, "Supergroup", h("small", {}, "Who joins later sees what was said before")), whole)),
        h("h3", {}, "Who is in it"), list],
      acts: [h("button.plain", { type: "button", onclick: () => close() }, "Cancel"),
        h("button.primary", { type: "button", testid: "new-group-create", onclick: create }, "Open group")],
    };
  }, { "data-testid": "new-group-dialog" });
}

/** Asks for a new title; resolves with it, or null. */
export function newTitle(old) {
  return dialog("Rename group", (close) => {
    const title = h("input.field", { testid: "rename-title", maxLength: 128, "data-first": true, autocomplete: "off", "aria-label": "Title", value: old });
    return { body: [title], acts: [h("button.plain", { type: "button", onclick: () => close() }, "Cancel"),
      h("button.primary", { type: "button", testid: "rename", onclick: () => close(title.value.trim() || null) }, "Rename")] };
  });
}
