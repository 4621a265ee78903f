// The matters of the hall by their code: names in both languages, six data units, materials. Read once.

import { get } from "./api.js";

let matters = new Map();

export async function readMatters() {
  const { items } = await get("/api/v1/matters");
  matters = new Map(items.map((one) => [one.code, one]));
}

// Null for a matter that the hall file no longer has.
export const matterOf = (code) => matters.get(code) ?? null;

export const matterName = (ticket) => ({ zh: ticket.matter_name, en: matterOf(ticket.matter)?.name_en ?? "" });
