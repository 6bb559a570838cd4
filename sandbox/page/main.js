import { addPhone } from "./api.js";
import { ClockView } from "./clock.js";
import { make } from "./dom.js";
import { PhoneView } from "./phone.js";

const phones = new Map();
const area = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const connection = document.getElementById("connection");
const clock = new ClockView(document.getElementById("when"));
let chosen = null;

function choose(id, focus = false) {
  chosen = id;
  for (const [one, { view, tab }] of phones) {
    const here = one === id;
    view.element.classList.toggle("chosen", here);
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    if (here) {
      tab.querySelector(".unread")?.remove();
      view.log.toEnd();
      if (focus) tab.focus();
    }
  }
}

function show(chat) {
  const known = phones.get(chat.id);
  if (known) {
    const news = newFromBot(known.view.chat, chat);
    known.view.show(chat);
    if (news > 0 && chat.id !== chosen) addUnread(known.tab, news);
    return;
  }
  const view = new PhoneView(chat, phones.size);
  const tab = make("button", {
    type: "button", role: "tab", class: "tab", "aria-controls": view.element.id, "aria-selected": "false",
    on: { click: () => choose(chat.id), keydown: moveTab },
  }, chat.name);
  phones.set(chat.id, { view, tab });
  area.append(view.element);
  tabs.append(tab);
  view.log.toEnd();
  if (chosen === null) choose(chat.id);
  else tab.tabIndex = -1;
}

function newFromBot(before, after) {
  const known = new Set(before.messages.map((said) => said.message_id));
  return after.messages.filter((said) => said.from === "bot" && !known.has(said.message_id)).length;
}

function addUnread(tab, news) {
  const badge = tab.querySelector(".unread") ?? tab.appendChild(make("span", { class: "unread" }, "0"));
  badge.textContent = String(Number(badge.textContent) + news);
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const ids = [...phones.keys()];
  choose(ids.at((ids.indexOf(chosen) + step) % ids.length), true);
}

function keepOnly(ids) {
  for (const [id, { view, tab }] of phones) {
    if (ids.includes(id)) continue;
    view.element.remove();
    tab.remove();
    phones.delete(id);
    if (chosen === id) chosen = null;
  }
  document.getElementById("empty").hidden = ids.length > 0;
}

function showBot(bot) {
  document.getElementById("bot-name").textContent = bot.name;
  document.getElementById("bot-username").textContent = `@${bot.username}`;
  document.title = `${bot.name} · phones`;
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => live("Live", true));
  events.addEventListener("error", () => live("Reconnecting…", false));
  events.addEventListener("clock", (event) => clock.show(JSON.parse(event.data)));
  events.addEventListener("phones", (event) => keepOnly(JSON.parse(event.data)));
  events.addEventListener("phone", (event) => {
    const chat = JSON.parse(event.data);
    document.getElementById("empty").hidden = true;
    showBot(chat.bot);
    show(chat);
  });
}

function live(text, isLive) {
  connection.textContent = text;
  connection.classList.toggle("live", isLive);
}

function prepareAdding() {
  const sheet = document.getElementById("adding");
  const form = sheet.querySelector("form");
  document.getElementById("add").addEventListener("click", () => { form.reset(); sheet.showModal(); });
  sheet.querySelector('[value="cancel"]').addEventListener("click", () => sheet.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sheet.close();
    addPhone(Object.fromEntries(new FormData(form)));
  });
}

prepareAdding();
listen();
