import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Helpdesk } from "./contract";
import { CONFIG } from "./testing";

const dist = join(import.meta.dirname, "../../static/dist");
const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")) as Record<string, { file: string }>;
const weight = (entry: string) => gzipSync(readFileSync(join(dist, manifest[entry]?.file ?? "")), { level: 9 }).length;

describe("what a shopper's page pays", () => {
  it("is less than 1 kB for the loader", () => expect(weight("widget/loader.ts")).toBeLessThanOrEqual(1024));

  it("is less than 20 kB for the app", () => expect(weight("widget/app.ts")).toBeLessThanOrEqual(20 * 1024));
});

describe("the tag in a shop's page", () => {
  let asked: string[];

  async function tag(): Promise<void> {
    const script = document.createElement("script");
    script.dataset.key = "shop";
    Object.defineProperty(script, "src", { value: "https://desk.test/widget/v1/loader.js" });
    Object.defineProperty(document, "currentScript", { value: script, configurable: true });
    vi.resetModules();
    await import("./loader");
    await vi.waitFor(() => expect(asked).not.toEqual([]));
    await new Promise((resolve) => setTimeout(resolve));
  }

  const button = () => document.querySelector("helpdesk-chat")?.shadowRoot?.querySelector("button");
  const apps = () => [...document.head.querySelectorAll("script")].map(({ src }) => src);

  beforeEach(() => {
    asked = [];
    localStorage.clear();
    delete window.Helpdesk;
    document.querySelector("helpdesk-chat")?.remove();
    document.head.replaceChildren();
    vi.stubGlobal("fetch", async (url: string) => {
      asked.push(url);
      return Response.json({ ...CONFIG, app_url: "/static/dist/widget/app-1.js" });
    });
    vi.spyOn(document.head, "append").mockImplementation((node) => void document.head.insertAdjacentElement("beforeend", Object.assign(node as HTMLElement, { type: "text/plain" })));
  });

  afterEach(() => vi.unstubAllGlobals());

  it("draws the button from the shop's settings and nothing more", async () => {
    await tag();
    expect(asked).toEqual(["https://desk.test/widget/v1/shop/config"]);
    expect(button()?.title).toBe("Chat with Fjellmark");
    expect(apps()).toEqual([]);
  });

  it("loads the app once, at the first sign of interest, and opens it", async () => {
    await tag();
    button()?.dispatchEvent(new Event("pointerenter"));
    button()?.click();
    expect(apps()).toEqual(["https://desk.test/static/dist/widget/app-1.js"]);
    expect(window.Helpdesk?.q).toEqual([["open"]]);
  });

  it("loads the app at once for a shopper who has a chat, or a page that asked early", async () => {
    localStorage.setItem("helpdesk:shop", "{}");
    await tag();
    expect(apps()).toHaveLength(1);
  });

  it("keeps commands that were given before it came", async () => {
    window.Helpdesk = { q: [["open"]] } as never;
    await tag();
    expect((window.Helpdesk as Helpdesk | undefined)?.q).toEqual([["open"]]);
    expect(apps()).toHaveLength(1);
  });

  it("may stand on the page twice", async () => {
    await tag();
    await tag();
    expect(asked).toHaveLength(1);
    expect(document.querySelectorAll("helpdesk-chat")).toHaveLength(1);
  });
});
