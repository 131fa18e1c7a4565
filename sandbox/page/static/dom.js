// Elements made from data: everything a person wrote goes through text nodes, never through markup.

/** An element; `props` may hold class, data-*, aria-*, on<event>, and plain properties; null children are left out. */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.classList.add(...value.split(" ").filter(Boolean));
    else if (key === "style") for (const [rule, set] of Object.entries(value)) node.style.setProperty(rule, set);
    else if (key === "testid") node.dataset.testid = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "for") node.setAttribute(key, value === true ? "true" : value);
    else node[key] = value;
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const STROKES = {
  attach: "M20 11.5 12.2 19a5 5 0 0 1-7.1-7.1l8-7.9a3.4 3.4 0 0 1 4.8 4.8l-7.9 7.8a1.7 1.7 0 0 1-2.4-2.4l7.2-7.1",
  back: "M15 5l-7 7 7 7",
  bot: "M5 9h14v10H5zM12 5v4M9 13.5v1.5M15 13.5v1.5M12 4.5v.1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5 7 17l9-10M11.5 16.5l.5.5 9-10",
  chevron: "M6 9.5l6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.500s6.7 1.9 7.5 5.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  device: "M7 3h10v18H7zM11 18h2",
  down: "M12 5v13M6 12.500l6 6 6-6",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  edit: "M4 20l1-4.500L16 4.500l3.5 3.500L8.5 19zM14 6.500l3.5 3.5",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  gear: "M10.2 5.2L10.4 2.8L13.6 2.8L13.8 5.2L15.5 5.9L17.4 4.4L19.6 6.6L18.1 8.5L18.8 10.2L21.2 10.4L21.2 13.6L18.8 13.8L18.1 15.5L19.6 17.4L17.4 19.6L15.5 18.1L13.8 18.8L13.6 21.2L10.4 21.2L10.2 18.8L8.5 18.1L6.6 19.6L4.4 17.4L5.9 15.5L5.2 13.8L2.8 13.6L2.8 10.4L5.2 10.2L5.9 8.5L4.4 6.6L6.6 4.4L8.5 5.9zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
  group: "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.5 19c.6-3.200 3.100-5 6.500-5s5.9 1.800 6.500 5M15.5 4.900a3.500 3.500 0 0 1 0 6.200M17.500 14.600c2.200.6 3.600 2.100 4 4.400",
  image: "M4 5h16v14H4zM4 16l4.5-4.500L13 16l3-3 4 4M15.5 9.200v.1",
  keyboard: "M3 6h18v12H3zM7 10v.1M11 10v.1M15 10v.1M17.5 10v.1M7.5 14.500h9",
  link: "M9 15l6-6M8 8l1.5-1.500a4 4 0 0 1 6 0M16 16l-1.5 1.500a4 4 0 0 1-6 0",
  moon: "M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z",
  more: "M12 5.500v.1M12 12v.1M12 18.500v.1",
  out: "M8 16 17 7M9 7h8v8",
  pause: "M9 6v12M15 6v12",
  person_add: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20c.7-3.6 3.4-5.5 7-5.5 1.4 0 2.7.3 3.8.9M18 14v6M15 17h6",
  pin: "M12 21c4.5-5 7-8.3 7-11.500a7 7 0 1 0-14 0C5 12.7 7.5 16 12 21zM12 11.500v.1",
  play: "M9 6.500v11l9-5.500z",
  reply: "M10 7 4 12.5 10 18v-3.500c5 0 8 1.2 10 4-.6-5.5-4-8.5-10-8.500z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2 21 21",
  send: "M12 19V6M6 11.500l6-6 6 6",
  shop: "M5 10v10h14V10M3.5 10 5 4h14l1.5 6zM10 20v-5h4v5",
  slash: "M15 5 9 19",
  smile: "M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 14c1.8 2.300 5.2 2.300 7 0M9 9.500v.1M15 9.500v.1",
  split: "M4 5h16v14H4zM12 5v14",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M18.4 5.6 17 7M7 17l-1.4 1.4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  tools: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${extra}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon; its label is what a screen reader says and what hovering shows. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button.round", { type: "button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

const HUES = [248, 196, 22, 334, 152, 276, 212, 2, 42, 172];
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const first = (word) => [...graphemes.segment(word)][0]?.segment ?? "";

/** One or two letters of a name, or its first sign where it has no letters (an emoji, a formula). */
function initials(name) {
  const words = name.split(/\s+/u).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, "")).filter(Boolean);
  if (!words.length) return first(name.replace(/[\p{Cf}\p{Z}]/gu, "")) || "·";
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0]);
  return letters.toUpperCase();
}

export const hue = (id) => HUES[Math.abs(id) % HUES.length];

export function avatar(person) {
  const face = person.photo
    ? h("img", { src: person.photo, alt: "" })
    : initials(person.name);
  return h("span.avatar", { class: person.bot ? "bot" : "", "aria-hidden": "true", style: { "--hue": hue(person.id) } }, face);
}

/** A name in its own direction: an override sign inside it cannot turn the words around it. */
export function bdi(text) {
  return h("bdi", {}, text);
}
