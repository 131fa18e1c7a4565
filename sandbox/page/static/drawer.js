// The sandbox drawer: what Telegram has no button for, the world's time and bad days by name.
import { get, post } from "./api.js";
import { now, setNow, zone } from "./dates.js";
import { h, iconButton } from "./dom.js";
import { saying } from "./overlay.js";

const ABOUT = {
  bot_api_down: ["Connections to the Bot API break before anything is read"],
  bot_api_slow: ["Each call takes 3 seconds", { seconds: 3 }],
  bot_api_flood: ["“Too Many Requests: retry after 3”, five times", { seconds: 3, times: 5 }],
  bot_api_5xx: ["The Bot API answers 502"],
  bot_api_garbage: ["The Bot API answers something that is not JSON"],
  bot_api_answer_lost: ["The next call is carried out, its answer lost", { times: 1 }],
  bot_api_answer_cut: ["The next answer breaks off in the middle", { times: 1 }],
  bot_api_again: ["The next three deliveries of updates come twice", { times: 3 }],
  bot_api_file_cut: ["The next download of a file breaks off in the middle", { times: 1 }],
  bot_api_file_slow: ["The second half of a download comes after 20 seconds", { seconds: 20 }],
  bot_api_file_whole: ["Downloads begin anew, wherever they are asked to go on"],
  mtproto_cut: ["Open connections of connected accounts are cut once", { times: 1 }],
  mtproto_refused: ["New connections of connected accounts are refused"],
  mtproto_answer_cut: ["The next answer to a connected account breaks off in the middle", { times: 1 }],
  mtproto_flood: ["Connected accounts must wait 5 seconds, three times", { seconds: 5, times: 3 }],
  mtproto_references_expired: ["The references of all files are too old, once", { times: 1 }],
  mtproto_peer_flood: ["The next answer by a connected account is refused: Telegram limits to whom it may write", { times: 1 }],
  mtproto_peer_refused: ["The next question about a chat is refused as if nobody were there", { times: 1 }],
  mtproto_withheld: ["Connected accounts are not told of the next three events until they ask", { times: 3 }],
  mtproto_twice: ["Connected accounts are told everything twice"],
  mtproto_late: ["Connected accounts are told of the next three events 2 seconds late, out of order", { seconds: 2, times: 3 }],
  mtproto_clock: ["The clocks of connected accounts are an hour fast", { seconds: -3600 }],
  mtproto_swallow: ["Connected accounts are not told of the next three events, ever", { times: 3 }],
  mtproto_too_long: ["Missed updates are too many to fetch, once", { times: 1 }],
  mtproto_channel_too_long: ["What happens in a supergroup next is only hinted at, once", { times: 1 }],
  session_duplicated: ["The key of a connected account is used twice, once", { times: 1 }],
  account_frozen: ["Telegram has frozen the connected accounts"],
  session_revoked: ["Connected accounts are signed out"],
};
const BAD_DAY = "Connections break, answers get lost, Telegram wants to be left alone, news comes late, twice or not at all. Write, edit and delete: in the end nothing is missing.";
const STEPS = [["+1 hour", 3600, "time-hour"], ["+1 day", 86400, "time-day"], ["+30 days", 30 * 86400, "time-month"]];

let shown = null;

export function toggleDrawer() {
  if (shown) shown();
  else openDrawer();
}

const openDrawer = saying(async () => {
  const before = document.activeElement;
  const face = h("div.now", { testid: "time-now", "aria-live": "polite" });
  const faults = h("div", { testid: "faults" });
  const past = h("div.past");
  const tick = () => {
    face.replaceChildren(now().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
      h("small", {}, now().toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" })));
  };
  const close = () => { clearInterval(timer); box.remove(); shown = null; before?.focus?.(); };
  const advance = saying(async (seconds) => { setNow((await post("time", { seconds })).now); tick(); });
  const turn = saying(async (name, on) => { draw(await post(`faults/${name}`, { on, ...(ABOUT[name]?.[1] ?? {}) })); });
  const worsen = saying(async (on) => { draw(await post("bad-day", { on })); });
  const row = (label, words, on, testid, press) => h("div.fault", {}, label,
    h("button.toggle", { type: "button", role: "switch", "aria-checked": on ? "true" : "false", "aria-label": label.textContent, testid, onclick: press }),
    h("small", {}, words));
  const draw = (state) => faults.replaceChildren(
    row(h("b", {}, "A bad day"), BAD_DAY, state.bad_day, "bad-day", () => worsen(!state.bad_day)),
    ...state.faults.map(({ name, on }) => row(h("code", {}, name), [ABOUT[name]?.[0], on?.every > 1 ? ` · one in ${on.every}` : ""], on, `fault-${name}`, () => turn(name, !on))));
  const box = h("aside.drawer", { testid: "drawer", "aria-label": "Sandbox", onkeydown: (event) => { if (event.key === "Escape") close(); } },
    h("header", {}, h("h2", {}, "Sandbox"), iconButton("close", "Close", close, { testid: "drawer-close" })),
    h("div.body", {}, h("p", {}, "Everything here happens on this machine; nothing reaches Telegram."),
      h("h3", {}, "Time"), face,
      h("p", { testid: "time-zone" }, `All times on this page are in the zone of your browser, ${zone.replaceAll("_", " ")}. Choose the same in the bot.`),
      h("div.steps", {}, STEPS.map(([label, seconds, testid]) => h("button", { type: "button", testid, onclick: () => advance(seconds) }, label))),
      past, h("h3", {}, "Bad days"), faults));
  const state = await get("drawer");
  if (state.past) past.append(h("h3", {}, "An old history"), h("p", {}, "A chat of two years ago, as Telegram Desktop has exported it. Save the file, write /import to the bot, and send it there."),
    h("div.steps", {}, h("a", { href: "/api/result.json", download: "result.json", testid: "past" }, "result.json")));
  setNow(state.now);
  draw(state);
  tick();
  const timer = setInterval(tick, 1000);
  shown = close;
  document.body.append(box);
  box.querySelector("button").focus();
});
