import { make } from "./dom.js";
import { label } from "./texts.js";

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

/** A text with its entities, whose offsets count UTF-16 units as JavaScript's strings do. */
export function words(text, entities, acts) {
  const shown = make("div", { class: "words" });
  shown.append(...pieces(text, 0, text.length, entities, acts));
  return shown;
}

function pieces(text, start, end, entities, acts) {
  const made = [];
  let at = start;
  entities.forEach((entity, index) => {
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || stop <= entity.offset) return;
    made.push(text.slice(at, entity.offset));
    const inside = entities.slice(index + 1).filter((other) => other.offset < stop);
    const content = pieces(text, entity.offset, stop, inside, acts);
    made.push(marked(entity, text.slice(entity.offset, stop), content, acts));
    at = stop;
  });
  made.push(text.slice(at, end));
  return made.filter((piece) => piece !== "");
}

function marked(entity, text, content, acts) {
  switch (entity.type) {
    case "code":
      return make("code", {}, ...content);
    case "spoiler": {
      const hidden = label(make("button", { type: "button", class: "spoiler" }, ...content), "hidden", "name");
      hidden.addEventListener("click", () => { hidden.classList.add("open"); delete hidden.dataset.sayname; hidden.removeAttribute("aria-label"); });
      return hidden;
    }
    case "bot_command":
      return make("button", { type: "button", class: "tap", on: { click: () => acts.send(text) } }, ...content);
    case "url":
    case "text_link":
      return link(entity.url ?? text, content, acts);
    default:
      return PLAIN[entity.type] ? make(PLAIN[entity.type], {}, ...content) : make("span", {}, ...content);
  }
}

/** Only web addresses become links; those that start this bot are followed here. */
function link(address, content, acts) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return make("span", {}, ...content);
  if (url.hostname === "t.me" && url.searchParams.has("start")) {
    return make("button", { type: "button", class: "tap", on: { click: () => acts.open(address) } }, ...content);
  }
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...content);
}
