/* The page inside Shopify's admin. App Bridge adds the page's token to every fetch. */
(() => {
  "use strict";

  const progress = document.getElementById("progress");

  const look = async () => {
    const answer = await fetch(progress.dataset.url, { headers: { Accept: "text/html" } });
    if (answer.ok) progress.innerHTML = await answer.text();
    return progress.querySelector("[data-done='yes']") !== null;
  };

  const watch = async () => {
    let done = false;
    try {
      done = await look();
    } catch {
      /* The next look may find us again. */
    }
    if (!done) setTimeout(watch, 2000);
  };

  if (progress) setTimeout(watch, 1000);

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-reload]")) location.reload();
    const button = event.target.closest("[data-entrance]");
    if (!button) return;
    // Opened at once, because a window that opens after an answer is a pop-up to the browser.
    const page = window.open("about:blank", "_blank");
    const answer = await fetch(button.dataset.entrance, { method: "POST" });
    const told = answer.ok ? await answer.json() : { url: "/" };
    if (page) page.location = told.url;
    else window.open(told.url, "_top");
  });
})();
