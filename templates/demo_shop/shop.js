(() => {
  const one = (selector) => document.querySelector(selector);
  const root = document.documentElement;
  const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR", maximumFractionDigits: 0 });

  /* Appearance: the system's, until the shopper says otherwise. */
  const kept = localStorage.getItem("fjellmark:theme");
  if (kept) root.dataset.theme = kept;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const themeSwitch = one("[data-theme-switch]");
  themeSwitch.setAttribute("aria-pressed", isDark());
  themeSwitch.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("fjellmark:theme", root.dataset.theme);
    themeSwitch.setAttribute("aria-pressed", isDark());
  });

  /* The cart: {key: {name, size, price, count}}, kept in the browser. */
  let cart = {};
  try { cart = JSON.parse(localStorage.getItem("fjellmark:cart")) ?? {}; } catch { /* Somebody else's text: an empty cart. */ }
  const dialog = one(".cart");
  const toast = one(".toast");
  let toastTimer;

  const make = (tag, text = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const change = (key, by) => {
    cart[key].count += by;
    if (cart[key].count < 1) delete cart[key];
    draw();
  };

  const line = ([key, { name, size, price, count }]) => {
    const item = make("li");
    const words = make("div");
    const less = make("button", "−", { type: "button", "aria-label": `One ${name} less` });
    const more = make("button", "+", { type: "button", "aria-label": `One ${name} more` });
    less.addEventListener("click", () => change(key, -1));
    more.addEventListener("click", () => change(key, 1));
    const quantity = make("div", "", { class: "qty" });
    quantity.append(less, make("output", count), more);
    words.append(make("b", name), make("br"), make("small", size ? `Size ${size}` : ""), quantity);
    item.append(words, make("span", money.format(price * count)));
    return item;
  };

  function draw() {
    localStorage.setItem("fjellmark:cart", JSON.stringify(cart));
    const lines = Object.entries(cart);
    const total = lines.reduce((sum, [, { price, count }]) => sum + price * count, 0);
    one("[data-cart-count]").textContent = lines.reduce((sum, [, { count }]) => sum + count, 0);
    one("[data-cart-lines]").replaceChildren(...lines.map(line));
    one("[data-cart-total]").textContent = money.format(total);
    one("[data-cart-ship]").textContent = total >= 80 ? "Shipping is free." : `Plus €6 shipping; free from €80, ${money.format(80 - total)} to go.`;
    one(".cart__empty").hidden = lines.length > 0;
    one(".cart__sum").hidden = lines.length === 0;
    one(".cart__demo").hidden = true;
  }

  for (const product of document.querySelectorAll(".product")) {
    product.querySelector("[data-add]").addEventListener("click", () => {
      const { id, name, price } = product.dataset;
      const size = product.querySelector("select")?.value ?? "";
      const key = id + size;
      cart[key] ??= { name, size, price: Number(price), count: 0 };
      change(key, 1);
      toast.textContent = `${name} is in your cart.`;
      toast.classList.add("on");
      clearTimeout(toastTimer);
      toastTimer = setTimeout(() => toast.classList.remove("on"), 2200);
    });
  }
  one("[data-cart-open]").addEventListener("click", () => dialog.showModal());
  one("[data-cart-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  one("[data-cart-pay]").addEventListener("click", () => { one(".cart__demo").hidden = false; });
  draw();
})();
