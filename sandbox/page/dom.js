import { label as labelled, say } from "./texts.js";

/** Builds an element. Text goes in as text nodes only; nothing here ever parses HTML. */
export function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key === "class") element.className = value;
    else if (key === "on") for (const [event, react] of Object.entries(value)) element.addEventListener(event, react);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** `key`: what it says to who cannot see the picture, in the page's language. */
export function roundButton(key, picture, react, more = "") {
  const given = { type: "button", class: `round ${more}`, title: say(key), on: { click: react } };
  return labelled(make("button", given, icon(picture)), key, "name");
}
