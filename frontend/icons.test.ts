// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { sprite } from "./sprite.mjs";

const root = join(import.meta.dirname, "..");
const listed = new Set(JSON.parse(readFileSync(join(import.meta.dirname, "icons.json"), "utf8")) as string[]);

function files(folder: string, ends: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ends.test(entry.name) && !entry.parentPath.includes("node_modules") && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

const sources = [...files("frontend/inbox", /\.tsx?$/), ...files("frontend/shared", /\.tsx?$/)].join("\n");
const pages = [...files("templates", /\.html$/), ...["helpdesk", "identity", "inbox", "channels_app", "ai_agent", "analytics"].flatMap((app) => files(app, /\.(py|html)$/))].join("\n");

describe("the icon sprite", () => {
  it("holds every icon the island draws by name", () => {
    const named = [...sources.matchAll(/(?:<Icon name|icon)(?:=|: )"([a-z0-9-]+)"/g)].map((hit) => hit[1]!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !listed.has(name))).toEqual([]);
  });

  it("holds every icon the pages draw by name", () => {
    const named = [...pages.matchAll(/(?:icons\.svg' %\}#|\{% icon ["'])([a-z0-9-]+)/g)].map((hit) => hit[1]!);
    expect(named.filter((name) => !listed.has(name))).toEqual([]);
  });

  it("holds no icon that nobody draws", () => {
    const words = `${sources}\n${pages}`;
    expect([...listed].filter((name) => !new RegExp(`["'#]${name}["'#]`).test(words))).toEqual([]);
  });

  it("is drawn from Lucide, each name once", () => {
    const drawn = [...sprite().matchAll(/<symbol id="([^"]+)"/g)].map((hit) => hit[1]!);
    expect(new Set(drawn)).toEqual(listed);
  });
});
