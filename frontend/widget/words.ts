/**
 * Which language the widget speaks, and its sentences: five tables with the same keys, where `{…}` is filled in. Each is
 * a file of its own, so a shopper fetches one and not five.
 */
import ar from "./words/ar.json?url";
import de from "./words/de.json?url";
import type english from "./words/en.json";
import en from "./words/en.json?url";
import es from "./words/es.json?url";
import fr from "./words/fr.json?url";

export type Words = Record<keyof typeof english, string>;

const FILES: Record<string, string> = { en, de, fr, es, ar };

/** The first of the candidates we speak (`de-AT` is German), else English. The page's own language stands first. */
export function chooseLanguage(...candidates: (string | undefined)[]): string {
  const languages = candidates.map((candidate = "") => candidate.toLowerCase().split(/[-_]/)[0] ?? "");
  return languages.find((language) => Object.hasOwn(FILES, language)) ?? "en";
}

export const directionOf = (language: string): "rtl" | "ltr" => (language === "ar" ? "rtl" : "ltr");

export const wordsOf = async (language: string): Promise<Words> => (await (await fetch(FILES[language] ?? "")).json()) as Words;

/** `fill("{n} left", {n: 3})`. Values go in as text and are never scanned again. */
export const fill = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
