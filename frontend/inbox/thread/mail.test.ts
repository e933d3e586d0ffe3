import { describe, expect, it } from "vitest";

import { blockedImages, dropPixels, hasColours, isPlain, quotesOf, restoreStyles, setStylesAside } from "./mail";

const body = (html: string): HTMLElement => {
  const element = document.createElement("div");
  element.innerHTML = setStylesAside(html);
  return element;
};

describe("a mail's HTML", () => {
  it("that says no more than text is shown as text", () => {
    expect(isPlain('<div dir="ltr">Hello<br>there</div><p>Bye</p>')).toBe(true);
    expect(isPlain("<p>Hello <b>there</b></p>")).toBe(false);
    expect(isPlain("<table><tr><td>x</td></tr></table>")).toBe(false);
  });

  it("folds a quote and the line that introduces it", () => {
    const mail = body("<div>Thanks!</div><div>On Mon, Ida wrote:</div><blockquote>old <blockquote>older</blockquote></blockquote>");
    expect(quotesOf(mail).map((quote) => quote.tagName)).toEqual(["BLOCKQUOTE", "DIV"]);
  });

  it("folds everything under Outlook's ruled header block", () => {
    const mail = body('<div><p>My answer</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: Ida</p></div><p>old words</p></div><p>more old words</p>');
    expect(quotesOf(mail).map((quote) => quote.textContent)).toEqual(["From: Ida", "old words", "more old words"]);
  });

  it("that is nothing but a quote stays open", () => {
    expect(quotesOf(body("<blockquote>all of it</blockquote>"))).toEqual([]);
  });

  it("offers remote pictures, but never a pixel that only counts readers", () => {
    expect(blockedImages(body('<img data-remote-src="https://a.example/1.png"><img data-remote-src="https://a.example/t.gif" width="1" height="1"><img src="/files/x">'))).toBe(1);
  });

  it("never loads such a pixel, even with pictures shown", () => {
    const shown = dropPixels('<img data-remote-src="https://a.example/t.gif" src="/files/remote/x" width="1" height="1"><img data-remote-src="https://a.example/1.png" src="/files/remote/y" width="200">');
    expect(shown).not.toContain("/files/remote/x");
    expect(shown).toContain("/files/remote/y");
  });

  it("gets its styles back through the object model, without those that load something", () => {
    const mail = body('<p style="color:red">a</p><p style="background:url(https://x.example)">b</p>');
    expect(mail.innerHTML).not.toContain(" style=");
    restoreStyles(mail);
    expect([...mail.children].map((child) => (child as HTMLElement).style.cssText)).toEqual(["color: red;", ""]);
  });

  it("with colours of its own is shown on white", () => {
    expect(hasColours('<p style="color:#333">x</p>')).toBe(true);
    expect(hasColours("<p><b>x</b></p>")).toBe(false);
  });
});
