// The player of one recording: picture, words that follow, chapters, how loud each person is, speed, full screen.
// What it plays with is in playing.js.

import { action, button, clock } from "./parts.js";
import { Playback } from "./playing.js";
import { text } from "./strings.js";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const LOUDEST = 1.5;
const STEP_S = 5;
const LEAP_S = 10;
// So close behind the beginning of a chapter, back means the one before.
const CLOSE_S = 5;
// What was said is read for a moment longer.
const LINGER_S = 1.5;
const KEPT = "parley.watched";
const MOST_KEPT = 50;
const SAYS_AFTER_MS = 300;
const COLOURS = 8;
// What a host says instead of the words of who did not agree.
const NOT_RECORDED = "[not recorded]";

/** Shown at once; plays from where it was left.  `url`: as for a Playback; `about`: { key, title, renew() }, which resolves whether `url` is good again. */
export class Player {
  #reel;
  #about;
  #playback;
  #parts = {};
  #line = -1;
  #following = true;
  #placed = -1;
  #failed = false;
  #lost = false;
  #blind = false;
  #late = 0;

  constructor(reel, url, about) {
    this.#reel = reel;
    this.#about = about;
    this.#playback = new Playback(reel, url, {
      changed: () => this.#draw(),
      moved: () => this.#follow(),
      lost: (lost) => this.#lose(lost),
      gone: (status) => this.#fail(status),
      renew: about.renew,
      blind: () => this.#goBlind(),
      apart: (share, done, together) => this.#apart(share, done, together),
      mute: (person) => this.#mute(person),
    });
    this.playback = this.#playback;
    const before = document.activeElement;
    this.dialog = this.#build();
    document.body.append(this.dialog);
    this.dialog.addEventListener("close", () => {
      this.#keep();
      this.#playback.close();
      this.dialog.remove();
      before?.focus();
    });
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    // A button that Space has not pressed on the way down must not be pressed on the way up.
    this.dialog.addEventListener("keyup", (event) => event.key === " " && event.target.tagName !== "SELECT" && event.preventDefault());
    this.dialog.showModal();
    const { places = {}, rate = 1 } = kept();
    const place = places[about.key] ?? 0;
    this.#playback.setRate(RATES.includes(rate) ? rate : 1);
    if (place > 0 && place < reel.seconds - Math.min(5, reel.seconds / 10)) this.#playback.seek(place);
    this.#parts.play.focus();
    this.#draw();
    this.#follow();
    this.#playback.play();
  }

  // -- what is seen --------------------------------------------------------------------------------------------

  #build() {
    const parts = this.#parts;
    parts.says = element("p", { className: "player-says", role: "status" });
    parts.spoken = element("p", { className: "player-spoken" });
    parts.seek = element("input", { type: "range", min: 0, max: this.#reel.seconds, step: "any", value: 0, ariaLabel: text("play_position") });
    parts.seek.addEventListener("change", () => this.#playback.seek(Number(parts.seek.value)));
    parts.play = action("play", text("play_play"), () => this.#toggle());
    parts.time = element("time", {});
    parts.rate = element("select", { ariaLabel: text("play_speed"), title: text("play_speed") }, ...RATES.map((rate) => new Option(`${rate}×`, rate)));
    parts.rate.addEventListener("change", () => this.#playback.setRate(Number(parts.rate.value)));
    parts.full = action("maximize", text("play_full"), () => this.#full());
    const bar = element("div", {}, parts.play, action("rotate-ccw", text("play_back"), () => this.#step(-LEAP_S)), action("rotate-cw", text("play_on"), () => this.#step(LEAP_S)), parts.rate, parts.full, parts.time);
    const picture = element("div", { className: "player-picture" }, this.#playback.video, parts.says);
    this.#playback.video.addEventListener("click", () => this.#toggle());
    parts.stage = element("section", { className: "player-stage", ariaLabel: text("play_recording", { n: "" }).trim() }, picture, element("div", { className: "player-bar" }, parts.spoken, parts.seek, bar));
    parts.stage.addEventListener("fullscreenchange", () => this.#draw());
    const head = element("header", {}, element("h2", { textContent: this.#about.title, title: text("play_keys") }), action("x", text("close"), () => this.dialog.close()));
    return element("dialog", { className: "player", ariaLabel: this.#about.title }, head, parts.stage, this.#side());
  }

  #side() {
    const parts = this.#parts;
    parts.lines = element("ol", {}, ...this.#reel.lines.map((line, n) => this.#lineOf(line, n)));
    if (!this.#reel.lines.length) parts.lines.append(element("li", { className: "quiet", textContent: text("play_no_words") }));
    parts.lines.addEventListener("scroll", () => Math.abs(parts.lines.scrollTop - this.#placed) > 2 && this.#let(false));
    parts.follow = button(text("play_follow"), () => this.#let(true), "audio-lines");
    parts.follow.className = "player-follow";
    parts.follow.hidden = true;
    parts.apart = element("p", { className: "quiet", role: "status", textContent: this.#reel.voices.length ? text("play_loading", { n: 0 }) : text("play_together") });
    parts.voices = element("ul", {}, element("li", {}, parts.apart), ...this.#reel.voices.map((voice) => this.#voiceOf(voice)));
    parts.chapters = element("ol", {}, ...this.#reel.chapters.map((chapter) => element("li", {}, row(chapterTitle(chapter), chapter.start, "", () => this.#playback.seek(chapter.start)))));
    const panels = { transcript: parts.lines, play_voices: parts.voices, play_chapters: parts.chapters };
    const tabs = element("div", { role: "tablist", ariaLabel: text("pane") });
    for (const [name, panel] of Object.entries(panels)) {
      const tab = button(text(name), () => show(name));
      Object.assign(tab, { id: `player-tab-${name}`, role: "tab" });
      Object.assign(panel, { id: `player-${name}` });
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("aria-labelledby", tab.id);
      tabs.append(tab);
    }
    const show = (chosen) => {
      for (const [name, panel] of Object.entries(panels)) {
        panel.hidden = name !== chosen;
        const tab = tabs.querySelector(`#player-tab-${name}`);
        tab.setAttribute("aria-selected", String(name === chosen));
        tab.tabIndex = name === chosen ? 0 : -1;
      }
      this.#let(this.#following);
    };
    tabs.addEventListener("keydown", (event) => this.#arrows(event, [...tabs.children]));
    show("transcript");
    return element("aside", { className: "player-side", ariaLabel: text("pane") }, tabs, ...Object.values(panels), parts.follow);
  }

  #arrows(event, tabs) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    next.click();
    next.focus();
  }

  #lineOf(line, n) {
    const headed = n === 0 || this.#reel.lines[n - 1].speaker !== line.speaker;
    const made = row(line.name, line.start, line.text === NOT_RECORDED ? text("play_not_recorded") : line.text, () => {
      this.#playback.seek(line.start);
      this.#let(true);
    });
    made.querySelector("strong").style.color = this.#colour(line.speaker);
    if (!headed) for (const part of made.querySelectorAll("strong, time")) part.className = "unseen";
    if (line.language) made.lang = line.language;
    return element("li", {}, made);
  }

  #voiceOf(voice) {
    const volume = element("input", { type: "range", className: "volume", min: 0, max: LOUDEST, step: 0.1, value: 1, disabled: true, ariaLabel: text("play_volume", voice) });
    const share = element("span", { className: "quiet", textContent: "100 %" });
    let muted = false;
    const turn = () => {
      const name = text(muted ? "play_mute_not" : "play_mute", voice);
      mute.setAttribute("aria-label", name);
      mute.title = name;
      mute.querySelector("use").setAttribute("href", `#icon-${muted ? "volume-x" : "volume-2"}`);
      share.textContent = `${Math.round(muted ? 0 : volume.value * 100)} %`;
      this.#playback.turn(voice.participant, muted ? 0 : Number(volume.value));
    };
    const mute = action("volume-2", text("play_mute", voice), () => {
      muted = !muted;
      turn();
    });
    mute.disabled = true;
    volume.addEventListener("input", () => {
      muted = false;
      turn();
    });
    const name = element("strong", { textContent: voice.name });
    name.style.color = this.#colour(voice.participant);
    const made = element("li", { className: "player-voice" }, name, element("div", {}, mute, volume, share));
    made.dataset.person = voice.participant;
    return made;
  }

  #colour(person) {
    const order = this.#reel.voices.findIndex(({ participant }) => participant === person);
    return `var(--speaker-${Math.max(0, order) % COLOURS})`;
  }

  // -- what happens --------------------------------------------------------------------------------------------

  #draw() {
    const { play, rate, full, stage } = this.#parts;
    const { playing, waits } = this.#playback;
    name(play, playing ? "pause" : "play", text(playing ? "play_pause" : "play_play"));
    rate.value = String(this.#playback.rate);
    const large = document.fullscreenElement === stage;
    name(full, large ? "minimize" : "maximize", text(large ? "play_full_leave" : "play_full"));
    clearTimeout(this.#late);
    if (waits && !this.#failed && !this.#lost) this.#late = setTimeout(() => this.#say(text("play_waits")), SAYS_AFTER_MS);
    else if (!this.#failed && !this.#lost) this.#say(this.#blind ? text("play_blind") : "");
    if (!playing) this.#keep();
    this.#follow();
  }

  #follow() {
    const { seek, time, lines, chapters, spoken } = this.#parts;
    const { second } = this.#playback;
    if (!seek.matches(":active")) seek.value = second;
    const place = text("play_place", { at: clock(second), length: clock(this.#reel.seconds) });
    if (time.textContent !== place) {
      time.textContent = place;
      seek.setAttribute("aria-valuetext", place);
      mark(chapters, last(this.#reel.chapters, second), false);
    }
    const line = last(this.#reel.lines, second);
    const said = this.#reel.lines[line];
    spoken.textContent = said && second < said.end + LINGER_S ? `${said.name}: ${said.text}` : "";
    if (line === this.#line) return;
    this.#line = line;
    mark(lines, line);
    if (this.#following) this.#let(true);
  }

  /** Whether the words follow what is heard, or stay where the reader looks. */
  #let(following) {
    const { lines, follow } = this.#parts;
    this.#following = following;
    follow.hidden = following || lines.hidden || !this.#reel.lines.length;
    const heard = lines.children[this.#line];
    if (!following || !heard || lines.hidden) return;
    lines.scrollTop = heard.offsetTop - lines.offsetTop - (lines.clientHeight - heard.offsetHeight) / 2;
    this.#placed = lines.scrollTop;
  }

  #toggle() {
    if (this.#failed) return;
    if (this.#playback.playing) this.#playback.pause();
    else this.#playback.play();
  }

  #step(seconds) {
    this.#playback.seek(this.#playback.second + seconds);
  }

  #leap(by) {
    const { chapters } = this.#reel;
    const here = last(chapters, this.#playback.second);
    const again = by < 0 && this.#playback.second - (chapters[here]?.start ?? 0) > CLOSE_S;
    const to = chapters[Math.max(0, here + by + (again ? 1 : 0))];
    if (to) this.#playback.seek(to.start);
  }

  #faster(by) {
    this.#playback.setRate(RATES[Math.min(Math.max(0, RATES.indexOf(this.#playback.rate) + by), RATES.length - 1)]);
    this.#keep();
  }

  #full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.#parts.stage.requestFullscreen().catch(() => {}); // a browser without it
  }

  #say(sentence) {
    if (this.#parts.says.textContent !== sentence) this.#parts.says.textContent = sentence;
  }

  #lose(lost) {
    this.#lost = lost;
    this.#say(lost ? text("play_lost") : "");
  }

  #goBlind() {
    this.#blind = true;
    this.#draw();
  }

  #fail(status) {
    this.#failed = true;
    this.#playback.pause();
    this.#say(text(status === 404 ? "play_gone" : status === 401 || status === 403 ? "play_refused" : "play_damaged"));
  }

  #apart(share, done, together = false) {
    this.#parts.apart.textContent = done ? "" : together ? text("play_together") : text("play_loading", { n: Math.round(share * 100) });
    if (done) for (const control of this.#parts.voices.querySelectorAll("input, button")) control.disabled = false;
  }

  #mute(person) {
    const voice = [...this.#parts.voices.children].find(({ dataset }) => dataset.person === person);
    voice?.lastElementChild.replaceWith(element("p", { className: "quiet", textContent: text("play_silent") }));
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === "SELECT") return;
    const volume = event.target.classList.contains("volume") && event.key.startsWith("Arrow");
    const act = {
      " ": () => this.#toggle(), k: () => this.#toggle(), j: () => this.#step(-LEAP_S), l: () => this.#step(LEAP_S),
      arrowleft: () => this.#step(-STEP_S), arrowright: () => this.#step(STEP_S), home: () => this.#playback.seek(0),
      pageup: () => this.#leap(-1), pagedown: () => this.#leap(1), "<": () => this.#faster(-1), ",": () => this.#faster(-1),
      ">": () => this.#faster(1), ".": () => this.#faster(1), f: () => this.#full(),
    }[event.key.toLowerCase()];
    if (!act || volume) return;
    event.preventDefault();
    act();
  }

  #keep() {
    const { places = {} } = kept();
    delete places[this.#about.key];
    places[this.#about.key] = Math.round(this.#playback.second * 10) / 10;
    try {
      localStorage.setItem(KEPT, JSON.stringify({ rate: this.#playback.rate, places: Object.fromEntries(Object.entries(places).slice(-MOST_KEPT)) }));
    } catch {
      // private windows may refuse; then it begins at the beginning next time
    }
  }
}

export function element(tag, { role, ariaLabel, ...properties }, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (role) made.setAttribute("role", role);
  if (ariaLabel) made.setAttribute("aria-label", ariaLabel);
  made.append(...children);
  return made;
}

function row(title, second, words, act) {
  const made = button("", act);
  made.append(element("strong", { textContent: title }), " ", element("time", { textContent: clock(second) }), " ");
  if (words) made.append(element("span", { textContent: words }));
  return made;
}

const chapterTitle = ({ kind, name }) => (kind === "joined" ? text("play_joins", { name }) : text(kind === "resumed" ? "play_after_pause" : "play_start"));

/** The last of those that have begun; -1 before the first. */
function last(items, second) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start <= second) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function mark(list, n) {
  list.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
  list.children[n]?.firstElementChild?.setAttribute("aria-current", "true");
}

function name(control, icon, words) {
  control.setAttribute("aria-label", words);
  control.title = words;
  control.querySelector("use").setAttribute("href", `#icon-${icon}`);
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}
