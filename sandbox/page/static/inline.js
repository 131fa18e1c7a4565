// What a bot offers to "@bot words" in any chat, in a list above the line in which it is written.
import { post } from "./api.js";
import { h } from "./dom.js";
import { saying } from "./overlay.js";

const ASKED = /^@(\w{4,32})\s(.*)$/s;
const PAUSE = 250; // milliseconds after the last letter

export class InlineOffers {
  constructor(me, peer, { node, sent }) {
    Object.assign(this, { me, peer, node, sent, asked: 0, box: null, timer: null });
  }

  typed(text) {
    clearTimeout(this.timer);
    const [, bot, words] = text.match(ASKED) ?? [];
    const turn = ++this.asked;
    if (!bot) this.hide();
    else this.timer = setTimeout(() => this.ask(bot, words, turn), PAUSE);
  }

  async ask(bot, words, turn) {
    const { query, results } = await post(`${this.me}/inline`, { bot, words });
    if (turn !== this.asked) return; // more was typed meanwhile
    this.hide();
    if (!results.length) return;
    this.box = h("div.menu.commands.offers", { testid: "offers", "aria-label": "What the bot offers" },
      results.map((one) => h("button", { type: "button", testid: "offer", onclick: () => this.choose(query, one.id) },
        h("b.clip", {}, one.title), h("span.clip", {}, one.description))));
    this.node.append(this.box);
  }

  choose = saying(async (query, result) => {
    this.hide();
    await post(`${this.me}/inline/${this.peer.id}`, { query, result });
    this.sent();
  });

  hide() {
    this.box?.remove();
    this.box = null;
  }
}
