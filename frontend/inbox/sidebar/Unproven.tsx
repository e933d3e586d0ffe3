/** Nobody has shown who writes here: what that means, and a code that changes it. */
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { clock } from "../../shared/time";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { Thread } from "../state";
import type { Verification } from "../types";

export function Unproven({ thread, because }: { thread: Thread; because: string }) {
  const { api, state } = useInbox();
  const [ways, setWays] = useState<Verification | null>(null);
  const [problem, setProblem] = useState("");
  const ask = async (work: Promise<Verification>): Promise<void> => {
    try {
      setWays(await work);
      setProblem("");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  const waiting = ways?.waiting;
  return (
    <div class="order__claim order__claim--all">
      <Icon name="shield-alert" />
      <div>
        <p>{because} Until then, tell them nothing of these orders.</p>
        {waiting && <p role="status">A code went to {waiting.sent_to}; it is good until {clock(waiting.expires_at)}.</p>}
        {problem && <p role="alert">{problem}</p>}
        {state.canWrite && !waiting && (ways ? (
          ways.targets.length ? ways.targets.map((one) => <button key={one.value} type="button" class="link" title={one.because} onClick={() => void ask(api.sendCode(thread.id, one.value))}>Send it to {one.value}</button>) : <p>There is no address that a code could prove.</p>
        ) : <button type="button" class="link" onClick={() => void ask(api.verification(thread.id))}>Send a code …</button>)}
      </div>
    </div>
  );
}
