/** One socket for the whole inbox: it comes back by itself and never leaves a silence unexplained. */
import type { Frame } from "./types";

export type Link = "connecting" | "live" | "offline" | "signed-out";

export interface SocketOptions {
  url: string;
  onFrame(frame: Frame): void;
  onLink(link: Link): void;
  open?: (url: string) => WebSocket;
}

export interface InboxSocket {
  start(): void;
  stop(): void;
  /** Skips the waiting, for instance when the browser says it is online again. */
  wake(): void;
  watch(conversation: string | null): void;
  typing(conversation: string, on: boolean): void;
}

/** Half a second, doubling to fifteen; the random part keeps a restarted server from meeting everybody at once. */
export const pause = (attempt: number, random = Math.random()): number => Math.min(500 * 2 ** attempt, 15_000) * (0.75 + random / 2);

/** The server ticks every 15 s. Two and a half ticks of silence mean the line is dead though nobody said so. */
const SILENCE = 38_000;
const SIGNED_OUT = 4401;

export function createSocket({ url, onFrame, onLink, open = (to) => new WebSocket(to) }: SocketOptions): InboxSocket {
  let socket: WebSocket | null = null;
  let attempt = 0;
  let stopped = true;
  let watched: string | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const say = (message: unknown): void => {
    if (socket?.readyState === 1) socket.send(JSON.stringify(message));
  };

  const listen = (): void => {
    clearTimeout(silence);
    silence = setTimeout(drop, SILENCE);
  };

  function drop(): void {
    const old = socket;
    socket = null;
    if (old) {
      old.onopen = old.onmessage = old.onclose = old.onerror = null;
      old.close();
    }
    later();
  }

  function later(): void {
    clearTimeout(silence);
    clearTimeout(retry);
    if (stopped) return;
    onLink(typeof navigator !== "undefined" && navigator.onLine === false ? "offline" : "connecting");
    retry = setTimeout(connect, pause(attempt++));
  }

  function connect(): void {
    clearTimeout(retry);
    if (stopped || socket) return;
    const mine = open(url);
    socket = mine;
    mine.onopen = () => {
      listen();
      if (watched) say({ type: "watch", conversation: watched });
    };
    mine.onmessage = (event) => {
      listen();
      const frame = JSON.parse(String(event.data)) as Frame;
      if (frame.type === "hello") {
        attempt = 0;
        onLink("live");
      }
      onFrame(frame);
    };
    mine.onclose = (event) => {
      if (socket !== mine) return;
      socket = null;
      if (event.code === SIGNED_OUT) {
        stopped = true;
        clearTimeout(silence);
        onLink("signed-out");
        return;
      }
      later();
    };
    mine.onerror = () => undefined; // a close always follows
  }

  return {
    start() {
      stopped = false;
      onLink("connecting");
      connect();
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      clearTimeout(silence);
      socket?.close();
      socket = null;
    },
    wake() {
      attempt = 0;
      if (!stopped && !socket) connect();
    },
    watch(conversation) {
      watched = conversation;
      say({ type: "watch", conversation });
    },
    typing(conversation, on) {
      say({ type: "typing", conversation, on });
    },
  };
}
