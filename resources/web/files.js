// Sharing a file: its hash first, then a place for it, then its bytes in pieces that survive a lost connection.

import { text } from "./strings.js";

// The browser hashes a whole file in memory; larger ones go through the desktop program.
const MOST = 256 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
const TRIES = 5;
const OFFER_MS = 10_000;

export async function shareFile({ file, session, code, ref, known, say }) {
  if (file.size > MOST) return say(text("file_too_large", { size: size(MOST) }));
  say(text("file_preparing", { name: file.name }));
  const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  session.say("offer_file", { reference: ref, name: file.name, size: file.size, sha256 });
  const late = new Promise((resolve) => setTimeout(resolve, OFFER_MS, null));
  const offered = await Promise.race([known, late]);
  if (!offered) return say(text("file_refused"));
  return say(await sent(file, offered, session, code, say) ? "" : text("file_failed", { name: file.name }));
}

async function sent(file, { id }, session, code, say) {
  const path = `/api/meetings/${encodeURIComponent(code)}/files/${encodeURIComponent(id)}`;
  let tries = 0;
  for (let from = 0; from < file.size || file.size === 0; ) {
    const piece = file.slice(from, from + PIECE);
    try {
      const reply = await fetch(path, {
        method: "PUT",
        headers: { Authorization: `Bearer ${session.welcome.key}`, "Content-Range": `bytes ${from}-${from + piece.size - 1}/${file.size}` },
        body: piece,
      });
      if (!reply.ok) return false;
      from += piece.size;
      tries = 0;
      say(text("file_sending", { name: file.name, n: Math.floor((100 * from) / Math.max(1, file.size)) }));
      if (file.size === 0) return true;
    } catch {
      if (++tries >= TRIES) return false;
      await new Promise((resolve) => setTimeout(resolve, 500 * tries));
    }
  }
  return true;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Bytes for people. */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}
