// Guesses from faces: the question before anything is read, whom one lets see them, the words on the tiles and the box that
// follows the face.  A guess is shown for a second and called one; whoever is read has a badge that everybody sees.

import { $ } from "./parts.js";
import { text } from "./strings.js";

const SHOWN_MS = 800; // with the way it takes, and one that is lost, gone within a second
const ORDER = ["off", "me", "everyone"];

export class Faces {
  #call = null;
  #hidden = false;
  #guesses = new Map(); // participant -> timer

  constructor() {
    $("face").addEventListener("click", () => this.#press());
    $("face-dialog").addEventListener("close", () => {
      const chosen = $("face-dialog").returnValue;
      if (chosen !== "off") this.#share(chosen);
    });
    $("rule-emotions").addEventListener("change", ({ target }) => this.#call.session.say("policy", { emotions: target.value }));
  }

  draw(call) {
    this.#call = call;
    const { room } = call;
    const most = room.policy.emotions ?? "off";
    $("face").hidden = most === "off";
    $("face-everyone").hidden = most !== "everyone";
    $("rule-emotions").parentElement.hidden = room.policy.emotions === undefined; // a host that reads no faces
    $("rule-emotions").value = most;
    for (const option of $("rule-emotions").options) option.disabled = ORDER.indexOf(option.value) > ORDER.indexOf(room.emotions.limit);
    const machine = (room.emotions.workers ?? []).map((worker) => worker.machine).find(Boolean) ?? text("hosts_computer");
    $("face-where").textContent = text("face_where", { machine });
    $("face-state").textContent = room.emotions.sentence ?? "";
  }

  /** What the page does with `face`: the words under a name, until they are too old. */
  guess(face, tile) {
    const { participant, present, label, unclear } = face;
    clearTimeout(this.#guesses.get(participant));
    const place = tile?.querySelector(".guess");
    if (!place) return;
    const box = boxOf(tile);
    const erase = () => {
      place.textContent = "";
      box.hidden = true;
    };
    if (!present || this.#hidden) return erase();
    place.textContent = label ? text("guess", { what: text(`face_${label}`) }) : text("guess_unclear", { why: text(`unclear_${unclear || "unsure"}`) });
    follow(box, tile, face);
    this.#guesses.set(participant, setTimeout(erase, SHOWN_MS));
  }

  /** Whose face is read now, and who sees what is guessed of it. */
  processed() {
    const read = [...(this.#call?.room.people.values() ?? [])].filter((person) => person.analysed === true);
    if (!read.length) return text("processed_no_faces");
    const names = read.map((person) => text(person.emotions === "everyone" ? "seen_by_everyone" : "seen_by_nobody_else", person));
    return text("processed_faces", { names: names.join(", ") });
  }

  /** For this reader only: faces are read as before. */
  toggle() {
    this.#hidden = !this.#hidden;
    if (!this.#hidden) return;
    for (const box of document.querySelectorAll(".facebox")) box.hidden = true;
    for (const place of document.querySelectorAll(".guess")) place.textContent = "";
  }

  /** Off is one press; on is a question first. */
  #press() {
    if (this.#call.room.me.emotions !== "off") return this.#share("off");
    $("face-dialog").returnValue = "off";
    return $("face-dialog").showModal();
  }

  #share(audience) {
    this.#call?.session.say("share_emotions", { audience });
  }
}

/** The tile's box; the words for it stand in the name plate, where a screen reader finds them. */
function boxOf(tile) {
  const known = tile.querySelector(".facebox");
  if (known) return known;
  const box = document.createElement("span");
  box.className = "facebox";
  box.setAttribute("aria-hidden", "true");
  box.hidden = true;
  tile.append(box);
  return box;
}

/** Where the face is seen: the picture fills its tile and is cut, or is shown whole; one's own is mirrored. */
function follow(box, tile, { x, y, width, height }) {
  const video = tile.querySelector("video");
  const [wide, high] = [video.videoWidth, video.videoHeight];
  box.hidden = !wide || !high || tile.classList.contains("dark");
  if (box.hidden) return;
  const across = video.clientWidth / wide, down = video.clientHeight / high;
  const scale = getComputedStyle(video).objectFit === "contain" ? Math.min(across, down) : Math.max(across, down);
  const left = (video.clientWidth - wide * scale) / 2 + x * wide * scale;
  const seen = tile.classList.contains("own") ? video.clientWidth - left - width * wide * scale : left;
  box.style.left = `${seen}px`;
  box.style.top = `${(video.clientHeight - high * scale) / 2 + y * high * scale}px`;
  box.style.width = `${width * wide * scale}px`;
  box.style.height = `${height * high * scale}px`;
}
