import { make } from "./dom.js";
import { label, say } from "./texts.js";

/** A picture at its full size, over everything, until it is closed. */
export function view(address, name) {
  const before = document.activeElement;
  const picture = make("img", { src: address, alt: name });
  const save = label(make("a", { class: "quiet", href: address, download: name }), "save");
  const close = label(make("button", { type: "button", class: "strong", on: { click: () => sheet.close() } }), "close");
  const sheet = make("dialog", { class: "viewer", "aria-label": name || say("aPhoto") }, picture, make("div", { class: "choices" }, save, close));
  sheet.addEventListener("close", () => { sheet.remove(); before?.focus?.(); });
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  document.body.append(sheet);
  sheet.showModal();
  close.focus();
}
