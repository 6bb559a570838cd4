// Reads lines of JSON {seed, public, info, plaintext, envelope} (hex), opens each envelope and
// answers with one of its own to the same key: {opened, envelope}, or {refused}.
import { createInterface } from "node:readline";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex")).buffer;
const hex = (buffer) => Buffer.from(new Uint8Array(buffer)).toString("hex");
const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const ENCAPSULATION = 1120;

async function answer({ seed, public: raw, info, plaintext, envelope }) {
  const recipientKey = await suite.kem.deserializePrivateKey(bytes(seed));
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(raw));
  const body = bytes(envelope).slice(1);
  const enc = body.slice(0, ENCAPSULATION);
  let opened;
  try {
    opened = hex(await suite.open({ recipientKey, enc, info: bytes(info) }, body.slice(ENCAPSULATION)));
  } catch (refused) {
    return { refused: refused.name };
  }
  const made = await suite.seal({ recipientPublicKey, info: bytes(info) }, bytes(plaintext));
  return { opened, envelope: "01" + hex(made.enc) + hex(made.ct) };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
