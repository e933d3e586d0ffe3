/* Small comforts of server-rendered pages. Everything works without this file, with one more click. */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  const say = (button, words) => {
    const before = button.lastChild.textContent;
    button.lastChild.textContent = words;
    setTimeout(() => { button.lastChild.textContent = before; }, 1600);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      say(button, "Copied");
    } catch {
      getSelection().selectAllChildren(source);
      say(button, "Press Ctrl+C");
    }
  });

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
    const all = event.target.dataset.checks;
    if (all) for (const box of document.querySelectorAll(`input[name="${all}"]`)) box.checked = event.target.checked;
  });

  /* Shows only the parts of a form that belong to the chosen option: data-when="field=value". */
  const fit = (form) => {
    for (const part of form.querySelectorAll("[data-when]")) {
      const shown = part.dataset.when.split(" ").some((rule) => {
        const [name, value] = rule.split("=");
        const field = form.elements.namedItem(name);
        return field && field.value === value;
      });
      part.hidden = !shown;
    }
  };
  for (const form of document.querySelectorAll("form")) {
    if (!form.querySelector("[data-when]")) continue;
    fit(form);
    form.addEventListener("change", () => fit(form));
  }

  /* The address of a passkey error is the page itself. */
  document.addEventListener("allauth.error", (event) => {
    const place = document.getElementById("passkey-error");
    if (!place) return;
    event.preventDefault();
    const aborted = event.detail.exception && event.detail.exception.name === "NotAllowedError";
    place.hidden = false;
    place.lastElementChild.textContent = aborted
      ? "The passkey was not used: it was cancelled or took too long. Try again."
      : "This browser could not use a passkey here. Sign in with your password instead.";
  });
})();
