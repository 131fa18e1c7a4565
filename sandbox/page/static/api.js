// The page's one way to its server: questions, acts, and the live events of one person.

export class Refusal extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(body.error ?? `The sandbox answered ${response.status}`);
  return body;
}

export async function get(path, query = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return answer(await fetch(`/api/${path}?${new URLSearchParams(asked)}`, { headers: { "X-Sandbox": "1" } }));
}

export async function post(path, body = {}) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "Content-Type": "application/json" };
  return answer(await fetch(`/api/${path}`, { method: "POST", headers, body: form ? body : JSON.stringify(body) }));
}

/**
 * Calls `hear` with every event that concerns the person, and `again` after a lost line is back. Returns { ready, hangUp }:
 * what is asked for once `ready` is resolved misses nothing.
 */
export function live(person, hear, again) {
  let socket;
  let over = false;
  let lost = false;
  let up;
  const ready = new Promise((resolve) => { up = resolve; });
  const dial = () => {
    socket = new WebSocket(`ws://${location.host}/api/${person}/live`);
    socket.addEventListener("open", () => { up(); if (lost) again(); lost = false; });
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      lost = true;
      up();
      if (!over) setTimeout(() => { if (!over) dial(); }, 800);
    });
  };
  dial();
  return { ready, hangUp: () => { over = true; socket.close(); } };
}
