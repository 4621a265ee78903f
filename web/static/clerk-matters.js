// The matter of a ticket as its citizen read it: six data units, materials as rows. Read once a ticket.

import { get } from "./api.js";
import { desk, drawAll } from "./clerk-counter.js";

const MOST = 20; // so many are remembered: the last ones called

const found = new Map(); // by the ticket's id; null: asked for, or not known any more

// Null until it is read; the page is drawn again then.
export function matterOf(ticket) {
  if (!found.has(ticket.id)) read(ticket.id);
  return found.get(ticket.id);
}

async function read(id) {
  found.set(id, null);
  if (found.size > MOST) found.delete(found.keys().next().value);
  try {
    found.set(id, await get(`/api/v1/tickets/${id}/matter`));
    drawAll();
  } catch (problem) {
    if (problem.document?.status !== 404) found.delete(id); // asked again at the next drawing
  }
}

export const matterName = (ticket) => ({ zh: ticket.matter_name, en: desk.counter?.matter_names_en[ticket.matter] ?? "" });
