/** Writing first: to whom, by which channel, about what. */
import { useMemo, useState } from "preact/hooks";

import { ApiError } from "../api";
import { useInbox } from "../context";
import { Dialog } from "../parts/Dialog";
import { signed, UNDO } from "../sending";
import { toast } from "../toasts";
import { Icon } from "../../shared/icon";
import { createOnce } from "../../shared/once";
import { channelWord } from "../views";

export function NewConversation() {
  const inbox = useInbox();
  const { state, api, lists } = inbox;
  // Only some doors let us speak first; where the server has not said, mail does.
  const ways = state.channels.filter((channel) => channel.is_active !== false && (channel.capabilities?.can_start ?? channel.kind === "email"));
  const [channel, setChannel] = useState(ways[0]?.id ?? "");
  const [to, setTo] = useState("");
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const once = useMemo(createOnce, []);
  const close = (): void => void (state.dialog.value = null);
  const isMail = ways.find((one) => one.id === channel)?.kind === "email";

  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (!to.trim()) return setProblem(isMail ? "Enter the address it goes to, like name@example.com." : "Enter whom it goes to.");
    if (!body.trim()) return setProblem("Write a message first.");
    setBusy(true);
    setProblem("");
    try {
      const signature = isMail ? state.me.user.signature.trim() : "";
      const said = { channel, to: to.trim(), body: signed(body.trim(), signature), ...(isMail ? { subject: subject.trim() } : {}) };
      const { key, at } = once(JSON.stringify(said));
      const created = await api.create({ ...said, send_at: new Date(at + UNDO).toISOString() }, key);
      close();
      void lists.refresh();
      inbox.open(created.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  };

  const leave = (): void => {
    if (body.trim()) toast(state, "The new message was discarded.", { action: { label: "Undo", run: () => (state.dialog.value = "new") } });
    close();
  };

  return (
    <Dialog title="New conversation" class="form" onClose={leave}>
      {ways.length === 0 ? (
        <p class="form__none">No channel lets you write first yet. <a href="/settings/channels/">Set up an email channel</a></p>
      ) : (
        <form onSubmit={(event) => void start(event)} noValidate>
          {ways.length > 1 && (
            <label class="form__line"><span>By</span>
              <select class="input" value={channel} onChange={(event) => setChannel(event.currentTarget.value)}>{ways.map((one) => <option key={one.id} value={one.id}>{channelWord(one.kind)}: {one.name}</option>)}</select>
            </label>
          )}
          <label class="form__line"><span>To</span><input class="input" type="text" inputMode={isMail ? "email" : "text"} value={to} autocomplete="off" onInput={(event) => setTo(event.currentTarget.value)} /></label>
          {isMail && <label class="form__line"><span>Subject</span><input class="input" type="text" value={subject} onInput={(event) => setSubject(event.currentTarget.value)} /></label>}
          <label class="form__line form__line--tall"><span>Message</span><textarea class="input" rows={8} dir="auto" value={body} onInput={(event) => setBody(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void start(event)} /></label>
          {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
          <footer class="sheet__foot"><button type="button" class="btn btn--quiet" onClick={leave}>Cancel</button><button type="submit" class="btn btn--primary" disabled={busy}>{busy ? "Sending …" : "Send"}</button></footer>
        </form>
      )}
    </Dialog>
  );
}
