// Talking to the server: every failure is one of three, and each is told apart because each is mended differently.

/** No answer, or a gateway's: try again later, nothing is known about what happened. */
export class Unreachable extends Error {}

/** The session has ended: sign in, then try again. */
export class SignedOut extends Error {}

/** The server understood and said no. `code` is for programs, `message` for people. */
export class Refused extends Error {
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const TIMEOUT_MS = 20000;

function csrfToken() {
  const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : "";
}

async function send(url, options) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
  } catch {
    throw new Unreachable(url);
  }
  if (response.ok) return response;
  if ([502, 503, 504].includes(response.status)) throw new Unreachable(url);
  const body = await response.json().catch(() => ({}));
  // A 403 without a code is Django's own: the cookie with the token is gone, and signing in brings a new one.
  if (response.status === 401 || (response.status === 403 && !body.code)) throw new SignedOut(body.message || "");
  throw new Refused(body.code || "server", body.message || `HTTP ${response.status}`, response.status);
}

/** POST `body` as JSON and return the answer as an object. */
export async function postJson(url, body, { keepalive = false } = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  const response = await send(url, { method: "POST", headers, body: JSON.stringify(body), keepalive });
  try {
    return await response.json();
  } catch {
    throw new Unreachable(url);
  }
}

/** GET an HTML fragment; null where the server has none (204). */
export async function getHtml(url) {
  const response = await send(url, { headers: { Accept: "text/html" } });
  return response.status === 204 ? null : response.text();
}

export async function getJson(url) {
  return (await send(url, { headers: { Accept: "application/json" } })).json();
}

/** A key for a decision. `crypto.randomUUID` exists on https and localhost only, and shops run on plain http inside. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
