// Draws a Room into the page.  Names and captions are plain text: textContent only.  Decides nothing.

import { text } from "./strings.js";

const SPEAKER_COLOURS = 8;
const $ = (id) => document.getElementById(id);

export class View {
  #tiles = new Map(); // participant -> element
  #sounds = []; // one <audio> per slot, never shown

  /** Exactly one of entrance, meeting, farewell is there at a time. */
  show(screen) {
    for (const id of ["entrance", "meeting", "farewell"]) $(id).hidden = id !== screen;
  }

  banner(sentence) {
    $("banner").textContent = sentence;
  }

  announce(sentence) {
    $("announcer").textContent = sentence;
  }

  refuse(sentence) {
    $("entrance-error").textContent = sentence;
  }

  farewell(reason) {
    $("farewell-reason").textContent = reason;
    this.show("farewell");
    $("again").focus();
  }

  /** Everything that the room says, as it is now. */
  draw(room, media, ownCamera) {
    $("title").textContent = room.title;
    document.title = `${room.title} – Parley`;
    for (const [id, tile] of this.#tiles) if (!room.people.has(id)) this.#remove(id, tile);
    for (const person of room.people.values()) this.#drawPerson(person, room, media, ownCamera);
    this.#drawCaptionsState(room.captions);
  }

  drawCaptions(room) {
    const list = $("caption-lines");
    const drawn = new Map([...list.children].map((line) => [line.dataset.segment, line]));
    const wanted = new Set(room.lines.map((line) => line.segment));
    for (const [segment, line] of drawn) if (!wanted.has(segment)) line.remove();
    for (const caption of room.lines) {
      const line = drawn.get(caption.segment) ?? this.#newLine(caption, room);
      line.querySelector(".committed").textContent = caption.committed;
      line.querySelector(".tail").textContent = caption.tail;
    }
  }

  drawControls({ microphone, camera, captionsShown, consent }) {
    button("microphone", text(microphone ? "microphone_on" : "microphone_off"), microphone ? "" : "off");
    button("camera", text(camera ? "camera_on" : "camera_off"), camera ? "" : "off");
    button("show-captions", text(captionsShown ? "captions_hide" : "captions_show"), captionsShown ? "on" : "");
    button("consent", text(consent ? "caption_me_not" : "caption_me"), consent ? "on" : "");
    $("captions").hidden = !captionsShown;
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
  }

  silence() {
    for (const sound of this.#sounds) sound.srcObject = null;
    this.#sounds = [];
  }

  clear() {
    for (const [id, tile] of this.#tiles) this.#remove(id, tile);
    $("caption-lines").replaceChildren();
    this.silence();
  }

  #drawPerson(person, room, media, ownCamera) {
    const tile = this.#tiles.get(person.id) ?? this.#newTile(person.id);
    const own = person.id === room.you;
    const mid = room.slotOf(`${person.id}/camera`);
    const track = own ? ownCamera : person.camera && mid !== null ? media.track(mid) : null;
    const speaking = room.speaking.includes(person.id);
    const shown = own ? text("you", person) : person.name;
    const muted = person.microphone ? "" : text("muted");
    tile.classList.toggle("own", own);
    tile.classList.toggle("dark", track === null || (own && !person.camera));
    tile.classList.toggle("speaking", speaking);
    tile.querySelector(".name").textContent = shown;
    tile.querySelector(".muted").textContent = muted;
    tile.querySelector(".initials").textContent = initials(person.name);
    tile.setAttribute("aria-label", [shown, speaking ? text("speaking") : "", muted].filter(Boolean).join(", "));
    attach(tile.querySelector("video"), track);
  }

  #newTile(id) {
    const tile = $("tile").content.firstElementChild.cloneNode(true);
    tile.dataset.participant = id;
    this.#tiles.set(id, tile);
    $("tiles").append(tile);
    return tile;
  }

  #remove(id, tile) {
    attach(tile.querySelector("video"), null);
    tile.remove();
    this.#tiles.delete(id);
  }

  #newLine(caption, room) {
    const line = $("caption-line").content.firstElementChild.cloneNode(true);
    const order = room.people.get(caption.speaker)?.order ?? 0;
    line.dataset.segment = caption.segment;
    const speaker = line.querySelector(".speaker");
    speaker.textContent = caption.name;
    speaker.style.color = `var(--speaker-${order % SPEAKER_COLOURS})`;
    $("caption-lines").append(line);
    return line;
  }

  #drawCaptionsState(captions) {
    $("captions-state").textContent = captions.on ? captions.sentence : captions.sentence || text("captions_off");
  }
}

function button(id, label, look) {
  const element = $(id);
  element.textContent = label;
  element.className = look;
}

/** A video element keeps its stream while the track stays: setting it again would make the picture blink. */
function attach(video, track) {
  const shown = video.srcObject?.getTracks()[0] ?? null;
  if (shown === track) return;
  video.srcObject = track === null ? null : new MediaStream([track]);
}

function initials(name) {
  const words = name.split(" ").filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}
