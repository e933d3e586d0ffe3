/** Who this is, how we know, what the conversation is about, and what was said before. */
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { useInbox } from "../context";
import { selectedRow } from "../inbox";
import { Avatar } from "../parts/Avatar";
import type { Point } from "../types";
import { channelIcon } from "../views";
import { ApiError } from "../api";
import { toast } from "../toasts";
import { Customers } from "./Customer";
import { Earlier } from "./Earlier";
import { Facts } from "./Facts";
import { Orders } from "./Shop";

export function Side() {
  const { state } = useInbox();
  const thread = state.thread.value;
  const row = selectedRow(state);
  if (!thread || !row) return <aside class="panel side scroll" aria-label="Customer" />;
  const contact = thread.detail.value?.contact;
  const address = thread.detail.value?.shop?.customers[0]?.address;
  const home = address ? [address.city, address.country_code].filter(Boolean).join(", ") : "";
  return (
    <aside class="panel side scroll" aria-label="Customer">
      <button type="button" class="btn btn--quiet btn--icon side__close" aria-label="Close" onClick={() => (state.drawer.value = null)}><Icon name="x" /></button>
      <div class="side__part">
        <div class="person"><Avatar id={row.contact.id} name={row.contact.name} /><div class="person__who"><Name key={row.contact.id} id={row.contact.id} name={row.contact.name} />{home && <p class="muted clip" dir="auto">{home}</p>}</div></div>
        {contact?.blocked && <p class="msg__hint msg__hint--warn"><Icon name="ban" />Blocked: what they write goes to spam.</p>}
        <ul class="facts">{(contact?.points ?? []).map((point) => <PointLine key={point.kind + point.value} point={point} />)}</ul>
        {thread.detail.value?.shop && <Customers thread={thread} shop={thread.detail.value.shop} />}
      </div>
      <Orders thread={thread} row={row} />
      <Facts row={row} />
      <Earlier key={row.contact.id} contact={row.contact.id} current={row.id} lastSeq={row.last_seq} />
    </aside>
  );
}

function PointLine({ point }: { point: Point }) {
  const why = point.evidence || (point.verified ? "proven" : "not proven");
  // A chat session's key is ours, not the customer's name for themselves.
  const opaque = point.kind === "chat";
  return (
    <li title={why}>
      <Icon name={point.kind === "email" ? "mail" : point.kind === "phone" ? "phone" : channelIcon(point.kind)} />
      <span class="clip">{opaque ? "Chat in this browser" : point.value}</span>
      <span class={point.verified ? "tag tag--good" : "tag"}>{point.verified ? "verified" : "claimed"}<span class="unseen">: {why}</span></span>
    </li>
  );
}

function Name({ id, name }: { id: string; name: string }) {
  const { api, state } = useInbox();
  const [editing, setEditing] = useState(false);
  const save = async (text: string): Promise<void> => {
    setEditing(false);
    if (!text.trim() || text.trim() === name) return;
    try {
      await api.rename(id, { name: text.trim() });
      for (const row of state.rows.values()) if (row.peek().contact.id === id) row.value = { ...row.peek(), contact: { id, name: text.trim() } };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
  };
  if (editing) {
    return (
      <input
        class="input person__input" aria-label="Name" defaultValue={name} ref={(field) => field?.focus()}
        onBlur={(event) => void save(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") (event.stopPropagation(), setEditing(false));
        }}
      />
    );
  }
  return (
    <div class="person__name"><b class="clip" dir="auto">{name}</b>{state.canWrite && <button type="button" class="btn btn--quiet btn--icon" aria-label={`Change the name of ${name}`} onClick={() => setEditing(true)}><Icon name="pencil" /></button>}</div>
  );
}
