// Before the meeting and in its settings: which microphone, camera and loudspeaker, and what they give.

import { Devices } from "./media.js";
import { $ } from "./parts.js";
import { text } from "./strings.js";
import { attach, initials } from "./view.js";

const KINDS = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };
const LEVEL_MS = 100;
const LOUD = 0.25;

export class Entrance {
  devices = new Devices();
  #told;
  #stopMeter = () => {};

  /** `told`: chosen(kind) when a device was exchanged, speaker(id) for the loudspeaker. */
  constructor(told) {
    this.#told = told;
    this.devices.changed = (kind) => this.#exchanged(kind);
    for (const kind of Object.keys(KINDS)) $(`pick-${kind}`).addEventListener("change", (event) => this.#choose(kind, event.target.value));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#list());
    $("speaker-picker").hidden = !("setSinkId" in HTMLMediaElement.prototype);
    $("name").addEventListener("input", () => this.draw());
  }

  /** Asks for the devices once; the browser asks the person. */
  async open() {
    if (this.devices.microphone || this.devices.camera) return;
    await this.devices.open();
    await this.#list();
    this.draw();
  }

  draw() {
    const { camera } = this.devices;
    const self = $("self");
    self.classList.toggle("dark", camera === null);
    attach(self.querySelector("video"), camera);
    self.querySelector(".initials").textContent = initials($("name").value);
    self.querySelector(".name").textContent = camera ? text("preview") : this.missing() || text("preview_off");
    this.#stopMeter();
    if (this.devices.microphone && !$("entrance").hidden) this.#stopMeter = meter(this.devices.microphone, $("level"));
  }

  /** A sentence about what this computer does not give us; empty if all is there. */
  missing() {
    const { microphone, camera, refused } = this.devices;
    if (refused && !microphone && !camera) return text("allow_devices");
    if (!microphone && !camera) return text("no_devices");
    if (!microphone) return text("no_microphone");
    return camera ? "" : text("no_camera");
  }

  /** The pickers are one set of elements: they stand where they are needed. */
  movePickers(place) {
    place.append(...document.querySelectorAll(".pickers > label"));
  }

  leave() {
    this.#stopMeter();
    attach($("self").querySelector("video"), null);
  }

  close() {
    this.leave();
    this.devices.close();
  }

  async #choose(kind, id) {
    $("settings-error").textContent = "";
    if (kind === "speaker") return this.#told.speaker(id);
    try {
      await this.devices.choose(kind, id);
      return this.#exchanged(kind);
    } catch {
      $("settings-error").textContent = text("device_refused");
      return this.#list();
    }
  }

  #exchanged(kind) {
    this.#list();
    this.draw();
    this.#told.chosen(kind);
  }

  async #list() {
    const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    for (const [kind, system] of Object.entries(KINDS)) this.#offer(kind, found.filter((one) => one.kind === system && one.deviceId));
  }

  #offer(kind, found) {
    const select = $(`pick-${kind}`);
    const now = this.devices[kind]?.getSettings().deviceId ?? select.value;
    select.replaceChildren(...found.map(({ deviceId, label }, n) => {
      const option = document.createElement("option");
      option.value = deviceId;
      option.textContent = label || `${text(kind)} ${n + 1}`;
      return option;
    }));
    if (found.length === 0) select.append(new Option(text("none_found"), ""));
    select.disabled = found.length === 0;
    if (found.some(({ deviceId }) => deviceId === now)) select.value = now;
  }
}

/** Shows how loud the microphone is; returns what stops it. */
function meter(track, bar) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    bar.value = Math.min(1, Math.sqrt(power) / LOUD);
  }, LEVEL_MS);
  return () => {
    clearInterval(timer);
    if (context.state !== "closed") context.close();
  };
}
