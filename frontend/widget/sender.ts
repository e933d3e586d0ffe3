/**
 * Empties the outbox: one message at a time, over the socket when it is live and over HTTP when it is not. A message
 * leaves the outbox only when the server has acknowledged it. Trying twice is safe: the server answers the same
 * `client_msg_id` with the same message.
 */
import { type Api, ApiError } from "./api";
import { backoff } from "./backoff";
import { acked, become, interrupted, nextToSend, type Pending } from "./chat";
import type { Ack, ServerFrame } from "./contract";
import type { Line } from "./socket";
import type { Store } from "./store";

/** Without an acknowledgement for this long the socket is taken for dead, and HTTP asks again. */
const ACK_WITHIN_MS = 8_000;
/** A message that is kept for a worker is asked after this often. */
const KEPT_MS = 3_000;

export interface SenderParts {
  store: Store;
  http: Api;
  line: () => Line | null;
  deadToken: () => void;
  acknowledged: () => void;
}

export interface Sender {
  pump(): void;
  acked(ack: Ack): void;
  refused(frame: Extract<ServerFrame, { type: "error" }>): void;
  /** The line went down: what was on it goes out the other way. */
  interrupted(): void;
  stop(): void;
}

export function sender({ store, http, line, deadToken, acknowledged }: SenderParts): Sender {
  let later: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;

  function pump(): void {
    const next = store.session.value ? nextToSend(store.chat.value) : undefined;
    if (!next) return;
    clearTimeout(later);
    store.apply(become(next.client_msg_id, "sending"));
    const left = line()?.send({ type: "message", ...wire(next) });
    if (left) setTimeout(() => isUnderWay(next) && line()?.renew(), ACK_WITHIN_MS);
    else void overHttp(next);
  }

  const isUnderWay = ({ client_msg_id }: Pending): boolean =>
    store.chat.value.outbox.some((pending) => pending.client_msg_id === client_msg_id && pending.state === "sending");

  async function overHttp(pending: Pending): Promise<void> {
    const token = store.session.value?.token ?? "";
    try {
      const stored = await http.send(token, wire(pending));
      if (token === store.session.value?.token) settle(stored);
    } catch (error) {
      if (token === store.session.value?.token) failed(pending, error as ApiError);
    }
  }

  function failed(pending: Pending, error: ApiError): void {
    if (error.deadToken) return deadToken();
    if (error.passing) return pause(error.retryAfterMs);
    refuse(pending.client_msg_id, error.message);
  }

  function pause(atLeastMs: number): void {
    store.apply(interrupted);
    clearTimeout(later);
    later = setTimeout(pump, Math.max(atLeastMs, backoff(attempt)));
    attempt += 1;
  }

  function settle({ client_msg_id, id, seq }: Ack): void {
    if (!id) return pause(KEPT_MS);
    attempt = 0;
    store.apply(acked({ client_msg_id, id, seq: seq ?? 0 }));
    acknowledged();
    pump();
  }

  function refuse(client_msg_id: string, error: string): void {
    store.apply(become(client_msg_id, "failed", error));
    pump();
  }

  return {
    pump,
    acked: settle,
    refused({ text, client_msg_id, retry_after }) {
      if (retry_after) pause(retry_after * 1000);
      else if (client_msg_id) refuse(client_msg_id, text);
    },
    interrupted() {
        store.apply(interrupted);
      pump();
    },
    stop() {
        clearTimeout(later);
    },
  };
}

const wire = ({ client_msg_id, text, attachments }: Pending) => ({ client_msg_id, text, attachments: attachments.map(({ id }) => id) });
