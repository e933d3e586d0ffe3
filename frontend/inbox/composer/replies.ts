/** Saved replies: found by `/` and a name, with their variables filled in. */
import type { Member, Row, SavedReply } from "../types";

/** The word after a `/` that starts a line or follows a space, up to the caret; null when there is none. */
export function slashWord(text: string, caret: number): { word: string; from: number } | null {
  const hit = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret));
  return hit ? { word: hit[1]!, from: caret - hit[1]!.length - 1 } : null;
}

/** Replies whose shortcut or name fits, the nearest first. */
export function fitting(replies: SavedReply[], word: string): SavedReply[] {
  const wanted = word.toLowerCase();
  const score = (reply: SavedReply): number => {
    const shortcut = reply.shortcut.toLowerCase();
    const name = reply.name.toLowerCase();
    if (shortcut.startsWith(wanted)) return 0;
    if (name.startsWith(wanted)) return 1;
    return shortcut.includes(wanted) || name.includes(wanted) ? 2 : 3;
  };
  return replies.filter((reply) => score(reply) < 3).sort((a, b) => score(a) - score(b) || a.name.localeCompare(b.name)).slice(0, 8);
}

/** Unknown variables stay as written, so that the agent sees them and nobody is sent an empty gap unnoticed. */
export function filled(body: string, row: Pick<Row, "contact" | "number">, agent: Pick<Member, "name">): string {
  const values: Record<string, string> = {
    "contact.name": row.contact.name,
    "contact.first_name": row.contact.name.split(" ")[0] ?? "",
    "agent.name": agent.name,
    "agent.first_name": agent.name.split(" ")[0] ?? "",
    "conversation.number": `#${row.number}`,
  };
  return body.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => values[name] || whole);
}
