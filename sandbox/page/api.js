import { say } from "./texts.js";

/** What a person does, told to the sandbox. Every call throws an Error with a clear line. */
async function ask(method, path, body) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, body: form ? body : JSON.stringify(body ?? {}) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? say("refused"));
  return said;
}

export const moveClock = (by) => ask("POST", "/clock", by);
export const askFresh = () => ask("POST", "/fresh");
export const addPhone = (given) => ask("POST", "/phones", given);

export class Phone {
  constructor(id) { this.path = `/phones/${id}`; }
  send(text) { return ask("POST", `${this.path}/send`, { text }); }
  press(place) { return ask("POST", `${this.path}/press`, place); }
  edit(message_id, text) { return ask("POST", `${this.path}/edit`, { message_id, text }); }
  delete(message_id) { return ask("POST", `${this.path}/delete`, { message_id }); }
  block() { return ask("POST", `${this.path}/block`); }
  unblock() { return ask("POST", `${this.path}/unblock`); }
  open(url) { return ask("POST", `${this.path}/open`, { url }); }
  file(unique) { return `${this.path}/files/${encodeURIComponent(unique)}`; }
  attach(kind, file = null) {
    if (file === null) return ask("POST", `${this.path}/${kind}`);
    const form = new FormData();
    form.append("file", file, file.name);
    return ask("POST", `${this.path}/${kind}`, form);
  }
}
