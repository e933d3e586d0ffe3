/** Where a parcel is: four steps, the last word of its carrier, and the number to follow it by. */
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { insertIntoReply } from "../composer/insert";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { ShopOrder, ShopParcel } from "../types";
import { moment, parcelStep, parcelWords, stepWord } from "./words";

const STEPS = [1, 2, 3, 4];

export function Parcel({ thread, order, parcel, of }: { thread: Thread; order: ShopOrder; parcel: ShopParcel; of: number }) {
  const inbox = useInbox();
  const { state } = inbox;
  const [open, setOpen] = useState(false);
  const now = state.now.value;
  const step = parcelStep(parcel);
  const words = parcelWords(parcel, now);
  const what = of > 1 ? parcel.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ") : "";
  const copy = (number: string): void => {
    void navigator.clipboard?.writeText(number).then(() => toast(state, `${number} is copied.`));
  };
  return (
    <section class="track" aria-label={`Parcel ${parcel.name || parcel.tracking[0]?.number || ""} of ${order.name}${what ? `, with ${what}` : ""}`}>
      <div class={step.tone === "warn" || step.tone === "bad" ? "bar bar--late" : "bar"} aria-hidden="true">{STEPS.map((at) => <i key={at} class={at <= step.at ? "on" : ""} />)}</div>
      <p class="track__words">{words}{parcel.events.length > 1 && <> · <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "less" : `${parcel.events.length} steps`}</button></>}</p>
      {what && <p class="muted clip" dir="auto">{what}</p>}
      {parcel.tracking.map((one) => (
        <div key={one.number + one.url} class="track__way">
          <span class="clip num">{one.carrier} {one.url ? <a href={one.url} target="_blank" rel="noopener noreferrer nofollow" aria-label={`Follow ${one.number || "the parcel"} at ${one.carrier || "the carrier"} in a new window`}>{one.number || "Follow it"}</a> : one.number}</span>
          {one.number && <button type="button" class="btn btn--quiet btn--icon" aria-label={`Copy ${one.number}`} title="Copy the number" onClick={() => copy(one.number)}><Icon name="copy" /></button>}
          {state.canWrite && order.verified && (one.url || one.number) && (
            <button
              type="button" class="btn btn--quiet btn--icon" aria-label="Put the tracking link into the reply" title="Into the reply (l)"
              onClick={() => insertIntoReply(inbox, thread, `You can follow your parcel here: ${[one.url || one.number, one.carrier && `(${one.carrier}${one.url && one.number ? ` ${one.number}` : ""})`].filter(Boolean).join(" ")}`)}
            >
              <Icon name="reply" />
            </button>
          )}
        </div>
      ))}
      {open && (
        <ol class="track__events">
          {parcel.events.map((event) => (
            <li key={event.at + event.state}><time class="num" dateTime={event.at}>{moment(event.at, now)}</time><span>{[event.message || stepWord(event.state), event.place].filter(Boolean).join(", ")}</span></li>
          ))}
        </ol>
      )}
    </section>
  );
}
