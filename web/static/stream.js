// Server-sent events of one request, such as a device's live bytes; unlike EventSource it can POST and does not return.

import { request, Problem } from "./api.js";

// Call `tell(event, data)` for each; resolves when the stream ends, throws a Problem when it could not begin.
export async function follow(path, { method = "GET", body, signal }, tell) {
  const headers = body ? { "Content-Type": "application/json", "X-Kioskd": "page" } : {};
  const response = await request(path, { method, headers, body: body && JSON.stringify(body), signal, cache: "no-store" });
  if (!response.ok) throw new Problem(await response.json());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    unread += value;
    const blocks = unread.split("\n\n");
    unread = blocks.pop();
    blocks.forEach((block) => told(block, tell));
  }
}

function told(block, tell) {
  const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
  if (field("event")) tell(field("event"), JSON.parse(field("data")));
}
