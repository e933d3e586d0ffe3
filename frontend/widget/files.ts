/** Which files may go, checked before a byte leaves, and said in words. The server checks again. */
import type { Config } from "./contract";
import { fill, type Words } from "./words";

type Limits = Pick<Config, "max_file_bytes" | "file_types">;

export function fileFault(file: Pick<File, "name" | "size" | "type">, limits: Limits, locale: string, words: Words): string | undefined {
  const { name } = file;
  if (!file.size) return fill(words.emptyFile, { name });
  if (file.size > limits.max_file_bytes) return fill(words.tooBig, { name, size: fileSize(limits.max_file_bytes, locale) });
  if (!isAllowed(file, limits.file_types)) return fill(words.badType, { name, types: typeNames(limits.file_types) });
  return undefined;
}

/** Types are `image/png`, `image/*` or `.pdf`. What the browser cannot name (HEIC on Windows) the server judges. */
export function isAllowed({ name, type }: Pick<File, "name" | "type">, types: string[]): boolean {
  if (!types.length || !type) return true;
  return types.some((allowed) => {
    const one = allowed.toLowerCase();
    if (one.startsWith(".")) return name.toLowerCase().endsWith(one);
    return one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : type === one;
  });
}

/** "PNG, JPEG, TXT": what people call types, each once. */
export const typeNames = (types: string[]): string =>
  [...new Set(types.map((type) => type.replace("plain", "txt").replace(/^.*[./+]/, "").toUpperCase()))].join(", ");

export function fileSize(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte"];
  const step = bytes < 1000 ? 0 : bytes < 999_500 ? 1 : 2;
  const value = bytes / 1000 ** step;
  const options = { style: "unit", unit: units[step] ?? "byte", unitDisplay: "short", maximumFractionDigits: value < 10 && step ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
