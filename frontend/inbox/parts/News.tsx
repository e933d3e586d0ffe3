/** What the screen says by itself: the connection, toasts, and a voice for screen readers. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { useInbox } from "../context";
import { dismiss } from "../toasts";

/** Blips shorter than this are nobody's business. */
const PATIENCE = 2_500;

export function Connection() {
  const { state, socket } = useInbox();
  const link = state.link.value;
  const waiting = state.waiting.value;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (link === "live") return;
    const timer = setTimeout(() => setLate(true), link === "connecting" ? PATIENCE : 0);
    return () => clearTimeout(timer);
  }, [link]);
  const kept = waiting === 0 ? "" : waiting === 1 ? " One change is kept here and will be sent." : ` ${waiting} changes are kept here and will be sent.`;
  if (link === "signed-out") {
    return (
      <div class="banner banner--bad" role="alert">
        <Icon name="lock" /> You are signed out. What you wrote is kept in this browser. <a href={`/accounts/login/?next=${encodeURIComponent(location.pathname)}`}>Sign in again</a>
      </div>
    );
  }
  if (link === "live" || !late) return null;
  return (
    <div class="banner" role="status">
      <Icon name="wifi-off" />
      <span>{link === "offline" ? `You are offline. You can read and write on; everything goes out when you are back.${kept}` : `Reconnecting. New messages may be missing for a moment.${kept}`}</span>
      <button type="button" class="link" onClick={() => socket.wake()}>Try now</button>
    </div>
  );
}

export function Toasts() {
  const { state } = useInbox();
  return (
    <div class="toasts" role="status">
      {state.toasts.value.map((one) => (
        <div key={one.key} class={one.tone === "bad" ? "toast toast--bad" : "toast"}>
          <span>{one.text}</span>
          {one.action && (
            <button type="button" class="link" onClick={() => (one.action?.run(), dismiss(state, one.key))}>{one.action.label}</button>
          )}
          <button type="button" class="toast__x" aria-label="Dismiss" onClick={() => dismiss(state, one.key)}><Icon name="x" /></button>
        </div>
      ))}
    </div>
  );
}

export function Voice() {
  const { state } = useInbox();
  return <div class="unseen" aria-live="polite" aria-atomic="true">{state.spoken.value}</div>;
}
