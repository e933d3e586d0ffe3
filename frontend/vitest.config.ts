import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    environment: "happy-dom",
    include: ["{inbox,widget,shared}/**/*.test.{ts,tsx}", "*.test.ts"],
    restoreMocks: true,
  },
});
