/** Times as people say them, in the visitor's own time zone and language. */
import { fill, type Words } from "./words";

/** "Back tomorrow at 09:00", or nothing when that time is unknown or past. */
export function whenBack(backAt: string | null, now: Date, locale: string, words: Words): string {
  if (!backAt || !(new Date(backAt) > now)) return "";
  return upperFirst(fill(words.backOn, { day: near(backAt, now, locale), time: clock(backAt, locale) }));
}

/** The name of a day as it stands above its messages. */
export const dayName = (iso: string, now: Date, locale: string): string => upperFirst(near(iso, now, locale));

export const clock = (iso: string, locale: string): string => new Date(iso).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });

/** "today", "tomorrow", then the weekday within the week to come, then the date. */
function near(iso: string, now: Date, locale: string): string {
  const day = new Date(iso);
  const days = midnights(day) - midnights(now);
  if (Math.abs(days) < 2) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return day.toLocaleDateString(locale, days > 0 && days < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" });
}

/** Counted by the calendar: a night of 23 or 25 hours is still one. */
const midnights = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
