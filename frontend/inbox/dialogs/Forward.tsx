/** Handing a message on to somebody outside, by mail. */
import { useMemo, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { ApiError } from "../api";
import { AddressField } from "../composer/Recipients";
import { useInbox } from "../context";
import { selectedRow } from "../inbox";
import { Dialog } from "../parts/Dialog";
import { toast } from "../toasts";
import { createOnce } from "../../shared/once";
import { clock } from "../../shared/time";

export function Forward() {
  const { state, api, threads } = useInbox();
  const thread = state.thread.value;
  const row = selectedRow(state);
  const messages = (thread?.messages.value ?? []).filter((message) => !message.private).slice(-30).reverse();
  const [to, setTo] = useState<string[]>([]);
  const [body, setBody] = useState("");
  const [message, setMessage] = useState(messages[0]?.id ?? "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const once = useMemo(createOnce, []);
  const close = (): void => void (state.dialog.value = null);
  if (!thread || !row) return null;

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (!to.length) return setProblem("Enter at least one address, like name@example.com.");
    setBusy(true);
    setProblem("");
    try {
      const said = { to, body: body.trim(), ...(message ? { message } : {}) };
      const sent = await api.forward(thread.id, said, once(JSON.stringify(said)).key);
      threads.merge(thread.id, [sent]);
      close();
      toast(state, `Forwarded to ${to.join(", ")}. ${row.contact.name} is not told.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  };

  return (
    <Dialog title={`Forward #${row.number}`} class="form" onClose={close}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <AddressField label="To" id="forward-to" values={to} onChange={setTo} />
        <label class="form__line"><span>Message</span>
          <select class="input" value={message} onChange={(event) => setMessage(event.currentTarget.value)}>
            {messages.map((one) => <option key={one.id} value={one.id}>{one.author.name}, {clock(one.created_at)}: {(one.new_text || one.body_text).slice(0, 60)}</option>)}
          </select>
        </label>
        <label class="form__line form__line--tall"><span>Your words</span><textarea class="input" rows={5} dir="auto" placeholder="What they should know or do" value={body} onInput={(event) => setBody(event.currentTarget.value)} /></label>
        <p class="form__note muted">Their answer comes back into this conversation. Files of the message go with it.</p>
        {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <footer class="sheet__foot"><button type="button" class="btn btn--quiet" onClick={close}>Cancel</button><button type="submit" class="btn btn--primary" disabled={busy}>{busy ? "Forwarding …" : "Forward"}</button></footer>
      </form>
    </Dialog>
  );
}
