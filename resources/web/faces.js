// Guesses from faces: the question before anything is read, whom one lets see them, and the words on the tiles.  A guess
// is shown for a second and called one; whoever is read has a badge that everybody sees.

import { $ } from "./parts.js";
import { text } from "./strings.js";

const SHOWN_MS = 1000;
const ORDER = ["off", "me", "everyone"];

export class Faces {
  #call = null;
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
  guess({ participant, present, label, unclear }, tile) {
    clearTimeout(this.#guesses.get(participant));
    const place = tile?.querySelector(".guess");
    if (!place) return;
    place.textContent = !present ? "" : label ? text("guess", { what: text(`face_${label}`) }) : text("guess_unclear", { why: text(`unclear_${unclear || "unsure"}`) });
    this.#guesses.set(participant, setTimeout(() => { place.textContent = ""; }, SHOWN_MS));
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
