// Requests to the daemon. A screen's session ends when the daemon restarts; the page renews it by itself. When somebody's
// session has ended, the page goes to the door and comes back after they have signed in.

export class Problem extends Error {
  constructor(document) {
    super(document.title);
    this.document = document;
  }
  // What to tell people, in both languages.
  get text() {
    return { zh: this.document.detail_zh, en: this.document.detail };
  }
}

const UNREACHABLE = {
  code: "unreachable",
  title: "unreachable",
  detail: "Connection lost: please try again",
  detail_zh: "连接中断，请再试一次",
};

// Which page this is. A worker is none: it is told of those that it serves.
const { pathname, search } = globalThis.location;
export const servedPages = new Set(globalThis.document ? [pathname + search] : []);

// Ask for the page once more: its answer sets the cookie of its role.
async function renewSession() {
  for (const path of servedPages) {
    const page = await fetch(path, { cache: "no-store" });
    if (page.redirected && globalThis.document && new URL(page.url).pathname === "/sign-in") globalThis.location.assign(page.url);
  }
}

export async function request(path, options) {
  try {
    let response = await fetch(path, options);
    // 401: no role is left since the restart; 403: another page has renewed its role already, and we have not.
    if (response.status === 401 || response.status === 403) {
      await renewSession();
      response = await fetch(path, options);
    }
    return response;
  } catch {
    throw new Problem(UNREACHABLE);
  }
}

async function good(path, options) {
  const response = await request(path, options);
  if (!response.ok) {
    throw new Problem(await response.json().catch(() => UNREACHABLE));
  }
  return response;
}

async function answer(path, options) {
  return (await good(path, options)).json();
}

// The answer itself, for what is no JSON.
export function raw(path) {
  return good(path, { cache: "no-store" });
}

// options: more of what fetch takes, such as a signal that gives up.
export function get(path, options = {}) {
  return answer(path, { cache: "no-store", ...options });
}

export function post(path, body = {}, headers = {}, options = {}) {
  return answer(path, {
    ...options,
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kioskd": "page", ...headers },
    body: JSON.stringify(body),
  });
}

export function remove(path) {
  return answer(path, { method: "DELETE", keepalive: true, headers: { "X-Kioskd": "page" } });
}
