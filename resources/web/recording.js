// The recording: the notice before anything of a person is recorded, the badge, and the buttons of who runs the meeting.

import { $ } from "./parts.js";
import { text } from "./strings.js";

export class Recording {
  #call = null;
  #settled = new Set(); // feeds about which the person was asked

  constructor() {
    $("recording-badge").addEventListener("click", () => this.ask(this.#call));
    $("record").addEventListener("click", () => this.#press());
    $("recordings").addEventListener("click", () => this.#show());
    $("record-pause").addEventListener("click", () => this.#turn(this.#phase === "paused" ? "on" : "paused"));
  }

  get #phase() {
    return this.#call?.room.recording.phase ?? "off";
  }

  draw(call) {
    this.#call = call;
    const { room } = call;
    const off = this.#phase === "off";
    const mine = room.me?.recording === "yes";
    $("recording-badge").hidden = off;
    $("recording-badge").classList.toggle("danger", this.#phase === "on");
    $("recording-badge").querySelector("span").textContent = text(this.#phase === "paused" ? "recording_paused" : mine ? "recording_on" : "recording_without_you");
    $("record").hidden = $("record-pause").hidden = room.me?.recording === undefined; // a host that records nothing
    $("record").textContent = text(off ? "record_start" : "record_stop");
    $("record-pause").hidden ||= off;
    $("recordings").hidden = $("record").hidden;
    $("record-pause").textContent = text(this.#phase === "paused" ? "record_resume" : "record_pause");
    if (off) this.#settled.clear();
    else if (room.runs) this.#askForFeed(call);
  }

  /** Nobody sits at a feed who could answer, so who runs the meeting does. */
  async #askForFeed({ room, session, view }) {
    if ($("recording-dialog").open || $("question").open) return; // the next drawing asks
    const feed = room.others.find((one) => one.client === "stream" && one.recording === "unasked" && !this.#settled.has(one.id));
    if (!feed) return;
    this.#settled.add(feed.id);
    const yes = await view.ask(text("record_feed", { name: feed.name }), "record_feed_yes");
    session.say("record_me", { yes, participant: feed.id });
  }

  /** Shows the notice and tells the host what the person said.  Closing it in any other way means no, or no change. */
  async ask(call) {
    const dialog = $("recording-dialog");
    if (dialog.open || call.room.recording.phase === "off") return;
    const before = call.room.me?.recording ?? "unasked";
    $("recording-by").textContent = text("recording_what", { name: call.room.recording.by });
    dialog.returnValue = before === "yes" ? "yes" : "no";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    const answer = dialog.returnValue === "yes";
    if (before === "unasked" || answer !== (before === "yes")) call.session.say("record_me", { yes: answer });
  }

  /** What the host says of it.  Each start asks everybody but who started it. */
  changed(call, { recording }) {
    const began = call.room.recording.phase === "off" && recording.phase === "on";
    const over = recording.phase === "off";
    call.room.recording = recording;
    if (over && $("recording-dialog").open) $("recording-dialog").close();
    if (over && recording.sentence) call.view.tell(recording.sentence);
    if (began && call.room.me?.recording === "unasked") this.ask(call);
  }

  async #press() {
    if (this.#phase !== "off") return this.#turn("off");
    if (await this.#call.view.ask(text("record_sure"), "record_start")) this.#turn("on");
    return undefined;
  }

  async #show() {
    const { session, view } = this.#call;
    const { meeting } = session.welcome;
    const key = () => this.#call.session.welcome.key;
    try {
      const { showRecordings } = await import("./recordings.js");
      await showRecordings({ code: meeting.code, key, title: meeting.title });
    } catch {
      view.tell(text("no_host")); // it could not be fetched
    }
  }

  #turn(phase) {
    this.#call?.session.say("record", { phase });
  }
}
