// Where a Telegram link leads inside the sandbox; any other link is the browser's own.

/** What a link asks for: { domain, start } | { user, message } | null. */
export function parse(url) {
  let address;
  try {
    address = new URL(url);
  } catch {
    return null;
  }
  const asked = address.searchParams;
  if (address.protocol === "tg:") {
    const what = address.hostname || address.pathname.replaceAll("/", "");
    if (what === "resolve") return { domain: asked.get("domain"), start: asked.get("start") };
    if (what === "user") return { user: Number(asked.get("id")) };
    if (what === "openmessage") return { user: Number(asked.get("user_id")), message: Number(asked.get("message_id")) || null };
    if (what === "login") return { login: asked.get("token") };
    return { unknown: what };
  }
  if (!["t.me", "telegram.me", "telegram.dog"].includes(address.hostname)) return null;
  const [, domain] = address.pathname.split("/");
  if (!/^[a-z]\w{3,31}$/i.test(domain ?? "")) return null;
  return { domain, start: asked.get("start"), startgroup: asked.get("startgroup"), admin: asked.get("admin") };
}
