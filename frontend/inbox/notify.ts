/** Calling for attention: the number in the title, a quiet sound, a browser notification. Each can be switched off. */
import { effect, type Signal, signal } from "@preact/signals";

import { type State } from "./state";
import type { Row } from "./types";

const remembered = (key: string, fallback: boolean): Signal<boolean> => {
  const read = (): boolean => {
    try {
      return (localStorage.getItem(key) ?? String(fallback)) === "true";
    } catch {
      return fallback;
    }
  };
  const value = signal(read());
  effect(() => {
    try {
      localStorage.setItem(key, String(value.value));
    } catch {
      // Private windows refuse; the choice then lasts as long as the page.
    }
  });
  return value;
};

export const soundOn = remembered("helpdesk.sound", true);
export const notificationsOn = remembered("helpdesk.notifications", false);

/** Whether a row that just changed is a customer's word this agent should hear about. */
export function callsFor(row: Row, before: Row | undefined, meId: string): boolean {
  const news = row.last_direction === "in" && row.unread && row.last_seq > (before?.last_seq ?? 0);
  return news && row.status === "open" && (row.assignee === null || row.assignee.id === meId);
}

let audio: AudioContext | null = null;

/** Two soft notes, made here: no file to load. Browsers allow it once the person has touched the page. */
function chime(): void {
  audio ??= new AudioContext();
  if (audio.state === "suspended") return;
  for (const [at, pitch] of [[0, 660], [0.12, 880]] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + at;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.06, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.3);
  }
}

export function announce(state: State, row: Row, open: (id: string) => void): void {
  const looking = document.visibilityState === "visible" && document.hasFocus();
  state.spoken.value = `New message from ${row.contact.name}: ${row.preview}`;
  if (looking && state.selected.value === row.id) return;
  if (soundOn.value && typeof AudioContext !== "undefined") chime();
  if (looking || !notificationsOn.value || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const note = new Notification(row.contact.name, { body: row.preview || row.subject, tag: row.id });
  note.onclick = () => {
    window.focus();
    open(row.id);
    note.close();
  };
}

/** Asks the browser; called from a click only, because anything else is refused and rude. Returns a sentence when it stays off. */
export async function switchNotifications(on: boolean): Promise<string> {
  if (!on) {
    notificationsOn.value = false;
    return "";
  }
  if (typeof Notification === "undefined") return "This browser has no notifications.";
  const answer = await Notification.requestPermission();
  notificationsOn.value = answer === "granted";
  return answer === "granted" ? "" : "The browser blocks notifications for this site. Allow them beside the address, then try again.";
}

export function keepTitle(state: State): void {
  effect(() => {
    const { unread } = state.counts.value;
    const number = unread > 99 ? "(99+) " : unread > 0 ? `(${unread}) ` : "";
    document.title = `${number}Inbox · ${state.me.workspace.name}`;
  });
}
