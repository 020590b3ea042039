// Draws a Room into the page.  Names, captions and chat are plain text: textContent only.  Decides nothing.

import { CaptionLook } from "./captions.js";
import { gallery, isNarrow, Spotlight } from "./layout.js";
import { CAMERA, SCREEN } from "./room.js";
import { language, text } from "./strings.js";
import { Faces } from "./faces.js";
import { Recording } from "./recording.js";
import { Panes } from "./panes.js";
import { $, fill } from "./parts.js";

const SPEAKER_COLOURS = 8;
const STRIP = 6;
const REACTION_MS = 4000;
const TOLD_MS = 8000;
const SCREENS = ["entrance", "waiting", "meeting", "farewell"];
export const REACTIONS = {
  thumbs_up: "👍", thumbs_down: "👎", clap: "👏", heart: "❤️", laugh: "😂", surprise: "😮", celebrate: "🎉", slower: "🐢", faster: "🐇",
};

export class View {
  spotlight = new Spotlight();
  panes = new Panes();
  faces = new Faces();
  recording = new Recording();
  look = new CaptionLook(() => this.#call && this.drawCaptions(this.#call.room));
  #tiles = new Map(); // source -> element
  #sounds = []; // one <audio> per slot, never shown
  #speaker = ""; // the chosen output device
  #page = 0;
  #call = null;
  #pages = 1;

  constructor() {
    new ResizeObserver(() => this.#call?.draw()).observe($("stage"));
    $("page-back").addEventListener("click", () => this.#turn(-1));
    $("page-on").addEventListener("click", () => this.#turn(1));
    // The spotlight waits for somebody to keep speaking: it must be asked again when nothing else happens.
    setInterval(() => this.#call?.wishes.speakerView && this.#call.draw(), 1000);
  }

  /** Exactly one of the screens is there at a time. */
  show(screen) {
    for (const id of SCREENS) $(id).hidden = id !== screen;
  }

  banner(sentence) {
    $("banner").textContent = sentence;
  }

  announce(sentence) {
    $("announcer").textContent = sentence;
  }

  /** For a while: what happened and needs nothing done. */
  tell(sentence) {
    this.banner(sentence);
    setTimeout(() => { if ($("banner").textContent === sentence) this.banner(""); }, TOLD_MS);
  }

  alert(sentence) {
    this.tell(sentence);
    $("urgent").textContent = sentence;
  }

  refuse(sentence) {
    $("entrance-error").textContent = sentence;
  }

  wait({ title, sentence }, stop) {
    $("waiting-sentence").textContent = sentence || text("waiting", { name: title });
    $("stop-waiting").onclick = stop;
    this.show("waiting");
  }

  farewell(reason) {
    $("farewell-reason").textContent = reason;
    this.show("farewell");
    $("again").focus();
  }

  /** A question with two answers, and perhaps something to tick (`ticked`); closing it in any way means no. */
  ask(sentence, yes, tick = "") {
    const dialog = $("question");
    $("question-text").textContent = sentence;
    $("question-tick").checked = false;
    $("question-tick").parentElement.hidden = !tick;
    $("question-tick-text").textContent = tick ? text(tick) : "";
    $("question-yes").textContent = text(yes);
    $("question-no").textContent = text("not_now");
    dialog.returnValue = "no";
    if (!dialog.open) dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  get ticked() {
    return $("question-tick").checked;
  }

  /** Everything that the room says, as it is now.  Returns the tiles on screen, for what to ask the host for. */
  draw(call) {
    this.#call = call;
    const { room, wishes } = call;
    $("title").textContent = room.title;
    document.title = `${room.title} – Parley`;
    const tiles = this.#arrange(room, wishes);
    for (const [source, tile] of this.#tiles) if (!tiles.some((one) => one.source === source)) this.#remove(source, tile);
    const hands = room.hands();
    for (const tile of tiles) this.#drawTile(tile, call, hands);
    this.#drawCaptionsState(room.captions);
    $("caption-translation").hidden = !wishes.translation || !room.captions.translates;
    this.drawCaptions(room);
    this.#drawControls(call);
    this.panes.draw(call);
    this.faces.draw(call);
    this.recording.draw(call);
    return tiles;
  }

  drawCaptions(room) {
    const list = $("caption-lines");
    const drawn = new Map([...list.children].map((line) => [line.dataset.segment, line]));
    const lines = this.look.wanted(room.lines);
    const wanted = new Set(lines.map((line) => line.segment));
    for (const [segment, line] of drawn) if (!wanted.has(segment)) line.remove();
    for (const caption of lines) {
      const line = drawn.get(caption.segment) ?? this.#newLine(caption, room);
      line.querySelector(".committed").textContent = caption.committed;
      line.querySelector(".tail").textContent = caption.tail;
    }
    $("caption-translation").textContent = room.translation;
    this.panes.drawTranscript(room);
  }

  /** Of this one face only: guesses come several times a second. */
  guess(message) {
    this.faces.guess(message, this.#tiles.get(`${message.participant}/${CAMERA}`));
  }

  react({ participant, reaction }) {
    const tile = this.#tiles.get(`${participant}/${CAMERA}`);
    const shown = REACTIONS[reaction];
    const person = this.#call?.room.people.get(participant);
    if (!shown || !person) return;
    this.announce(text("reacted", { name: person.name, what: text(reaction) }));
    if (!tile) return;
    const place = tile.querySelector(".reaction");
    place.textContent = shown;
    setTimeout(() => { if (place.textContent === shown) place.textContent = ""; }, REACTION_MS);
  }

  /** Sound of all slots plays as long as the meeting lasts. */
  play(tracks) {
    this.silence();
    this.#sounds = tracks.map((track) => {
      const sound = new Audio();
      sound.srcObject = new MediaStream([track]);
      sound.play().catch(() => {}); // the browser asks for a click first; joining was one
      return sound;
    });
    this.playOn(this.#speaker);
  }

  /** Another loudspeaker, where the browser lets a page choose. */
  async playOn(id) {
    this.#speaker = id;
    await Promise.all(this.#sounds.map((sound) => (id && sound.setSinkId ? sound.setSinkId(id) : undefined)));
  }

  silence() {
    for (const sound of this.#sounds) sound.srcObject = null;
    this.#sounds = [];
  }

  clear() {
    this.#call = null;
    for (const [source, tile] of this.#tiles) this.#remove(source, tile);
    $("caption-lines").replaceChildren();
    for (const dialog of document.querySelectorAll("dialog[open]:not(.player)")) dialog.close();
    this.silence();
  }

  // -- tiles ---------------------------------------------------------------------------------------------------

  /** Sizes and order of the tiles on screen: {source, person, kind, width, height, large}. */
  #arrange(room, wishes) {
    const stage = $("tiles");
    const box = { width: stage.clientWidth - 24, height: stage.clientHeight - 24 };
    const sources = room.sources().map(({ person, kind }) => ({ source: `${person.id}/${kind}`, person, kind }));
    stage.classList.toggle("speaker", wishes.speakerView && sources.length > 1);
    const tiles = wishes.speakerView && sources.length > 1 ? this.#speakerView(room, sources, box) : this.#galleryView(sources, box);
    const density = window.devicePixelRatio || 1;
    for (const tile of tiles) Object.assign(tile, { width: tile.width * density, height: tile.height * density });
    return tiles;
  }

  #galleryView(sources, box) {
    const narrow = isNarrow(box.width);
    const { width, height, perPage } = gallery(sources.length, box.width, box.height, narrow ? 10 : 14);
    this.#pages = Math.max(1, Math.ceil(sources.length / perPage));
    this.#page = Math.min(this.#page, this.#pages - 1);
    this.#drawPages();
    size($("tiles"), width, height);
    const shown = sources.slice(this.#page * perPage, (this.#page + 1) * perPage);
    return shown.map((tile) => ({ ...tile, width, height, large: tile.kind === SCREEN || sources.length <= 2 }));
  }

  #speakerView(room, sources, box) {
    this.#pages = 1;
    this.#drawPages();
    const chosen = this.spotlight.source(room.sources(), room, performance.now());
    const large = sources.find(({ source }) => source === chosen);
    const narrow = isNarrow(box.width);
    const small = narrow ? { width: 120, height: 90 } : { width: 180, height: 101 };
    const fit = narrow ? Math.floor((box.width + 10) / (small.width + 10)) : Math.floor((box.height + 14) / (small.height + 14));
    const strip = sources.filter((tile) => tile !== large).slice(0, Math.min(STRIP, Math.max(1, fit)));
    size($("tiles"), small.width, small.height);
    const rest = narrow ? { width: box.width, height: box.height - 100 } : { width: box.width - 194, height: box.height };
    $("tiles").style.setProperty("--large-width", `${rest.width}px`);
    $("tiles").style.setProperty("--large-height", `${rest.height}px`);
    return [{ ...large, ...rest, large: true }, ...strip.map((tile) => ({ ...tile, ...small, large: false }))];
  }

  #drawPages() {
    $("pages").hidden = this.#pages < 2;
    $("page-number").textContent = text("page_number", { n: this.#page + 1, of: this.#pages });
    $("page-back").disabled = this.#page === 0;
    $("page-on").disabled = this.#page === this.#pages - 1;
  }

  #turn(by) {
    this.#page = Math.max(0, Math.min(this.#pages - 1, this.#page + by));
    this.#call?.draw();
  }

  #drawTile({ source, person, kind, large }, call, hands) {
    const { room, media } = call;
    const tile = this.#tiles.get(source) ?? this.#newTile(source);
    const own = person.id === room.you;
    const mid = room.slotOf(source);
    const sends = person[kind] === true;
    const track = own ? call.devices.camera : sends && mid !== null ? media.track(mid) : null;
    const speaking = kind === CAMERA && room.speaking.includes(person.id);
    const shown = kind === SCREEN ? text("screen_of", person) : own ? text("you", person) : person.name;
    const muted = person.microphone || kind === SCREEN ? "" : text("muted");
    const hand = kind === CAMERA ? hands.get(person.id) : undefined;
    const weak = kind === CAMERA && person.weak === true;
    const read = kind === CAMERA && person.analysed === true;
    tile.classList.toggle("own", own);
    tile.classList.toggle("screen", kind === SCREEN);
    tile.classList.toggle("dark", track === null || !sends);
    tile.classList.toggle("speaking", speaking);
    tile.classList.toggle("large", large);
    tile.querySelector(".name").textContent = shown;
    tile.querySelector(".muted").textContent = muted;
    tile.querySelector(".initials").textContent = initials(person.name);
    tile.querySelector(".flags").textContent = [hand ? `✋ ${hand}` : "", person.away ? text("away") : "", weak ? text("weak") : "", read ? text("analysed") : ""].filter(Boolean).join("  ");
    const pinned = this.spotlight.pinned === source;
    const pin = tile.querySelector(".pin");
    pin.setAttribute("aria-pressed", String(pinned));
    pin.setAttribute("aria-label", text(pinned ? "unpin" : "pin", { name: shown }));
    const state = [shown, speaking ? text("speaking") : "", muted, hand ? text("hand_number", { n: hand }) : "", weak ? text("weak") : "", read ? text("analysed") : ""];
    tile.setAttribute("aria-label", state.filter(Boolean).join(", "));
    attach(tile.querySelector("video"), track);
  }

  /** Large until it is let go of. */
  pin(source) {
    this.spotlight.pinned = this.spotlight.pinned === source ? null : source;
    if (!this.#call) return;
    this.#call.wishes.speakerView ||= this.spotlight.pinned !== null;
    this.#call.draw();
  }

  #newTile(source) {
    const tile = $("tile").content.firstElementChild.cloneNode(true);
    tile.dataset.source = source;
    tile.querySelector(".pin").addEventListener("click", () => this.pin(source));
    this.#tiles.set(source, tile);
    $("tiles").append(tile);
    return tile;
  }

  #remove(source, tile) {
    attach(tile.querySelector("video"), null);
    tile.remove();
    this.#tiles.delete(source);
  }

  // -- captions and controls -----------------------------------------------------------------------------------

  #newLine(caption, room) {
    const line = $("caption-line").content.firstElementChild.cloneNode(true);
    line.dataset.segment = caption.segment;
    const speaker = line.querySelector(".speaker");
    speaker.textContent = caption.name;
    speaker.style.color = colourOf(room.people.get(caption.speaker));
    if (caption.language) line.lang = caption.language;
    $("caption-lines").append(line);
    return line;
  }

  #drawCaptionsState(captions) {
    const made = (captions.workers ?? []).map((worker) => ({ ...worker, machine: worker.machine || text("hosts_computer") }));
    const facts = made.map((worker) => text("captions_made", worker));
    fill($("processed"), [...(facts.length ? facts : [text("captions_not_made")]), this.faces.processed(), text("processed_chat"), text("processed_media")], (fact) => fact, (fact) => {
      const line = document.createElement("li");
      line.textContent = fact;
      return line;
    });
    const late = captions.behind > 0 ? text("captions_behind", { n: Math.round(captions.behind) }) : captions.sentence;
    $("captions-state").textContent = captions.on ? late : captions.sentence || text("captions_off");
    $("captions").classList.toggle("quiet-now", !captions.on);
    $("translation").parentElement.hidden = !captions.translates;
  }

  #drawControls({ room, wishes, screen, devices }) {
    const { microphone, camera, hand } = room.me ?? {};
    control("microphone", microphone ? "mic" : "mic-off", text(microphone ? "microphone_on" : "microphone_off"), microphone ? "" : "off");
    control("camera", camera ? "video" : "video-off", text(camera ? "camera_on" : "camera_off"), camera ? "" : "off");
    control("screen", screen ? "monitor-off" : "monitor-up", text(screen ? "screen_on" : "screen_off"), screen ? "on" : "");
    control("hand", "hand", text(typeof hand === "number" ? "hand_down" : "hand_raise"), typeof hand === "number" ? "on" : "");
    control("react", "smile", text("react"), "");
    control("show-captions", wishes.captionsShown ? "captions" : "captions-off", text(wishes.captionsShown ? "captions_hide" : "captions_show"), wishes.captionsShown ? "on" : "");
    control("consent", "audio-lines", text(wishes.consent ? "caption_me_not" : "caption_me"), wishes.consent ? "on" : "");
    const read = (room.me?.emotions ?? "off") !== "off";
    control("face", "scan-face", text(read ? "face_stop" : "face_start"), read ? "on" : "");
    control("show-pane", "message-square", text("pane"), $("pane").hidden ? "" : "on");
    const expanded = $("controls").classList.contains("expanded");
    control("more", "ellipsis", text(expanded ? "less" : "more"), expanded ? "on" : "");
    $("more").setAttribute("aria-expanded", String(expanded));
    control("leave", "log-out", text("leave"), "danger");
    $("microphone").disabled = devices.microphone === null;
    $("camera").disabled = devices.camera === null;
    $("tab-files").hidden = !room.keepsFiles;
    $("screen").hidden = !navigator.mediaDevices.getDisplayMedia;
    $("captions").hidden = !wishes.captionsShown;
    $("layout").querySelector("span").textContent = text(wishes.speakerView ? "gallery_view" : "speaker_view");
    $("layout").querySelector("use").setAttribute("href", wishes.speakerView ? "#icon-layout-grid" : "#icon-presentation");
  }
}

/** A control-bar button: icon above, and a label that says what a press does. */
function control(id, icon, label, look) {
  const element = $(id);
  if (!element.firstChild) {
    const [picture, words] = [document.createElementNS("http://www.w3.org/2000/svg", "svg"), document.createElement("span")];
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    picture.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    element.append(picture, words);
  }
  element.querySelector("use").setAttribute("href", `#icon-${icon}`);
  element.querySelector("span").textContent = label;
  element.className = ["control", element.classList.contains("secondary") ? "secondary" : "", look].filter(Boolean).join(" ");
}

function size(stage, width, height) {
  stage.style.setProperty("--tile-width", `${width}px`);
  stage.style.setProperty("--tile-height", `${height}px`);
}

/** The join order fixes a person's colour for the whole meeting. */
export const colourOf = (person) => `var(--speaker-${(person?.order ?? 0) % SPEAKER_COLOURS})`;

/** A video element keeps its stream while the track stays: setting it again would make the picture blink. */
export function attach(video, track) {
  const shown = video.srcObject?.getTracks()[0] ?? null;
  if (shown === track) return;
  video.srcObject = track === null ? null : new MediaStream([track]);
}

export function initials(name) {
  const words = name.split(" ").filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toLocaleUpperCase(language())).join("");
}
