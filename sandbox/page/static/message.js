// One message, or an album of them, as a bubble.
import { bdi, h, hue, icon, iconButton } from "./dom.js";
import { clock, full } from "./dates.js";
import { words } from "./entities.js";
import { inlineKeyboard } from "./keys.js";
import { album, gone, inBrief, isPicture, media, serviceLine } from "./media.js";

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic}\uFE0F?)*|\p{Regional_Indicator}{2}|\s){1,8}$/u;

/** Fills `node` with a group of messages (one, or the photos of an album); `talk` is the conversation they stand in. */
export function drawMessage(node, group, talk, first) {
  const message = group[0];
  const said = group.find((each) => each.text) ?? message;
  const line = serviceLine(message);
  node.classList.toggle("centred", line !== null);
  if (line !== null) {
    node.replaceChildren(h("div.service", {}, line));
    return;
  }
  const shown = group.length > 1 ? album(group) : message.gone ? gone(message) : media(message, talk.act);
  const picture = group.length > 1 || isPicture(message);
  const bare = picture && !said.text;
  const text = said.text ? h("div.words", { testid: "message-text", class: huge(said) ? "huge" : "" },
    words(said.text, said.entities, talk.act)) : null;
  const foot = footer(group.at(-1), talk, bare);
  const tight = text && !shown && !text.classList.contains("huge") && said.text.length < 46 && !said.text.includes("\n")
    && !said.entities.some((entity) => ["pre", "blockquote", "expandable_blockquote"].includes(entity.type));
  const sender = message.sender && first ? h("b.sender.clip", { testid: "sender", style: { "--hue": hue(message.sender.id) } }, bdi(message.sender.name)) : null;
  const bubble = h("div.bubble", { class: `${picture ? "media" : ""} ${tight ? "tight" : ""}` }, sender,
    message.forwarded ? h("div.forwarded.clip", { testid: "forwarded" }, "Forwarded from ", bdi(message.forwarded)) : null,
    message.reply ? quote(message.reply, talk) : null, shown, text, signs(message, talk), foot);
  const more = iconButton("more", "Message actions", (event) => talk.actions(group, event.currentTarget), { class: "more", "aria-haspopup": "menu" });
  const keyboard = inlineKeyboard(talk.me, group.at(-1), talk.act);
  node.classList.toggle("keyed", keyboard !== null);
  node.replaceChildren(...[bubble, keyboard, more].filter(Boolean));
}

const huge = (message) => !message.entities.length && message.text.length < 24 && ONLY_EMOJI.test(message.text);

function footer(message, talk, over) {
  return h("div.foot", { class: over ? "over" : "", title: full(message.date) },
    message.via ? h("span.via.clip", {}, `${message.via} for you`) : null,
    message.alone ? h("span", { testid: "alone", title: "Nobody else in the group sees this" }, "👁 Only you") : null,
    message.silent ? h("span", { testid: "silent", title: "Came without a sound" }, "🔕") : null,
    message.protected ? h("span", { testid: "protected", title: "Can be neither forwarded nor saved" }, "🔒") : null,
    message.edited ? h("span", { testid: "edited", title: full(message.edited) }, "edited") : null,
    h("time", {}, clock(message.date)),
    message.out ? ticks(message.id <= talk.readUpTo) : null);
}

/** What people have put under the message; a press does the same, or takes it back. */
function signs(message, talk) {
  return message.reactions.length ? h("div.signs", { testid: "reactions" }, message.reactions.map(({ sign, count, mine }) =>
    h("button", { type: "button", class: mine ? "mine" : "", "aria-pressed": mine, "aria-label": `${sign} ${count}`, onclick: () => talk.react(message, sign) },
      count > 1 ? `${sign} ${count}` : sign))) : null;
}

export function ticks(read) {
  return h("span.ticks", { title: read ? "Read" : "Delivered" }, icon(read ? "checks" : "check"));
}

function quote(reply, talk) {
  const [kind, text] = inBrief(reply);
  return h("button.quote", { type: "button", testid: "quote", onclick: () => talk.jump(reply.id) },
    h("b.clip", {}, bdi(reply.name)), h("span.clip", { class: "line" }, [kind, text].filter(Boolean).join(", ").slice(0, 90)));
}
