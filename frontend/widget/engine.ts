/** Puts the parts together: session, line, sender, sync; and offers what a visitor can do. */
import { type Api, api, type ApiError } from "./api";
import { onChange } from "./cell";
import { become, discarded, forgotten, lastSeq, readByVisitor, received, resumeFrom, submitted, told, typingIs } from "./chat";
import type { Attachment, Config, NewSession, ServerFrame } from "./contract";
import type { Memory, Session } from "./memory";
import { sender } from "./sender";
import { type Line, openLine, type SocketEvents } from "./socket";
import { type Store, store as newStore } from "./store";
import { sync as newSync } from "./sync";
import { typing as newTyping } from "./typing";
import { uuid } from "./uuid";

export interface Parts {
  base: string;
  config: Config;
  locale: string;
  memory: Memory;
  /** Called when the server no longer knows this visitor. */
  onDeadToken?: () => void;
}

export interface Engine extends Store {
  config: Config;
  memory: Memory;
  http: Api;
  start(): void;
  /** Opens a session; raises ApiError. */
  begin(session: NewSession): Promise<void>;
  /** A message left out of hours: sent like any other, and answered by email. */
  leave(text: string): void;
  submit(text: string, attachments: Attachment[]): void;
  retry(clientMsgId: string): void;
  discard(clientMsgId: string): void;
  visitorTypes(): void;
  /** The visitor has the newest message before their eyes. */
  seen(): void;
  /** Raises ApiError. */
  continueByEmail(email: string): Promise<void>;
  /** Raises ApiError. */
  end(): Promise<void>;
  /** Drops the session; unsent messages stay for the next one. */
  startOver(): void;
  /** A token signed by the store says who the shopper is. */
  identify(token: string): void;
}

export function engine({ base, config, locale, memory, onDeadToken }: Parts): Engine {
  const http = api(base, config.key);
  const store = newStore(memory, config);
  let line: Line | null = null;
  let identity = "";

  const outbox = sender({ store, http, line: () => line, deadToken, acknowledged: answerByEmail });
  const sync = newSync({ store, http, line: () => line, deadToken });
  const typing = newTyping((on) => line?.send({ type: "typing", on }));

  function join(): void {
    line?.close();
    line = null;
    if (!store.session.value) return;
    store.link.value = "connecting";
    line = openLine(`${base.replace(/^http/, "ws")}/ws/widget/`, { hello, frame, down, deadToken });
    void sync.catchUp();
    outbox.pump();
    vouch();
  }

  /** Show the server who the shop says this is. */
  function vouch(): void {
    const token = store.session.value?.token;
    if (!identity || !token) return;
    http.identify(token, identity).then(
      () => sync.catchUp(true),
      (error: ApiError) => {
        // This browser's chat is another customer's, who must not be shown to this one.
        if (error.status === 409) deadToken();
        else console.warn(`Helpdesk("identify"): ${error.message}`);
      },
    );
  }

  function shut(): void {
    line?.close();
    line = null;
    sync.stop();
    outbox.stop();
  }

  const hello: SocketEvents["hello"] = () => ({
    type: "hello",
    token: store.session.value?.token ?? "",
    after_seq: resumeFrom(store.chat.value),
    page_url: pageUrl(),
    locale,
  });

  const FRAMES: { [Type in ServerFrame["type"]]: (frame: Extract<ServerFrame, { type: Type }>) => void } = {
    ready() {
      store.link.value = "live";
      void sync.catchUp();
      outbox.pump();
    },
    ack: outbox.acked,
    message: ({ type: _, ...message }) => store.apply(received([message])),
    typing: ({ on, name }) => typing.theirs(on, (who) => store.apply(typingIs(who)), name ?? ""),
    read: ({ last_seq }) => store.apply(told({ agent_read_seq: last_seq })),
    status({ online, back_at, ended }) {
      store.online.value = online;
      store.backAt.value = back_at;
      if (ended) store.apply(told({ ended }));
    },
    error: outbox.refused,
  };

  function frame(received: ServerFrame): void {
    // A newer server may say things this page does not know yet.
    (FRAMES[received.type] as ((frame: ServerFrame) => void) | undefined)?.(received);
  }

  function down(failures: number): void {
    outbox.interrupted();
    if (failures > 1 && store.link.value !== "down") store.link.value = "polling";
    // The first loss is usually healed within a second; from the second on, HTTP takes over.
    if (failures > 1) void sync.catchUp();
    else sync.plan();
  }

  function deadToken(): void {
    const kept = memory.session();
    if (kept && kept.token !== store.session.value?.token) return adopt(kept); // Another tab has a newer one.
    startOver();
    onDeadToken?.();
  }

  function adopt(session: Session | null): void {
    if (session?.token === store.session.value?.token) return;
    shut();
    store.session.value = session;
    store.apply(forgotten);
    join();
  }

  function startOver(): void {
    memory.forgetSession();
    adopt(null);
  }

  function answerByEmail(): void {
    const email = memory.get("leave");
    const token = store.session.value?.token;
    if (!email || !token) return;
    http.continueByEmail(token, email).then(
      () => {
        memory.set("leave", "");
        store.apply(told({ continued_by_email: email }));
      },
      () => undefined, // Asked again with the next message; the server offers it out of hours anyway.
    );
  }

  function woke(): void {
    if (document.hidden) return;
    line?.nudge();
    if (store.session.value) void sync.catchUp();
    outbox.pump();
  }

  const submit: Engine["submit"] = (text, attachments) => {
    typing.stopped();
    const created_at = new Date().toISOString();
    store.apply(submitted({ client_msg_id: uuid(), text, attachments, created_at, state: "waiting" }));
    outbox.pump();
  };

  return Object.assign(store, {
    config,
    memory,
    http,
    start() {
      document.addEventListener("visibilitychange", woke);
      addEventListener("online", woke);
      memory.onSessionChange(() => adopt(memory.session()));
      onChange(sync.plan); // The panel opened, the link changed: look again at the new pace.
      join();
    },
    async begin(session) {
      const { token } = await http.open({ ...session, locale, page_url: pageUrl() });
      const kept = { token, name: session.name, email: session.email };
      memory.keepSession(kept);
      adopt(kept);
    },
    leave(text) {
      memory.set("leave", store.session.value?.email ?? "");
      submit(text, []);
    },
    submit,
    retry(client_msg_id) {
      store.apply(become(client_msg_id, "waiting"));
      outbox.pump();
    },
    discard: (client_msg_id) => store.apply(discarded(client_msg_id)),
    visitorTypes: () => typing.ours(),
    seen() {
      const chat = store.chat.value;
      const last_seq = lastSeq(chat);
      const token = store.session.value?.token;
      if (!token || last_seq <= chat.readSeq) return;
      store.apply(readByVisitor(last_seq));
      // Only told, never insisted on: the next message read says it again.
      if (!line?.send({ type: "read", last_seq })) http.read(token, last_seq).catch(() => undefined);
    },
    async continueByEmail(email) {
      await http.continueByEmail(store.session.value?.token ?? "", email);
      store.apply(told({ continued_by_email: email }));
    },
    async end() {
      await http.end(store.session.value?.token ?? "");
      store.apply(told({ ended: true }));
    },
    startOver,
    identify(claim) {
      identity = claim;
      vouch();
    },
  } satisfies Omit<Engine, keyof Store>);
}

/** Where the shopper is, without what the address bar may carry after `?` or `#`: that can be personal. */
const pageUrl = (): string => location.origin + location.pathname;
