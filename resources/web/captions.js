// How this reader sees captions: how large, and whether with words that may still change.  Nobody else notices.

import { $ } from "./parts.js";
import { text } from "./strings.js";

const KEPT = "parley.captions";
const SIZES = [0.8, 1, 1.25, 1.5, 2];

export class CaptionLook {
  #chosen = kept();

  /** `changed`: draw them anew. */
  constructor(changed) {
    $("caption-size").replaceChildren(...SIZES.map((size) => new Option(`${size * 100} %`, size)));
    $("caption-size").addEventListener("change", ({ target }) => this.#choose({ size: Number(target.value) }, changed));
    $("finals-only").addEventListener("change", ({ target }) => this.#choose({ finalsOnly: target.checked }, changed));
    this.#draw();
  }

  /** What of the bar's segments this reader wants to see. */
  wanted(lines) {
    return this.#chosen.finalsOnly ? lines.filter((line) => line.final) : lines;
  }

  #choose(choice, changed) {
    Object.assign(this.#chosen, choice);
    this.#draw();
    changed();
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#chosen));
    } catch {
      // private windows may refuse; then it holds until the page is closed
    }
  }

  #draw() {
    $("caption-size").value = this.#chosen.size;
    $("finals-only").checked = this.#chosen.finalsOnly;
    $("captions").style.setProperty("--size", this.#chosen.size);
  }
}

/** What a remark of the transcript says; an unknown one says it itself. */
export function remark(line) {
  return { not_captioned: text("remark_not_captioned"), interrupted: text("remark_interrupted") }[line.remark] ?? line.committed;
}

function kept() {
  const usual = { size: 1, finalsOnly: false };
  try {
    const { size, finalsOnly } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { size: SIZES.includes(size) ? size : usual.size, finalsOnly: finalsOnly === true };
  } catch {
    return usual;
  }
}
