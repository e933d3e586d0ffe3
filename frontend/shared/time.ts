/** Times as people say them. All functions take `now`, so that a test can hold the clock. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** The last column of a list row: `now`, `4 min`, `3 h`, `Thu`, `9 Nov`, `2025`. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  const age = now - at;
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < 12 * HOUR || midnight(at) === midnight(now)) return `${Math.floor(age / HOUR)} h`;
  if (age < 6 * DAY) return weekdayFormat.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayFormat.format(at) : String(new Date(at).getFullYear());
}

export const clock = (iso: string): string => clockFormat.format(Date.parse(iso));
const fulls = new Map<string, string>();

/** The whole date for a tooltip. Kept, because a long list asks for the same ones with every key-press and Intl is slow. */
export function full(iso: string): string {
  let words = fulls.get(iso);
  if (words === undefined) {
    if (fulls.size > 2_000) fulls.clear();
    words = fullFormat.format(Date.parse(iso));
    fulls.set(iso, words);
  }
  return words;
}

/** The line between two days of a conversation. */
export function dayName(iso: string, now: number): string {
  const at = Date.parse(iso);
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const year = new Date(at).getFullYear();
  return year === new Date(now).getFullYear() ? longDayFormat.format(at) : `${longDayFormat.format(at)} ${year}`;
}

export const sameDay = (a: string, b: string): boolean => midnight(Date.parse(a)) === midnight(Date.parse(b));

/** A moment still to come: `today 15:00`, `tomorrow 09:00`, `Mon 09:00`, `9 Dec`. */
export function until(iso: string, now: number): string {
  const at = Date.parse(iso);
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (days <= 0) return `today ${clock(iso)}`;
  if (days === 1) return `tomorrow ${clock(iso)}`;
  if (days < 7) return `${weekdayFormat.format(at)} ${clock(iso)}`;
  return dayFormat.format(at);
}

/** Time left before a deadline, told as time left: `40 s left`, `18 min left`, `3 h left`, `2 h late`. */
export function left(iso: string, now: number): string {
  const rest = Date.parse(iso) - now;
  const size = Math.abs(rest);
  const word = rest < 0 ? "late" : "left";
  if (size < MINUTE) return `${Math.round(size / 1000)} s ${word}`;
  if (size < HOUR) return `${Math.round(size / MINUTE)} min ${word}`;
  if (size < DAY) return `${Math.round(size / HOUR)} h ${word}`;
  return `${Math.round(size / DAY)} d ${word}`;
}

/** What the snooze menu offers. Mornings are 09:00 of the agent's own day. */
export function snoozeTimes(now: number): { label: string; at: string }[] {
  const at = (days: number, hour: number): string => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day.toISOString();
  };
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  const times = [
    { label: "In an hour", at: new Date(now + HOUR).toISOString() },
    { label: "In three hours", at: new Date(now + 3 * HOUR).toISOString() },
    { label: "Tomorrow morning", at: at(1, 9) },
  ];
  // On Sundays "next Monday" is the tomorrow morning already listed.
  if (toMonday > 1) times.push({ label: "Monday morning", at: at(toMonday, 9) });
  times.push({ label: "In two weeks", at: at(14, 9) });
  return times;
}
