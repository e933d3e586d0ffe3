/** Amounts as people read them. They travel as decimal strings and stay that: no sum is made in floating point. */
export interface Amount {
  amount: string;
  currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

/** `£1,284.00`; when `short`, whole and large amounts go without what stands after the point. */
export function money({ amount, currency }: Amount, short = false): string {
  const whole = short && (Number.isInteger(Number(amount)) || Math.abs(Number(amount)) >= 1000);
  const key = currency + String(whole);
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...(whole ? { maximumFractionDigits: 0 } : {}) });
    } catch {
      return `${amount} ${currency}`; // a code this browser does not know
    }
    formats.set(key, format);
  }
  return format.format(amount as unknown as number); // browsers take decimal strings exactly
}

export const isZero = (amount: Amount): boolean => Number(amount.amount) === 0;

/** Digits after the point in this currency: 2 for EUR, 0 for JPY, 3 for KWD. */
export function digits(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** What was typed as an amount in this currency, or null. `12,50` is as good as `12.50`; `1.234` is not twelve hundred. */
export function parseAmount(text: string, currency: string): Amount | null {
  const hit = /^\s*(\d{1,12})(?:[.,](\d+))?\s*$/.exec(text);
  if (!hit) return null;
  const fraction = hit[2] ?? "";
  const most = digits(currency);
  if (fraction.length > most) return null;
  return { amount: most ? `${Number(hit[1])}.${fraction.padEnd(most, "0")}` : String(Number(hit[1])), currency };
}

/** In the smallest unit, for comparing; exact, because it is made from the digits. */
export function minor({ amount, currency }: Amount): bigint {
  const sign = amount.startsWith("-") ? -1n : 1n;
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  return sign * BigInt(whole + fraction.padEnd(digits(currency), "0").slice(0, digits(currency)));
}
