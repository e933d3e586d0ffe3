// @vitest-environment node
import { expect, it } from "vitest";

import { fileFault, fileSize, isAllowed } from "./files";
import en from "./words/en.json";

const limits = { max_file_bytes: 20 * 1024 * 1024, file_types: ["image/png", "image/jpeg", "application/pdf", "text/plain"] };
const fault = (name: string, type: string, size: number) => fileFault({ name, type, size }, limits, "en", en);

it("a picture of fair size may go", () => {
  expect(fault("pole.png", "image/png", 2_000_000)).toBeUndefined();
});

it("what is too large is told the limit", () => {
  expect(fault("film.png", "image/png", 30_000_000)).toBe("film.png is too large: 21 MB is the limit.");
});

it("what may not go is told what may", () => {
  expect(fault("tool.exe", "application/x-msdownload", 10)).toBe("tool.exe cannot be sent here. You can attach: PNG, JPEG, PDF, TXT.");
});

it("an empty file is said to be empty", () => {
  expect(fault("none.png", "image/png", 0)).toBe("none.png is empty.");
});

it("what the browser cannot name is left to the server", () => {
  expect(isAllowed({ name: "photo.heic", type: "" }, limits.file_types)).toBe(true);
});

it("families and endings count as types", () => {
  expect(isAllowed({ name: "a.webp", type: "image/webp" }, ["image/*"])).toBe(true);
  expect(isAllowed({ name: "A.PDF", type: "application/pdf" }, [".pdf"])).toBe(true);
  expect(isAllowed({ name: "a.svgz", type: "image-x" }, ["image/*"])).toBe(false);
});

it("sizes are said as people say them", () => {
  expect(fileSize(480, "en")).toBe("480 byte");
  expect(fileSize(1_500, "en")).toBe("1.5 kB");
  expect(fileSize(20_000_000, "de")).toBe("20 MB");
});
