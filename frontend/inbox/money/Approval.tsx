/** Something above somebody's limit: it stands in the story until somebody who may decides. */
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { moneyWords } from "../thread/story";
import { toast } from "../toasts";
import type { ThreadEvent } from "../types";

/** Nothing later is said of the same action. */
export const waits = (event: ThreadEvent, all: ThreadEvent[]): boolean => event.data.state === "awaiting_approval" && all.findLast((one) => one.kind === "money_action" && one.data.action === event.data.action) === event;

export function Approval({ thread, event }: { thread: Thread; event: ThreadEvent }) {
  const { api, state, threads } = useInbox();
  const [busy, setBusy] = useState(false);
  const mine = event.actor?.id === state.meId;
  const decide = async (agreed: boolean): Promise<void> => {
    setBusy(true);
    try {
      await api.decideAction(String(event.data.action), agreed, "");
      await threads.load(thread.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
    setBusy(false);
  };
  return (
    <section class="wrap approval" aria-label="Waits for approval">
      <p><Icon name="shield-alert" /><span><b>{mine ? "You" : event.actor?.name}</b> {moneyWords(event.data).text}. <span class="muted">{String(event.data.sentence)}</span></span></p>
      {state.canWrite && (
        <div class="approval__acts">
          {mine ? <button type="button" class="btn" disabled={busy} onClick={() => void decide(false)}>Take it back</button> : state.canApprove ? (
            <>
              <button type="button" class="btn" disabled={busy} onClick={() => void decide(false)}>Decline</button>
              <button type="button" class="btn btn--primary" disabled={busy} onClick={() => void decide(true)}>Approve</button>
            </>
          ) : null}
        </div>
      )}
    </section>
  );
}
