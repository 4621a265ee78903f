// Requests to the daemon. A page's session ends when the daemon restarts; the page renews it by itself.

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

// Ask once more for a page of the present role, whose answer sets a new cookie.
async function renewSession() {
  await fetch(globalThis.location.pathname.endsWith(".js") ? "/board" : globalThis.location.pathname, { cache: "no-store" });
}

async function request(path, options) {
  try {
    let response = await fetch(path, options);
    if (response.status === 401) {
      await renewSession();
      response = await fetch(path, options);
    }
    return response;
  } catch {
    throw new Problem(UNREACHABLE);
  }
}

async function answer(path, options) {
  const response = await request(path, options);
  if (!response.ok) {
    throw new Problem(await response.json().catch(() => UNREACHABLE));
  }
  return response.json();
}

export function get(path) {
  return answer(path, { cache: "no-store" });
}

export function post(path, body = {}, headers = {}) {
  return answer(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kioskd": "page", ...headers },
    body: JSON.stringify(body),
  });
}
