import { make, roundButton } from "./dom.js";

/** Where one writes: commands, attachments, the box, and what stands there when the bot is blocked. */
export class Composer {
  constructor(acts) {
    this.acts = acts;
    this.commands = [];
    this.editing = null;
    this.box = make("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", enterkeyhint: "send", autocomplete: "off" });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("input", () => this.grow());
    this.menu = roundButton("Commands", "menu", () => this.openCommands());
    this.attach = roundButton("Attach", "attach", () => this.openAttachments());
    this.go = roundButton("Send", "send", () => this.send(), "go");
    this.unblock = make("button", { type: "button", class: "unblock", on: { click: () => acts.unblock() } }, "Unblock the bot");
    this.photo = this.picker("photo", "image/jpeg,image/png");
    this.file = this.picker("document", "");
    this.what = make("div", { class: "editing", hidden: true }, make("span", {}, "Editing your message"), make("button", { type: "button", class: "quiet", on: { click: () => this.stopEditing() } }, "Cancel"));
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
    this.acts.menu(this.menu, choices, "Commands");
  }

  openAttachments() {
    this.acts.menu(this.attach, [
      { label: "Photo…", act: () => this.photo.click() },
      { label: "File…", act: () => this.file.click() },
      { label: "A short voice note", act: () => this.acts.attach("voice") },
      { label: "A sticker", act: () => this.acts.attach("sticker") },
    ], "Attach");
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
