/** From a wish to what really happened: form, the shop's own calculation, confirmation, and what was read back. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { createOnce } from "../../shared/once";
import { Icon } from "../../shared/icon";
import { ApiError } from "../api";
import { insertIntoReply } from "../composer/insert";
import { useInbox } from "../context";
import { Dialog } from "../parts/Dialog";
import type { ShopOrder } from "../types";
import { Fields } from "./Fields";
import { confirmWords, emptyForm, kindOf, messageFor, missing, requestOf, stateHint, stateTitle, toneOf, WORKING } from "./kinds";
import { Calculation } from "./Calculation";
import type { MoneyAction } from "./types";

/** How often a running action is asked after, and for how long the dialog waits for it. */
const ASK = 700;
const PATIENCE = 90_000;

export function MoneyDialog() {
  const { state } = useInbox();
  const asked = state.money.value;
  if (!asked) return null;
  const close = (): void => void (state.money.value = null);
  return <Sheet key={asked.kind + asked.order.id} {...asked} close={close} />;
}

function Sheet({ thread: threadId, order, kind: kindId, close }: { thread: string; order: ShopOrder; kind: string; close(): void }) {
  const inbox = useInbox();
  const { api, threads } = inbox;
  const kind = kindOf(kindId)!;
  const [form, setForm] = useState(() => emptyForm(kindId, order));
  const [whole, setWhole] = useState(order);
  const [action, setAction] = useState<MoneyAction | null>(null);
  const [confirmed, setConfirmed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const once = useMemo(createOnce, []);
  const gone = useRef(false);
  const under = useRef(false);
  const top = useRef<HTMLDivElement>(null);
  const running = action !== null && confirmed && WORKING.has(action.state);
  const thread = threads.of(threadId);

  useEffect(() => () => void (gone.current = true), []);
  useEffect(() => top.current?.focus(), [action === null, confirmed, running]);

  // A long order came without its last lines.
  useEffect(() => {
    if (!order.lines_left) return;
    void api.order(order.id, thread.detail.value?.contact.id ?? "").then(
      (full) => !gone.current && (setWhole(full), setForm((now) => ({ ...emptyForm(kindId, full), ...now, pieces: { ...emptyForm(kindId, full).pieces, ...now.pieces } }))),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!gone.current) setProblem(error.message);
      },
    );
  }, []);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (under.current) return; // a second click comes before the screen has drawn the first
    under.current = true;
    setBusy(true);
    setProblem("");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!gone.current) setProblem(error.message);
    } finally {
      under.current = false;
      if (!gone.current) setBusy(false);
    }
  };

  const lack = missing(kindId, form, whole);
  const preview = (event: Event): void => {
    event.preventDefault();
    if (lack) return setProblem(lack);
    void attempt(async () => {
      const body = { kind: kindId, order: order.id, conversation: threadId, reason: form.why.trim(), ...requestOf(kindId, form, whole) };
      setAction(await api.previewAction(body));
    });
  };
  const watch = async (id: string): Promise<void> => {
    const until = Date.now() + PATIENCE;
    while (!gone.current && Date.now() < until) {
      await new Promise((done) => setTimeout(done, ASK));
      if (gone.current) return;
      const now = await api.action(id);
      setAction(now);
      if (!WORKING.has(now.state) && now.state !== "unconfirmed") break;
      if (now.state === "unconfirmed") setConfirmed(true);
    }
    void threads.renewShop(threadId);
  };
  const confirm = (): void => void attempt(async () => {
    const { id } = action!;
    const now = await api.confirmAction(id, once(id).key);
    setAction(now);
    setConfirmed(true);
    if (WORKING.has(now.state)) await watch(id);
  });

  const title = `${kind.label} · ${order.name}`;
  if (action && confirmed) return <Dialog title={title} class="form money" onClose={close}><Ending {...{ action, running, problem, top }} onClose={close} onMessage={(words) => (close(), insertIntoReply(inbox, thread, words))} /></Dialog>;
  if (action) {
    const { verdict } = action;
    const stopped = action.state === "refused" || verdict.decision === "refused";
    const ask = verdict.decision === "needs_approval";
    return (
      <Dialog title={title} class="form money" onClose={close}>
        <div class="money__body" ref={top} tabIndex={-1}>
          <Calculation preview={action.preview} />
          {(stopped || ask) && <p class={stopped ? "money__verdict money__verdict--bad" : "money__verdict"} role="status"><Icon name={stopped ? "ban" : "shield-alert"} /><span>{verdict.sentence || action.sentence} <span class="money__rule">{verdict.rule}</span></span></p>}
          {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
          <footer class="sheet__foot">
            <button type="button" class="btn btn--quiet" onClick={() => (setAction(null), setProblem(""))}>Back</button>
            {!stopped && <button type="button" class="btn btn--primary" disabled={busy} onClick={confirm}>{busy ? "One moment …" : ask ? `Ask for approval: ${confirmWords(kindId, action.preview, order.name).toLowerCase()}` : confirmWords(kindId, action.preview, order.name)}</button>}
          </footer>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} class="form money" onClose={close}>
      <form onSubmit={preview} noValidate>
        {!order.verified && <p class="money__verdict"><Icon name="shield-alert" /><span>This order is not proven to be the customer's. Check before you change anything.</span></p>}
        <Fields kind={kind} order={whole} form={form} onChange={(changes) => (setForm((now) => ({ ...now, ...changes })), setProblem(""))} />
        {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <footer class="sheet__foot"><button type="button" class="btn btn--quiet" onClick={close}>Cancel</button><button type="submit" class="btn btn--primary" disabled={busy}>{busy ? "The shop calculates …" : "Preview"}</button></footer>
      </form>
    </Dialog>
  );
}

function Ending({ action, running, problem, top, onClose, onMessage }: { action: MoneyAction; running: boolean; problem: string; top: { current: HTMLDivElement | null }; onClose(): void; onMessage(words: string): void }) {
  const tone = toneOf(action);
  const words = messageFor(action);
  const said = action.outcome?.sentence || action.sentence;
  return (
    <div class="money__body" ref={top} tabIndex={-1}>
      <div class={`money__end${tone ? ` money__end--${tone}` : ""}`} role="status">
        <Icon name={running ? "hourglass" : tone === "good" ? "circle-check" : tone === "bad" ? "ban" : "triangle-alert"} />
        <div>
          <p class="money__title">{stateTitle(action)}</p>
          {said && !running && <p>{said}</p>}
          {stateHint(action) && <p class="muted">{stateHint(action)}</p>}
          {Object.entries(action.outcome?.references ?? {}).filter(([, value]) => !/^\d+$/.test(value)).map(([name, value]) => <p key={name} class="num">{/^(https?:|\/)/.test(value) ? <a href={value} target="_blank" rel="noopener noreferrer">{name}</a> : `${name}: ${value}`}</p>)}
          {action.url && <p><a href={action.url} target="_blank" rel="noopener">Open the PDF</a></p>}
          {Object.entries(action.secrets).map(([name, value]) => <p key={name}><code class="money__secret">{value}</code></p>)}
        </div>
      </div>
      {action.outcome && <Calculation preview={{ ...action.preview, refund: null, due: null, value: null, maximum: null, breakdown: [], lines: [], ways: [], warnings: [], changes: action.outcome.changes }} />}
      {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      <footer class="sheet__foot">
        {running && <span class="muted">You can close this; it goes on.</span>}
        <button type="button" class={words ? "btn btn--quiet" : "btn btn--primary"} onClick={onClose}>Close</button>
        {words && <button type="button" class="btn btn--primary" onClick={() => onMessage(words)}><Icon name="reply" />Tell the customer</button>}
      </footer>
    </div>
  );
}
