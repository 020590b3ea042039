// One stay in a meeting: session, media and what is known of both, until it is left or lost.

import { Media } from "./media.js";
import { Room } from "./room.js";
import { Session } from "./session.js";
import { text } from "./strings.js";

const TILE = { width: 320, height: 180 };

export class Call {
  /** `ended(reason, lost)` is called once; `lost` says that joining again may help. */
  constructor(view, devices, wishes, ended) {
    this.view = view;
    this.devices = devices;
    this.wishes = wishes; // microphone, camera, captionsShown, consent: what the person wants, kept over a rejoin
    this.ended = ended;
    this.sent = "";
    this.closed = false;
  }

  /** Throws Refused with a sentence when the host does not let us in. */
  async join(code, name) {
    const lost = () => this.#end(text("host_lost"), true);
    this.session = await Session.join(code, name, (message) => this.#heard(message), lost);
    this.room = new Room(this.session.welcome);
    this.media = new Media(this.devices, lost);
    try {
      await this.media.connect(this.session);
    } catch (error) {
      this.#close();
      throw error;
    }
    this.view.play(this.media.audioTracks());
    this.tellMedia();
    this.session.say("consent", { captions: this.wishes.consent });
    this.draw();
  }

  tellMedia() {
    const microphone = this.wishes.microphone && this.devices.microphone !== null;
    const camera = this.wishes.camera && this.devices.camera !== null;
    // Off means off: the device is silenced here, whatever anybody else does.
    if (this.devices.microphone) this.devices.microphone.enabled = microphone;
    if (this.devices.camera) this.devices.camera.enabled = camera;
    this.session.say("media", { microphone, camera });
  }

  tellConsent() {
    this.session.say("consent", { captions: this.wishes.consent });
  }

  leave() {
    this.#end(text("you_left"), false);
  }

  draw() {
    this.view.draw(this.room, this.media, this.devices.camera);
    this.view.drawControls({ ...this.wishes, ...this.#sending() });
    this.#watch();
  }

  #sending() {
    const you = this.room.people.get(this.room.you);
    return { microphone: you.microphone, camera: you.camera };
  }

  /** Only when the wish has changed. */
  #watch() {
    const views = this.room.views(TILE.width, TILE.height);
    const wanted = JSON.stringify(views);
    if (wanted === this.sent) return;
    this.sent = wanted;
    this.session.say("watch", { views });
  }

  #heard(message) {
    if (this.closed) return;
    this.#apply(message);
    if (this.closed) return;
    if (message.type === "caption") this.view.drawCaptions(this.room);
    else this.draw();
  }

  #apply(message) {
    const { room, view } = this;
    switch (message.type) {
      case "joined":
        room.people.set(message.participant.id, message.participant);
        view.announce(text("joined", message.participant));
        break;
      case "changed":
        room.people.set(message.participant.id, message.participant);
        break;
      case "left":
        view.announce(text("left", room.people.get(message.participant)));
        room.people.delete(message.participant);
        break;
      case "slots":
        for (const { mid, source } of message.shows) room.shows.set(mid, source);
        break;
      case "layers":
        if (message.source === `${room.you}/camera`) this.media.sendLayers(message.wanted);
        break;
      case "speaking":
        room.speaking = message.participants;
        break;
      case "caption":
        room.caption(message);
        break;
      case "captions_changed":
        room.captions = message.captions;
        break;
      case "notice":
      case "error":
        view.banner(message.sentence);
        if (message.code === "media_lost") this.#end(message.sentence, true);
        else if (message.fatal) this.#end(message.sentence, false);
        break;
      case "ended":
        this.#end(message.reason, false);
        break;
      default: // a newer host's message: nothing here depends on it
    }
  }

  #end(reason, lost) {
    if (this.closed) return;
    this.#close();
    this.ended(reason, lost);
  }

  #close() {
    this.closed = true;
    this.session.close();
    this.media.close();
    this.view.clear();
  }
}
