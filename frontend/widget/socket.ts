/**
 * The live line: says hello, hands frames on, and comes back by itself after a cut. It owns no conversation state:
 * after every `ready` the engine asks over HTTP what it missed.
 */
import { backoff } from "./backoff";
import { type ClientFrame, DEAD_TOKEN_CODES, type ServerFrame } from "./contract";

/** Some proxies accept a WebSocket and never let a byte through; this long without `ready` counts as a failure. */
const READY_WITHIN_MS = 10_000;

export interface SocketEvents {
  hello(): ClientFrame;
  frame(frame: ServerFrame): void;
  /** Lost or never had; `failures` counts the tries since the last `ready`. */
  down(failures: number): void;
  deadToken(): void;
}

export interface Line {
  /** False when the line is down: the caller takes the other way. */
  send(frame: ClientFrame): boolean;
  /** Come back now rather than at the end of the wait: the network or the tab woke up. */
  nudge(): void;
  /** Give up this connection and take a new one: it looks open and answers nothing. */
  renew(): void;
  close(): void;
  readonly live: boolean;
  readonly heardAt: number;
}

export function openLine(url: string, on: SocketEvents): Line {
  let socket: WebSocket | null = null;
  let live = false;
  let failures = 0;
  let heardAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    clearTimeout(retry);
    retry = undefined;
    try {
      socket = new WebSocket(url);
    } catch {
      return lost(null); // The page's Content-Security-Policy forbids it; HTTP may still be allowed.
    }
    const mine = socket;
    watchdog = setTimeout(() => drop(mine), READY_WITHIN_MS);
    mine.onopen = () => mine.send(JSON.stringify(on.hello()));
    mine.onmessage = ({ data }) => {
      if (mine === socket) heard(String(data));
    };
    mine.onclose = ({ code }) => {
      if (mine === socket) lost(code);
    };
  }

  function heard(data: string): void {
    heardAt = Date.now();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(data) as ServerFrame;
    } catch {
      return;
    }
    if (frame.type === "ready") {
      clearTimeout(watchdog);
      live = true;
      failures = 0;
    }
    on.frame(frame);
  }

  function lost(code: number | null): void {
    clearTimeout(watchdog);
    socket = null;
    live = false;
    if (code !== null && DEAD_TOKEN_CODES.includes(code)) return on.deadToken();
    retry = setTimeout(connect, backoff(failures));
    failures += 1;
    on.down(failures);
  }

  /** Closing waits for the other end's answer, which may never come; so the loss is declared at once. */
  function drop(mine: WebSocket): void {
    if (mine !== socket) return;
    mine.onclose = mine.onmessage = null;
    mine.close();
    lost(null);
  }

  connect();
  return {
    send(frame) {
      if (!live || socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    nudge() {
      if (retry !== undefined) connect();
    },
    renew() {
      if (socket) drop(socket);
    },
    close() {
      clearTimeout(retry);
      clearTimeout(watchdog);
      retry = undefined;
      live = false;
      const last = socket;
      socket = null;
      last?.close();
    },
    get live() {
      return live;
    },
    get heardAt() {
      return heardAt;
    },
  };
}
