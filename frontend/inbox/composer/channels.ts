/** The ways a reply can go: where the conversation has been, and mail when an address is known. */
import type { Channel, Detail, Row } from "../types";
import { channelWord } from "../views";

export interface Way {
  channel: Channel;
  /** What the composer's switch says: `Email to dana@example.com`. */
  label: string;
}

export function waysOf(row: Row, detail: Detail | null, channels: Channel[]): Way[] {
  const own = new Set(row.channels.map((channel) => channel.id));
  const mail = detail?.contact.points.find((point) => point.kind === "email")?.value;
  const usable = channels.filter((channel) => channel.is_active !== false && (own.has(channel.id) || (channel.kind === "email" && mail)));
  const first = detail?.reply?.channel?.id ?? row.last_channel?.id;
  return usable
    .sort((a, b) => Number(b.id === first) - Number(a.id === first) || Number(own.has(b.id)) - Number(own.has(a.id)))
    .map((channel) => {
      const to = channel.kind === "email" ? (detail?.reply?.channel?.id === channel.id && detail.reply.to.length ? detail.reply.to.join(", ") : mail) : row.contact.name;
      return { channel, label: `${channelWord(channel.kind)}${to ? ` to ${to}` : ""}` };
    });
}
