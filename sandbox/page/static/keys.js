// Buttons: those under a bot's message, and the keyboards that a bot puts in place of the composer's.
import { h, icon } from "./dom.js";
import { copy } from "./entities.js";
import { saying, tell, toast } from "./overlay.js";
import { post } from "./api.js";

const STYLES = { primary: "primary-key", success: "success", danger: "danger" };

/** The inline keyboard of a message; `act.follow(url)` opens links inside the sandbox, `act.pressed(id)` hears of a press. */
export function inlineKeyboard(me, message, act) {
  const rows = message.markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div.keys", { testid: "inline-keyboard" }, rows.map((row) => h("div.row", {}, row.map((button) => inlineKey(me, message, button, act)))));
}

function inlineKey(me, message, button, act) {
  const props = { class: STYLES[button.style] ?? "", testid: "inline-button", type: "button" };
  const target = button.url ?? button.web_app?.url ?? button.login_url?.url;
  if (target) {
    return h("button.key", { ...props, title: target, onclick: () => act.follow(target) || open(target, "_blank", "noopener,noreferrer") },
      button.text, icon("out", "corner"));
  }
  if (button.copy_text) return h("button.key", { ...props, onclick: () => copy(button.copy_text.text) }, button.text, icon("copy", "corner"));
  if (button.callback_data === undefined) {
    return h("button.key", { ...props, onclick: () => toast("This kind of button does nothing in the sandbox.") }, button.text);
  }
  return h("button.key", { ...props, onclick: (event) => press(me, message.id, button.callback_data, event.currentTarget, act) }, button.text);
}

const press = saying(async (me, message, data, key, act) => {
  if (key.classList.contains("busy")) return;
  act.pressed(message);
  const spinner = h("span.spinner", { "aria-label": "Waiting for the bot" });
  const slow = setTimeout(() => { key.classList.add("busy"); key.append(spinner); }, 120);
  let answer;
  try {
    answer = await post(`${me}/press/${message}`, { data, peer: act.peer });
  } finally {
    clearTimeout(slow);
    key.classList.remove("busy");
    spinner.remove();
  }
  if (answer?.url && !act.follow(answer.url)) open(answer.url, "_blank", "noopener,noreferrer");
  else if (answer?.text && answer.alert) await tell(answer.text);
  else if (answer?.text) toast(answer.text);
});

/** A reply keyboard; `say(text)` writes what its button says. */
export function replyKeyboard(markup, say, share) {
  const part = (button) => (typeof button === "string" ? { text: button } : button);
  return h("div.keys", { testid: "reply-keyboard" }, markup.keyboard.map((row) => h("div.row", {}, row.map(part).map((button) =>
    h("button.key", { type: "button", testid: "reply-button", onclick: () => (button.request_contact ? share() : say(button.text)) }, button.text)))));
}
