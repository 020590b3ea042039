// Checks of cameras: asking for one, being asked, what to do while one's own camera is checked, and what came out.
// Loaded when the first message about a check comes.  Nothing is looked at before the person has said yes.

import { button } from "./parts.js";
import { ENGLISH } from "./strings-checks-en.js";
import { CHINESE } from "./strings-checks-zh.js";
import { learn, text } from "./strings.js";

learn(ENGLISH, CHINESE);

const SVG = "http://www.w3.org/2000/svg";
const PLOT = { width: 120, height: 40, edge: 4 };

export class Checks {
  #call;
  #question = null; // the dialog that asks this person
  #screen = null; // what they see while their camera is checked
  #card = null; // what became of the check that they asked for
  #theirs = null;

  constructor(call) {
    this.#call = call;
  }

  heard(message) {
    const { room } = this.#call;
    if (message.type === "check_asked") this.#ask(message);
    else if (message.type === "check_step") this.#step(message);
    else if (message.type === "check_result") this.#result(message);
    else if (message.participant === room.you) this.#mine(message);
    else this.#progress(message);
  }

  close() {
    for (const dialog of [this.#question, this.#screen, this.#card]) dialog?.remove();
  }

  // -- one's own camera ----------------------------------------------------------------------------------------

  #ask({ check, name, seconds }) {
    this.#question?.remove();
    const remember = element("input", "");
    remember.type = "checkbox";
    const label = element("label", "", remember, element("span", text("check_remember")));
    label.className = "choice";
    const no = button(text("consent_no"), () => answer(false));
    const dialog = sheet(text("check_asked", { name }), [
      element("p", text("check_what", { seconds: Math.round(seconds) })), element("p", text("check_who_sees")),
      element("p", text("check_kept")), element("p", text("check_colours")), label,
    ], [no, button(text("check_yes"), () => answer(true))]);
    const answer = (accept) => {
      this.#question = null;
      if (remember.checked) this.#say("allow_checks", { answer: accept ? "always" : "never" });
      this.#say("answer_check", { check, accept });
      dialog.remove();
    };
    dialog.addEventListener("cancel", () => answer(false));
    this.#question = show(dialog, no);
  }

  #mine({ check, stage, by }) {
    if (stage !== "asking") {
      this.#question?.remove();
      this.#question = null;
    }
    if (stage === "asking") return;
    if (stage === "over") {
      this.#screen?.remove();
      this.#screen = null;
      return;
    }
    this.#screen ??= this.#stage(check, this.#call.room.people.get(by)?.name ?? "");
    if (stage === "weighing") this.#wish(text("check_thanks"), "", "");
  }

  #step({ act, colour, code }) {
    if (!this.#screen) return;
    this.#wish(text(code ? "check_read" : `check_act_${act || "look"}`), colour, code);
  }

  #stage(check, name) {
    const stop = button(text("check_stop"), () => this.#say("cancel_check", { check }));
    const wish = element("p", text("check_act_look"));
    wish.className = "check-wish";
    wish.setAttribute("role", "alert");
    const code = element("p", "");
    code.className = "check-code";
    const dialog = sheet(text("check_of_you", { name }), [wish, code], [stop]);
    dialog.classList.add("check-screen");
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#say("cancel_check", { check });
    });
    return show(dialog, stop);
  }

  /** Its colour is the person's light: at once and evenly. */
  #wish(sentence, colour, code) {
    const [wish, digits] = this.#screen.querySelectorAll(".check-wish, .check-code");
    if (wish.textContent !== sentence) wish.textContent = sentence;
    if (digits.textContent !== code) digits.textContent = code;
    this.#screen.style.backgroundColor = colour;
  }

  // -- somebody else's -----------------------------------------------------------------------------------------

  #progress(message) {
    const begins = this.#theirs?.check !== message.check;
    this.#theirs = message;
    if (begins) {
      this.#card?.remove();
      this.#card = this.#open();
    }
    if (message.stage !== "over") this.#fill([element("p", text(`check_${message.stage}`, this.#name()))], text("check_stop"));
  }

  #open() {
    const close = button("", () => this.#put());
    const dialog = sheet(text("check_of", this.#name()), [element("div", "")], [close]);
    dialog.addEventListener("cancel", () => this.#put());
    return show(dialog, close);
  }

  /** A check that goes on is stopped with its card. */
  #put() {
    if (this.#theirs?.stage !== "over") this.#say("cancel_check", { check: this.#theirs.check });
    this.#card?.remove();
    this.#card = null;
  }

  #result({ check, verdict, reason, witnesses }) {
    if (this.#theirs?.check !== check || !this.#card) return;
    const word = element("p", text(`check_${verdict}`));
    word.className = `check-verdict ${verdict}`;
    word.setAttribute("role", "status");
    const why = verdict === "inconclusive" ? known(reason) || text("check_unclear") : text(`check_says_${verdict}`, this.#name());
    const list = element("ul", "", ...witnesses.map(witness));
    list.className = "check-witnesses";
    const limits = element("p", text("check_limits"));
    limits.className = "quiet";
    this.#fill([word, element("p", why), list, limits], text("close"));
  }

  #fill(parts, label) {
    if (!this.#card) return;
    this.#card.querySelector("div").replaceChildren(...parts);
    this.#card.querySelector("button").textContent = label;
  }

  #name() {
    return { name: this.#call.room.people.get(this.#theirs.participant)?.name ?? "" };
  }

  #say(type, fields) {
    this.#call.session.say(type, fields);
  }
}

function witness({ name, score, reason, values, others }) {
  const title = element("strong", text(`witness_${name}`));
  const verdict = score > 0.3 ? "for" : score < -0.3 ? "against" : "neither";
  const said = element("span", reason ? text("opinion_none", { why: known(reason) }) : text(`opinion_${verdict}`));
  return element("li", "", plot(values, others), element("div", "", title, said));
}

/** A reason that this page does not know is of a newer host. */
function known(reason) {
  return `check_why_${reason}` in ENGLISH ? text(`check_why_${reason}`) : "";
}

/** Decoration: the sentence beside it says it. */
function plot(values, others) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", `0 0 ${PLOT.width} ${PLOT.height}`);
  made.setAttribute("class", "check-plot");
  made.setAttribute("aria-hidden", "true");
  for (const [series, kind] of [[others, "other"], [values, "own"]]) {
    if (series.length < 2) continue;
    const line = document.createElementNS(SVG, "polyline");
    line.setAttribute("class", kind);
    line.setAttribute("points", points(series));
    made.append(line);
  }
  return made;
}

function points(series) {
  const [low, high] = [Math.min(...series), Math.max(...series)];
  const { width, height, edge } = PLOT;
  const across = (width - 2 * edge) / (series.length - 1);
  const up = (value) => (high > low ? height - edge - ((value - low) / (high - low)) * (height - 2 * edge) : height / 2);
  return series.map((value, n) => `${(edge + n * across).toFixed(1)},${up(value).toFixed(1)}`).join(" ");
}

function element(tag, words, ...children) {
  const made = document.createElement(tag);
  made.textContent = words;
  made.append(...children);
  return made;
}

function sheet(title, parts, answers) {
  const heading = element("h2", title);
  const foot = element("div", "", ...answers);
  foot.className = "check-answers";
  const inside = element("section", "", heading, ...parts, foot);
  const dialog = element("dialog", "", inside);
  dialog.setAttribute("aria-label", title);
  return dialog;
}

function show(dialog, first) {
  document.body.append(dialog);
  dialog.showModal();
  first.focus();
  return dialog;
}
