/**
 * What the browser gets, bundle by bundle: `vite build --mode <bundle>`; `build.mjs` runs them all.
 * Each bundle stands alone: one build with several entries would share chunks, and the storefront widget
 * would then cost two requests.
 */
import { defineConfig } from "vite";

import { spriteName } from "./sprite.mjs";

/** Browsers with `light-dark()`, `@layer` and nesting: lower targets would rewrite the tokens into twice the CSS. */
const CSS_TARGET = ["chrome123", "firefox121", "safari17.5"];

/** `[hash]` in a name: the server finds it in `manifest.json`. Without it: the name is part of a URL that others hold. */
const BUNDLES: Record<string, { entry: string; file: string; format: "es" | "iife" }> = {
  inbox: { entry: "inbox/main.tsx", file: "inbox-[hash].js", format: "es" },
  pages: { entry: "styles/pages.css", file: "pages.js", format: "es" },
  widget: { entry: "widget/app.ts", file: "widget/app-[hash].js", format: "es" },
  loader: { entry: "widget/loader.ts", file: "widget/loader.js", format: "iife" },
};

export default defineConfig(({ mode }) => {
  const bundle = BUNDLES[mode];
  if (!bundle) throw new Error(`No bundle is called ${mode}. There are: ${Object.keys(BUNDLES).join(", ")}.`);
  return {
    logLevel: "warn",
    base: "./",
    publicDir: false,
    define: { __SPRITE__: JSON.stringify(spriteName()) },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      target: "es2022",
      cssTarget: CSS_TARGET,
      outDir: "../static/dist",
      emptyOutDir: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      cssCodeSplit: true,
      reportCompressedSize: false,
      manifest: `manifest.${mode}.json`,
      rolldownOptions: {
        input: bundle.entry,
        output: {
          format: bundle.format,
          entryFileNames: bundle.file,
          // Server-rendered pages link their stylesheet and the font by fixed names.
          assetFileNames: ({ names }) =>
            names.includes("pages.css") || names.some((name) => name.endsWith(".woff2")) ? "[name][extname]" : `${mode}-[hash][extname]`,
          codeSplitting: false,
        },
      },
    },
  };
});
