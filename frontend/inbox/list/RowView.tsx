/** One conversation in the list: who, what, since when, and what is special about it. */
import type { Signal } from "@preact/signals";
import { steady } from "../parts/steady";

import { Icon } from "../../shared/icon";
import { ago, full, left, until } from "../../shared/time";
import { useInbox } from "../context";
import { Avatar } from "../parts/Avatar";
import type { Row } from "../types";
import { channelWord, slugWord, STATUS_WORDS } from "../views";

const HOUR = 3_600_000;

function Marks({ row, now, owner }: { row: Row; now: number; owner: boolean }) {
  const due = row.sla && row.status === "open" ? Date.parse(row.sla.due_at) - now : null;
  return (
    <span class="row__foot">
      <span class="row__marks">
        {row.sla && due !== null && <span class={due < HOUR / 12 ? "tag tag--bad" : due < HOUR ? "tag tag--warn" : "tag"}><Icon name="timer" />{left(row.sla.due_at, now)}</span>}
        {row.priority === "urgent" && <span class="tag tag--bad">Urgent</span>}
        {row.priority === "high" && <span class="tag tag--warn">High</span>}
        {row.status === "waiting" && <span class="tag"><Icon name="hourglass" />Waiting on customer</span>}
        {row.status === "snoozed" && <span class="tag"><Icon name="clock" />{row.snoozed_until ? `Until ${until(row.snoozed_until, now)}` : "Snoozed"}</span>}
        {(row.status === "closed" || row.status === "spam" || row.status === "trash") && <span class="tag">{STATUS_WORDS[row.status]}</span>}
        {row.ai_state === "handed_over" && <span class="tag tag--ai"><Icon name="sparkles" />Handed over</span>}
        {row.ai_state === "draft" && <span class="tag tag--ai"><Icon name="sparkles" />Draft</span>}
        {row.topic && <span class="tag">{slugWord(row.topic)}</span>}
        {row.tags.slice(0, 2).map((tag) => <span key={tag} class="tag">{tag}</span>)}
        {!row.topic && !row.tags.length && row.preview && row.preview !== row.subject && <span class="clip muted row__preview" dir="auto">{row.last_direction === "out" ? "You: " : ""}{row.preview}</span>}
      </span>
      {owner && row.assignee && <Avatar id={row.assignee.id} name={row.assignee.name} small />}
    </span>
  );
}

interface Props {
  row: Signal<Row>;
  index: number;
  total: number;
  /** Given from above: a row that asked the store itself would draw again with every move of the selection. */
  selected: boolean;
}

export const RowView = steady(function RowView({ row: signal, index, total, selected }: Props) {
  const inbox = useInbox();
  const row = signal.value;
  const now = inbox.state.now.value;
  const kind = (row.last_channel ?? row.channels[0])?.kind;
  return (
    <div
      id={`row-${row.id}`} class={row.unread ? "row row--unread" : "row"} role="option" aria-selected={selected} aria-posinset={index + 1} aria-setsize={total}
      onClick={() => inbox.open(row.id)}
    >
      <Avatar id={row.contact.id} name={row.contact.name} via={kind} />
      <span class="row__text">
        <span class="row__top">
          {row.unread && <span class="unseen">Unread: </span>}
          <span class="row__who" dir="auto">{row.contact.name}</span>
          {kind && <span class="unseen">by {channelWord(kind)}</span>}
          {row.last_message_at && <time class="row__time num" dateTime={row.last_message_at} title={full(row.last_message_at)}>{ago(row.last_message_at, now)}</time>}
        </span>
        <span class="row__subject" dir="auto">{row.subject || row.preview || "No words yet"}</span>
        <Marks row={row} now={now} owner={inbox.state.filter.value.assignee !== "me"} />
      </span>
    </div>
  );
});
