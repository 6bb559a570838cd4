import { addPhone, askFresh } from "./api.js";
import { language, relabel, speak } from "./texts.js";

/** The bar above the phones: the page's language, a fresh world, one more phone. */
export function prepareTop(retell) {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => { speak(button.dataset.language); press(); retell(); });
  }
  sheet("add", "adding", (form) => addPhone(Object.fromEntries(new FormData(form))));
  sheet("fresh", "freshening", () => askFresh());
  relabel();
  press();
}

function press() {
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === language()));
}

function sheet(opener, id, act) {
  const shown = document.getElementById(id);
  const form = shown.querySelector("form");
  document.getElementById(opener).addEventListener("click", () => { form.reset(); shown.showModal(); });
  shown.querySelector('[value="cancel"]').addEventListener("click", () => shown.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    shown.close();
    act(form);
  });
}
