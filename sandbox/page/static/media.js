// Files inside a bubble: photos, albums, voice notes, documents, and the cards of a contact or a place.
import { avatar, bdi, h, icon } from "./dom.js";
import { minutes, size } from "./dates.js";
import { viewPhoto } from "./overlay.js";

const FULL_WIDTH = 400;
const TALLEST = 460;

function photo(file, text, alt = text) {
  const scale = Math.min(FULL_WIDTH / (file.width || FULL_WIDTH), TALLEST / (file.height || 300), 1.6);
  const width = Math.max(180, Math.round((file.width || FULL_WIDTH) * scale));
  const button = h("button.photo", { type: "button", testid: "photo", "aria-label": alt ? `Photo: ${alt}` : "Photo", onclick: () => viewPhoto(file, text) },
    h("img", { src: file.url, alt: "", loading: "lazy", decoding: "async" }));
  if (file.width) {
    button.style.setProperty("aspect-ratio", `${file.width} / ${file.height}`);
    button.style.setProperty("width", `${width}px`);
    button.style.setProperty("max-width", "100%");
    button.style.setProperty("max-height", `${TALLEST}px`);
  }
  return button;
}

/** Photos sent together, as a grid. */
export function album(messages) {
  return h("div.album", { testid: "album" }, messages.map((message, at) => {
    const tile = photo(message.file, message.text);
    tile.removeAttribute("style");
    if (messages.length % 2 && at === 0) tile.classList.add("wide");
    return tile;
  }));
}

function document_(file) {
  return h("a.document", { href: file.url, download: file.name ?? "file", testid: "document" },
    h("span.disc", {}, icon("download")),
    h("span", {}, h("b", {}, bdi(file.name ?? "File")), h("small", {}, `${size(file.size)} · ${extension(file)}`)));
}

function extension(file) {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name ?? "")?.[1];
  return (ending ?? file.mime.split("/").at(-1)).toUpperCase();
}

const BARS = 34;

function voice(file) {
  const sound = new Audio();
  sound.preload = "none";
  sound.src = file.url;
  const bars = Array.from({ length: BARS }, () => h("i"));
  const wave = h("span.wave", { "aria-hidden": "true", onclick: (event) => seek(event) }, bars);
  const time = h("small", {}, minutes(file.duration ?? 0));
  const button = h("button.disc", { type: "button", "aria-label": "Play voice note", testid: "voice-play", onclick: () => turn() }, icon("play"));
  const length = () => (Number.isFinite(sound.duration) && sound.duration) || file.duration || 1;
  const turn = () => (sound.paused ? sound.play() : sound.pause());
  const seek = (event) => { sound.currentTime = length() * Math.min(1, event.offsetX / wave.offsetWidth); };
  const draw = () => {
    const past = sound.currentTime / length();
    bars.forEach((bar, at) => bar.classList.toggle("past", at / BARS < past));
    time.textContent = minutes(sound.currentTime || file.duration || 0);
  };
  const face = () => {
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", sound.paused ? "Play voice note" : "Pause voice note");
  };
  sound.addEventListener("timeupdate", draw);
  sound.addEventListener("ended", () => { sound.currentTime = 0; draw(); });
  sound.addEventListener("play", () => { playing?.pause(); playing = sound; face(); });
  sound.addEventListener("pause", () => { if (playing === sound) playing = null; face(); });
  const box = h("div.voice", { testid: "voice" }, button, h("span", {}, wave, time));
  whenSeen(box, () => peaks(file.url).then((heights) => bars.forEach((bar, at) => bar.style.setProperty("--peak", heights[at]))));
  return box;
}

let playing = null;
const known = new Map();

/** The loudness of each stretch of a recording, from its own samples. */
function peaks(url) {
  if (!known.has(url)) known.set(url, measure(url).catch(() => Array(BARS).fill(0.1)));
  return known.get(url);
}

async function measure(url) {
  const bytes = await (await fetch(url)).arrayBuffer();
  const sound = (await new OfflineAudioContext(1, 1, 16000).decodeAudioData(bytes)).getChannelData(0);
  const stretch = Math.floor(sound.length / BARS) || 1;
  const heights = Array.from({ length: BARS }, (_, at) =>
    sound.subarray(at * stretch, (at + 1) * stretch).reduce((top, sample) => Math.max(top, Math.abs(sample)), 0));
  const loudest = Math.max(...heights, 0.01);
  return heights.map((height) => height / loudest);
}

function whenSeen(node, act) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    act();
  });
  watch.observe(node);
}

function video(file) {
  return h("span.photo", {}, h("video", { src: file.url, controls: true, preload: "metadata", "aria-label": "Video" }));
}

const FILES = { photo: (message) => photo(message.file, message.text), voice: (message) => voice(message.file),
  audio: (message) => voice(message.file), video: (message) => video(message.file), animation: (message) => video(message.file),
  video_note: (message) => video(message.file), sticker: (message) => photo(message.file, "", "Sticker") };

export const isPicture = (message) => ["photo", "video", "animation", "video_note", "sticker"].includes(message.file?.kind);

/** What a message shows beside its words; null where it is words alone. */
export function media(message, act) {
  if (message.file) {
    const unplayable = message.file.kind !== "photo" && !/^(image|audio|video)\//.test(message.file.mime);
    return unplayable ? document_(message.file) : (FILES[message.file.kind] ?? (() => document_(message.file)))(message);
  }
  return CARDS[message.service?.type]?.(message.service, act) ?? null;
}

const CARDS = {
  contact: (card, act) => {
    const person = { id: card.user_id ?? 0, name: [card.first_name, card.last_name].filter(Boolean).join(" ") };
    const inside = [avatar(person), h("span", {}, h("b", {}, bdi(person.name)), h("small", {}, card.phone_number))];
    return card.user_id
      ? h("button.card", { type: "button", testid: "contact-card", onclick: () => act.openPerson(card.user_id) }, inside)
      : h("div.card", { testid: "contact-card" }, inside);
  },
  location: (place) => h("a.map", { testid: "location", target: "_blank", rel: "noopener noreferrer",
    href: `https://www.openstreetmap.org/?mlat=${Number(place.latitude)}&mlon=${Number(place.longitude)}#map=16/${Number(place.latitude)}/${Number(place.longitude)}`,
    "aria-label": `Location ${place.latitude}, ${place.longitude}` }, icon("pin")),
};

/** Service messages that are a line in the middle, not a bubble. */
export function serviceLine(message) {
  const { service } = message;
  if (!service || CARDS[service.type]) return null;
  if (service.type === "phone_call") return service.duration ? `Call, ${minutes(service.duration)}` : "Missed call";
  return service.text ?? service.type.replaceAll("_", " ");
}

const KINDS = { photo: "Photo", voice: "Voice note", document: "Document", video: "Video", audio: "Audio", sticker: "Sticker", video_note: "Video message",
  animation: "GIF", contact: "Contact", location: "Location", phone_call: "Call" };

/** What destroys itself is not there to be drawn again. */
export const gone = (message) => h("div.gone", { testid: "gone" }, `🔥 ${KINDS[message.gone]} that destroys itself`);

/** A summary in one line for the chat list and quotes: [kind word or null, text]. */
export function inBrief(summary) {
  const kind = summary.kind === "text" ? null : KINDS[summary.kind] ?? summary.kind;
  return [kind, summary.text.replace(/\s+/g, " ")];
}
