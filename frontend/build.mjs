/**
 * Builds what the browser gets into ../static/dist, which is committed: running the product needs no Node.
 * The same sources give the same bytes, so `bin/test` can rebuild and compare.
 * `npm run build` makes everything from nothing; `npm run build inbox pages` replaces only those bundles.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { sprite } from "./sprite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../static/dist");
const manifestFile = join(dist, "manifest.json");
const ENTRIES = { inbox: "inbox/main.tsx", pages: "styles/pages.css", widget: "widget/app.ts", loader: "widget/loader.ts" };

const asked = process.argv.slice(2);
const bundles = asked.length ? asked : Object.keys(ENTRIES);
if (!asked.length) rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// One manifest in Vite's own form, which the server's `vite_asset` tags read.
const manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf8")) : {};
manifest["icons.svg"] = { file: "icons.svg", src: "icons.svg", isEntry: true };
writeFileSync(join(dist, "icons.svg"), sprite());

for (const bundle of bundles) {
  const entry = ENTRIES[bundle];
  if (!entry) throw new Error(`No bundle is called ${bundle}. There are: ${Object.keys(ENTRIES).join(", ")}.`);
  if (!existsSync(join(here, entry))) continue;
  const before = manifest[entry];
  for (const file of before ? [before.file, ...(before.css ?? [])] : []) rmSync(join(dist, file), { force: true });
  await build({ root: here, configFile: join(here, "vite.config.ts"), mode: bundle });
  const part = join(dist, `manifest.${bundle}.json`);
  Object.assign(manifest, JSON.parse(readFileSync(part, "utf8")));
  rmSync(part);
}

rmSync(join(dist, "pages.js"), { force: true }); // a stylesheet as an entry leaves an empty script behind
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(manifestFile, `${JSON.stringify(sorted, null, 2)}\n`);
console.log(readdirSync(dist, { recursive: true }).sort().join("\n"));
