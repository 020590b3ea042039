// Sharing a file: its hash first, then a place for it, then its bytes in pieces that go on where a lost connection stopped.

import { text } from "./strings.js";

// The browser hashes a whole file in memory; larger ones go through the desktop program.
const MOST = 256 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
const OFFER_MS = 10_000;
// Without any progress.  Somebody who looks away for longer shares the file again, and it goes on where it stopped.
const GIVE_UP_MS = 60_000;
const PAUSE_MS = 1000;
const GONE = 404;
const ALL_HERE = 409;
const BUSY = 503;

export async function shareFile({ file, to, session, code, ref, known, say }) {
  if (file.size > MOST) return say(text("file_too_large", { size: size(MOST) }));
  say(text("file_preparing", { name: file.name }));
  const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  session.say("offer_file", { reference: ref, name: file.name, size: file.size, sha256, to });
  const late = new Promise((resolve) => setTimeout(resolve, OFFER_MS, null));
  const offered = await Promise.race([known, late]);
  if (!offered) return say(text("file_refused"));
  return say(await new Upload(file, offered.id, session, code, say).sent());
}

class Upload {
  constructor(file, id, session, code, say) {
    this.file = file;
    this.path = `/api/meetings/${encodeURIComponent(code)}/files/${encodeURIComponent(id)}`;
    this.session = session;
    this.say = say;
    this.progressAt = performance.now();
  }

  /** A sentence about why not, or none. */
  async sent() {
    while (performance.now() - this.progressAt < GIVE_UP_MS) {
      try {
        const outcome = await this.#sendRest();
        if (outcome !== null) return outcome;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // a fetch that reached nobody
      }
      this.say(text("file_waiting", this.file));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return text("file_failed", this.file);
  }

  /** "": all of it is there, or it was withdrawn; a sentence: refused; null: later, perhaps. */
  async #sendRest() {
    const here = await this.#ask("HEAD");
    if ([GONE, ALL_HERE].includes(here.status)) return "";
    if (!here.ok) return null;
    let from = Number(here.headers.get("Upload-Offset"));
    do {
      const piece = this.file.slice(from, from + PIECE);
      const range = `bytes ${from}-${from + piece.size - 1}/${this.file.size}`;
      const reply = await this.#ask("PUT", { "Content-Range": range }, piece);
      if (reply.status === GONE) return "";
      if (!reply.ok) return [BUSY, ALL_HERE].includes(reply.status) ? null : (await reply.json()).detail;
      from += piece.size;
      this.progressAt = performance.now();
      this.say(text("file_sending", { name: this.file.name, n: Math.floor((100 * from) / Math.max(1, this.file.size)) }));
    } while (from < this.file.size);
    return "";
  }

  #ask(method, headers = {}, body = undefined) {
    const { key } = this.session.welcome;
    return fetch(this.path, { method, headers: { Authorization: `Bearer ${key}`, ...headers }, body });
  }
}

/** Files that are dragged over the meeting may be dropped anywhere on it. */
export function takeDrops(place, overlay, { allowed, dropped }) {
  const show = (shown) => (overlay.hidden = !shown);
  const carries = (event) => event.dataTransfer?.types.includes("Files") && allowed();
  place.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    show(true);
  });
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget)) show(false);
  });
  place.addEventListener("drop", (event) => {
    show(false);
    if (!carries(event)) return;
    event.preventDefault();
    dropped([...event.dataTransfer.files]);
  });
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Bytes for people. */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}
