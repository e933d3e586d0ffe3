/** A shop picks one colour; these make it readable wherever the widget puts it (WCAG 2.2 AA, 4.5:1 for text). */

/** `--paper` of widget.css. */
export const PAPER = { light: "#fefefd", dark: "#16181c" };
const FALLBACK = "#14513c";
const AA = 4.5;
/** A little more than needed: thin outlines and hovered chips wear this colour, too. */
const COMFORT = 5.5;

type Rgb = [number, number, number];

/** `#aabbcc`; anything else is the house green, because a bad value must not cost the shop its chat. */
function parse(value: string): Rgb {
  const hex = /^#[0-9a-f]{6}$/i.test(value) ? value : FALLBACK;
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

const toHex = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** White or black, whichever reads better on the colour: one of the two always reaches 4.58:1. */
export function inkOn(colour: string): string {
  const brand = toHex(parse(colour));
  return contrast(brand, "#ffffff") >= AA ? "#ffffff" : "#000000";
}

/** The colour itself when it reads as text on `paper`, else the nearest mix with black or white that does. */
export function readableOn(colour: string, paper: string): string {
  const brand = parse(colour);
  const end = luminance(parse(paper)) > 0.5 ? 0 : 255;
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = toHex(brand.map((part) => part + (end - part) * share) as Rgb);
    if (contrast(mixed, paper) >= COMFORT) return mixed;
  }
  return end ? "#ffffff" : "#000000";
}

/** The custom properties of one appearance. */
export function theme(colour: string, appearance: "light" | "dark"): Record<string, string> {
  const brand = toHex(parse(colour));
  return {
    "--brand": brand,
    "--brand-ink": inkOn(brand),
    "--brand-text": readableOn(brand, PAPER[appearance]),
  };
}
