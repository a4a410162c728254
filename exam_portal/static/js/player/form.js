// SPDX-License-Identifier: Apache-2.0
// The form lies here as ciphertext before the start. Its key opens it; that it is what was committed to is checked.

import MarkdownIt from "markdown-it";
import { fromHex, hex, joined, sha256, utf8 } from "./sha256.js";
import { arranged } from "./shuffle.js";

const PAPER = utf8("exam/paper/v1");
const IV = 12;
const NONCE = 32;
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;
const markdown = new MarkdownIt("commonmark", { html: false, linkify: false }).enable(["table", "strikethrough"]);

// A picture is shown only where it stands in the text itself: nothing is loaded from anywhere.
const picture = markdown.renderer.rules.image;
markdown.renderer.rules.image = (tokens, index, ...rest) =>
  PICTURE.test(tokens[index].attrGet("src")) ? picture(tokens, index, ...rest) : markdown.utils.escapeHtml(tokens[index].content);

/** What lies here is not what was committed to; `found` is the hash of what arrived. */
export class OtherForm extends Error {
  constructor(found, cause) {
    super("another form than was committed to", { cause });
    this.found = found;
  }
}

export class SealedForm {
  /** What the page knows of its form; null where it knows none or this browser cannot decrypt. */
  static of(page) {
    return page.form && globalThis.crypto?.subtle ? new SealedForm(page) : null;
  }

  constructor({ form, sitting, room }) {
    Object.assign(this, { form, sitting, room });
    this.blob = null;
  }

  /** The ciphertext is here. */
  async bring(cache = "default") {
    this.blob ??= new Uint8Array(await bytesOf(this.form.sealed, cache));
  }

  /** When this room started, with the key; null before. */
  async key() {
    const response = await fetch(this.form.key, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20000) });
    if (response.status !== 200) return null;
    const { key, starts } = await response.json();
    const own = starts.find(({ sitting, room }) => sitting === this.sitting && [null, this.room].includes(room));
    return own ? { key, startedAt: Date.parse(own.at) } : null;
  }

  /**
   * The items in this candidate's order, which follows from the own seed; OtherForm where a byte differs from what was
   * committed to. What may have been spoilt on its way or in this browser is fetched once more first.
   */
  async open(key) {
    await this.bring();
    const content = await this.checked(key).catch(async () => {
      this.blob = null;
      await this.bring("reload");
      return this.checked(key);
    });
    return numbered(arranged(JSON.parse(new TextDecoder().decode(content)), fromHex(this.form.seed)));
  }

  async checked(key) {
    try {
      const imported = await crypto.subtle.importKey("raw", fromHex(key), "AES-GCM", false, ["decrypt"]);
      const plain = await decrypted(imported, this.blob, fromHex(this.form.commitment));
      if (hex(sha256(joined(PAPER, plain))) !== this.form.commitment) throw new Error("the commitment is another");
      return plain.subarray(NONCE);
    } catch (problem) {
      throw new OtherForm(hex(sha256(this.blob)), problem);
    }
  }
}

async function bytesOf(address, cache) {
  const response = await fetch(address, { cache, signal: AbortSignal.timeout(20000) });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

async function decrypted(key, sealed, additionalData) {
  const algorithm = { name: "AES-GCM", iv: sealed.subarray(0, IV), additionalData };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(IV)));
}

/** The items numbered as the candidate meets them; descriptions have no number. */
function numbered(items) {
  let number = 0;
  return items.map((item) => {
    const made = worded(item);
    if (made.kind === "description") delete made.number;
    else made.number = (number += 1);
    return made;
  });
}

/** Texts as markup: only what Markdown makes, never what the text says in HTML. */
function worded(item) {
  const made = { ...item };
  for (const name of ["stem", "stimulus"]) if (name in made && made[name] !== null) made[name] = markdown.render(made[name]);
  if ("items" in made) made.items = made.items.map(worded);
  return made;
}
