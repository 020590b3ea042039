// Recordings of the meeting for who may see them: which there are, how far their films are, and the player.
// Loaded when somebody asks for it.

import { button, clock } from "./parts.js";
import { element, Player } from "./player.js";
import { ENGLISH } from "./strings-player-en.js";
import { CHINESE } from "./strings-player-zh.js";
import { learn, text } from "./strings.js";

const LOOK_MS = 2000;
const WORKING = ["waiting", "running"];

learn(ENGLISH, CHINESE);
const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/web/player.css" });
const dressed = new Promise((resolve) => sheet.addEventListener("load", resolve, { once: true }));
document.head.append(sheet);

/** `who`: { code, key(), title }, as whom the host is asked. */
export async function showRecordings(who) {
  await dressed;
  const list = element("ul", { className: "recordings" });
  const says = element("p", { role: "status" });
  const close = button(text("close"), () => dialog.close());
  const dialog = element("dialog", { ariaLabel: text("recordings") }, element("h2", { textContent: text("recordings") }), list, says, close);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
  let looking = 0;
  dialog.addEventListener("close", () => {
    clearTimeout(looking);
    dialog.remove();
  });
  const look = async () => {
    try {
      const [recordings, tasks] = await Promise.all([ask(who, "/recordings"), ask(who, null)]);
      draw(list, recordings.reverse(), tasks, (recording) => watch(who, recording, says));
      says.textContent = recordings.length ? "" : text("play_none");
    } catch (error) {
      says.textContent = sentence(error.status);
    }
    if (dialog.open) looking = setTimeout(look, LOOK_MS);
  };
  await look();
}

function draw(list, recordings, tasks, play) {
  const going = tasks.find(({ kind, state }) => kind === "film" && WORKING.includes(state));
  const lines = recordings.map((recording, n) => {
    const length = recording.ended === null ? "" : text("play_minutes", { n: Math.max(1, Math.round((recording.ended - recording.began) / 60)) });
    const words = element("span", { textContent: [text("play_recording", { n: n + 1 }), clock(recording.began), length].filter(Boolean).join(" · ") });
    const ready = recording.made.includes("film.mp4");
    const state = going?.state === "running" ? text("play_made", { n: Math.round(going.progress * 100) }) : text(going ? "play_waiting" : "play_no_film");
    const act = ready ? button(text("play_open", { n: n + 1 }), () => play(recording)) : element("span", { className: "quiet", textContent: recording.ended === null ? text("recording_on") : state });
    return element("li", {}, words, act);
  });
  // Somebody may be about to press one of them: only what changed is drawn anew.
  lines.forEach((line, n) => {
    if (list.children[n]?.textContent !== line.textContent) list.children[n] ? list.children[n].replaceWith(line) : list.append(line);
  });
  while (list.children.length > lines.length) list.lastElementChild.remove();
}

async function watch(who, recording, says) {
  let link = "";
  const open = async () => (link = (await ask(who, `/recordings/${recording.id}/link`, "POST")).link);
  // A host that was started again knows no link of before, and us by another key once we are back.
  const renew = () => open().then(() => true, () => false);
  try {
    const [reel] = await Promise.all([ask(who, `/recordings/${recording.id}`), open()]);
    const base = `/api/meetings/${encodeURIComponent(who.code)}/recordings/${recording.id}`;
    new Player(reel, (file) => `${base}/${file}?link=${encodeURIComponent(link)}`, { key: `${who.code}/${recording.id}`, title: who.title, renew });
  } catch (error) {
    says.textContent = sentence(error.status);
  }
}

async function ask({ code, key }, path, method = "GET") {
  const meeting = encodeURIComponent(code);
  const url = path === null ? `/api/tasks?meeting=${meeting}` : `/api/meetings/${meeting}${path}`;
  const reply = await fetch(url, { method, headers: { Authorization: `Bearer ${key()}` } });
  if (!reply.ok) throw Object.assign(new Error(reply.statusText), { status: reply.status });
  return reply.json();
}

export function sentence(status) {
  if (status === 404) return text("play_gone");
  if (status === 401 || status === 403) return text("play_refused");
  return text("play_unreachable");
}
