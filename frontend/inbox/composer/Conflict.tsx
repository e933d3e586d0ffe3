/** Two moments where the composer stops and asks: the customer wrote meanwhile, or another machine saved a draft. */
import { Icon } from "../../shared/icon";
import { clock } from "../../shared/time";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { saidAt } from "../thread/story";
import type { Row } from "../types";

export function Conflict({ thread, row }: { thread: Thread; row: Row }) {
  const { sending } = useInbox();
  const conflict = thread.conflict.value;
  if (!conflict) return null;
  const news = conflict.unseen.filter((message) => message.direction === "in");
  return (
    <div class="ask" role="alert">
      <p><Icon name="mail-warning" /><b>{row.contact.name} wrote while you were writing. Your reply has not been sent.</b></p>
      {news.map((message) => <blockquote key={message.id} dir="auto"><span class="num muted">{clock(saidAt(message))}</span> {(message.new_text || message.body_text).slice(0, 280)}</blockquote>)}
      <div class="ask__acts">
        <button type="button" class="btn" onClick={() => sending.keepEditing(thread)}>Change my reply</button>
        <button type="button" class="btn btn--quiet" onClick={() => sending.sendAnyway(thread)}>Send it as it is</button>
      </div>
    </div>
  );
}

export function OtherDraft({ thread }: { thread: Thread }) {
  const { drafting } = useInbox();
  const other = thread.otherDraft.value;
  if (!other) return null;
  return (
    <div class="ask ask--calm" role="status">
      <p><Icon name="info" />You saved another draft here at {clock(other.updated_at)}, on another device.</p>
      <blockquote dir="auto">{other.body.slice(0, 200)}</blockquote>
      <div class="ask__acts">
        <button type="button" class="btn" onClick={() => drafting.takeOther(thread)}>Use that one</button>
        <button type="button" class="btn btn--quiet" onClick={() => (thread.otherDraft.value = null)}>Keep this one</button>
      </div>
    </div>
  );
}
