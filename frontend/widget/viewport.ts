/** On a phone the keyboard covers the page without shrinking it; only the visual viewport knows what is left. */
export function followVisibleHeight(host: HTMLElement): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const measure = (): void => {
    host.style.setProperty("--visible-height", `${seen.height}px`);
    host.style.setProperty("--visible-top", `${seen.offsetTop}px`);
  };
  measure();
  seen.addEventListener("resize", measure);
  seen.addEventListener("scroll", measure);
}
