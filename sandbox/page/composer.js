import { make, roundButton } from "./dom.js";
import { label, say } from "./texts.js";

/** Where one writes: commands, attachments, the box, and what stands there when the bot is blocked. */
export class Composer {
  constructor(acts) {
    this.acts = acts;
    this.commands = [];
    this.editing = null;
    this.box = label(label(make("textarea", { rows: 1, enterkeyhint: "send", autocomplete: "off" }), "message", "hint"), "message", "name");
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("input", () => this.grow());
    this.menu = roundButton("commands", "menu", () => this.openCommands());
    this.attach = roundButton("attach", "attach", () => this.openAttachments());
    this.go = roundButton("sendIt", "send", () => this.send(), "go");
    this.unblock = label(make("button", { type: "button", class: "unblock", on: { click: () => acts.unblock() } }), "unblock");
    this.photo = this.picker("photo", "image/jpeg,image/png,image/webp");
    this.file = this.picker("document", "");
    this.what = make("div", { class: "editing", hidden: true }, label(make("span", {}), "editing"), label(make("button", { type: "button", class: "quiet", on: { click: () => this.stopEditing() } }), "cancel"));
    this.line = make("div", { class: "write" }, this.menu, this.attach, this.box, this.go, this.unblock, this.photo, this.file);
  }

  elements() { return [this.what, this.line]; }

  show(chat) {
    this.commands = chat.commands;
    this.menu.hidden = chat.blocked || chat.commands.length === 0;
    for (const part of [this.attach, this.box, this.go]) part.hidden = chat.blocked;
    this.unblock.hidden = !chat.blocked;
    if (this.editing && !chat.messages.some((said) => said.message_id === this.editing)) this.stopEditing();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    if (event.key === "Escape") this.stopEditing();
  }

  async send() {
    const text = this.box.value;
    if (!text.trim()) return;
    const done = this.editing ? await this.acts.edit(this.editing, text) : await this.acts.send(text);
    if (done && this.box.value === text) this.stopEditing();
    this.box.focus();
  }

  startEditing(said) {
    this.editing = said.message_id;
    this.box.value = said.text;
    this.what.hidden = false;
    this.grow();
    this.box.focus();
  }

  fill(text) {
    this.stopEditing();
    this.box.value = text;
    this.grow();
    this.box.focus();
  }

  stopEditing() {
    this.editing = null;
    this.box.value = "";
    this.what.hidden = true;
    this.grow();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  openCommands() {
    const choices = this.commands.map(({ command, description }) => ({
      name: `/${command}`, label: description, act: () => this.acts.send(`/${command}`),
    }));
    this.acts.menu(this.menu, choices, say("commands"));
  }

  openAttachments() {
    this.acts.menu(this.attach, [
      { label: say("photo"), act: () => this.photo.click() },
      { label: say("file"), act: () => this.file.click() },
      { label: say("voice"), act: () => this.acts.attach("voice") },
      { label: say("sticker"), act: () => this.acts.attach("sticker") },
    ], say("attach"));
  }

  picker(kind, accept) {
    const input = make("input", { type: "file", accept, hidden: true, "aria-label": kind });
    input.addEventListener("change", async () => {
      if (input.files.length > 0) await this.acts.attach(kind, input.files[0]);
      input.value = "";
    });
    return input;
  }
}
