/**
 * One SVG sprite with the icons we use and no others, cut out of lucide-static.
 * `icons.json` is the list; `icons.test.ts` keeps it equal to what sources and templates name.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const icons = join(dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")), "icons");

function symbol(name) {
  const svg = readFileSync(join(icons, `${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").replace(/ ?\/?> ?</g, (gap) => gap.trim().replace(" />", "/>").replace("> <", "><")).trim()}</symbol>`;
}

export function sprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8")).sort();
  return [
    '<svg xmlns="http://www.w3.org/2000/svg">',
    "<!-- Lucide, ISC licence, https://lucide.dev/license -->",
    ...names.map(symbol),
    "</svg>",
    "",
  ].join("\n");
}

/** The query changes with the drawing, so a cached sprite never lacks a new icon. */
export function spriteName() {
  return `icons.svg?v=${createHash("sha256").update(sprite()).digest("hex").slice(0, 8)}`;
}
