/** Builds the dev page into dev/out and serves it: `npm run dev`, then http://localhost:5173/. Never part of the product. */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { sprite } from "../sprite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
await build({
  root: join(here, ".."), configFile: false, logLevel: "warn", base: "./", publicDir: false,
  define: { __SPRITE__: JSON.stringify("icons.svg") },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022", cssTarget: ["chrome123", "firefox121", "safari17.5"], outDir: "dev/out", assetsInlineLimit: 0, minify: false, modulePreload: false,
    rolldownOptions: { input: "dev/main.ts", output: { entryFileNames: "dev.js", assetFileNames: ({ names }) => (names.some((name) => name.endsWith(".css")) ? "inbox.css" : "[name][extname]"), codeSplitting: false } },
  },
});
writeFileSync(join(here, "out/icons.svg"), sprite());

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
if (process.argv.includes("--serve")) {
  createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = path.startsWith("/out/") ? path : "/index.html";
    try {
      const body = await readFile(join(here, file));
      response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(5173);
  console.log("http://localhost:5173/");
}
