// One stay in a meeting: session, media and what is known of both, until it is left or lost.

import { captureScreen, Media } from "./media.js";
import { CAMERA, Room, SCREEN } from "./room.js";
import { Refused, Session } from "./session.js";
import { text } from "./strings.js";

// A forwarder that died is back within two seconds.
const MEDIA_PAUSES_MS = [0, 300, 700, 1500, 2500, 4000, 8000];
const KINDS = ["microphone", "camera", "screen", "screen_audio"];

export class Call {
  /** `ended(reason, lost)` is called once; `lost` says that joining again may help. */
  constructor(view, devices, wishes, ended) {
    this.view = view;
    this.devices = devices;
    this.wishes = wishes; // microphone, camera, captionsShown, consent, speakerView, hand, spoken, translation: kept over a rejoin
    this.ended = ended;
    this.screen = null;
    this.watched = "";
    this.closed = false;
    this.room = null;
    this.media = null;
    this.mending = false;
    this.checking = null; // the module of checks, once one is spoken of
  }

  /** Throws Refused with a sentence when the host does not let us in. */
  async join(who) {
    const handWasUp = this.wishes.hand;
    this.session = await Session.join(who, {
      heard: (message) => this.#heard(message),
      waiting: (message) => this.view.wait(message, () => this.session?.close()),
      broken: () => this.view.banner(text("host_gone")),
      mediaFlows: () => this.media?.flows ?? false,
      resumed: (answer) => this.#resumed(answer),
      lost: () => this.#end(text("host_lost"), true),
    });
    this.room = new Room(this.session.welcome);
    await this.view.recording.ask(this); // before any sound or picture is sent
    try {
      await this.#connect();
    } catch (error) {
      this.#close();
      throw error;
    }
    this.tellConsent();
    this.wishes.speakerView ||= this.room.spotlit !== null;
    // Joined anew after the host was lost: a raised hand is still up.
    if (this.wishes.spoken) this.tellSpoken();
    if (this.wishes.translation) this.tellTranslation();
    if (handWasUp) this.session.say("hand", { up: true });
    this.draw();
  }

  // -- what the person wants -----------------------------------------------------------------------------------

  tellMedia() {
    const { devices, wishes } = this;
    const sending = {
      microphone: wishes.microphone && devices.microphone !== null,
      camera: wishes.camera && devices.camera !== null,
      screen: this.screen !== null,
      screen_audio: Boolean(this.screen?.sound),
    };
    // Off means off: the device is silenced here, whatever anybody else does.
    if (devices.microphone) devices.microphone.enabled = sending.microphone;
    if (devices.camera) devices.camera.enabled = sending.camera;
    this.session.say("media", sending);
  }

  tellConsent() {
    this.session.say("consent", { captions: this.wishes.consent });
  }

  tellTranslation() {
    if (this.room.captions.translates) this.session.say("translation", { on: this.wishes.translation });
  }

  tellSpoken() {
    this.session.say("spoken", { language: this.wishes.spoken });
  }

  /** Another microphone or camera was chosen, or one is gone. */
  async deviceChanged(kind) {
    await this.media?.send(kind, this.devices[kind]);
    this.tellMedia();
    this.draw();
  }

  async toggleScreen() {
    if (this.screen) return this.#stopScreen();
    const screen = await captureScreen(() => this.#stopScreen());
    if (!screen || this.closed) return undefined;
    this.screen = screen;
    await this.#sendScreen();
    return undefined;
  }

  toggleHand() {
    this.session.say("hand", { up: typeof this.room.me.hand !== "number" });
  }

  leave() {
    this.#end(text("you_left"), false);
  }

  draw() {
    if (this.closed || !this.room) return;
    const tiles = this.view.draw(this);
    this.#watch(tiles);
  }

  // -- media ---------------------------------------------------------------------------------------------------

  async #connect() {
    this.media?.close();
    const media = new Media(this.devices, this.screen, () => this.#mend());
    this.media = media;
    await media.connect(this.session);
    this.watched = "";
    this.view.play(media.audioTracks());
    this.tellMedia();
  }

  /** Sound and picture stopped: offered again on the same socket, until they flow or the host is gone for good. */
  async #mend() {
    if (this.mending || this.closed) return;
    this.mending = true;
    this.view.banner(text("media_lost"));
    const reason = await this.#mended();
    this.mending = false;
    if (this.closed) return;
    if (reason === null) this.view.banner("");
    else this.#end(reason, true);
    this.draw();
  }

  async #mended() {
    let reason = text("host_lost");
    for (const pause of MEDIA_PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (this.closed) return null;
      try {
        await this.#connect();
        return null;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        reason = error.message;
        // The host has not noticed yet that nothing arrives: joining anew is faster than waiting until it does.
        if (error.code === "bad_sequence") return reason;
      }
    }
    return reason;
  }

  async #resumed({ media }) {
    this.view.banner("");
    if (media && this.media.flows) this.tellMedia();
    else await this.#mend();
    this.watched = "";
    this.draw();
  }

  async #stopScreen() {
    this.screen?.picture.stop();
    this.screen?.sound?.stop();
    this.screen = null;
    await this.#sendScreen();
  }

  async #sendScreen() {
    if (this.closed) return;
    await this.media.send("screen", this.screen?.picture ?? null);
    await this.media.send("screen_audio", this.screen?.sound ?? null);
    this.tellMedia();
    this.draw();
  }

  /** Only when the wish has changed. */
  #watch(tiles) {
    const views = this.room.views(tiles);
    const wanted = JSON.stringify(views);
    if (wanted === this.watched) return;
    this.watched = wanted;
    this.session.say("watch", { views });
  }

  // -- what the host says --------------------------------------------------------------------------------------

  #heard(message) {
    if (this.closed || !this.room) return;
    const act = HEARD[message.type];
    if (!act) return; // a newer host's message: nothing here depends on it
    act(this, message);
    if (this.closed) return;
    if (message.type === "caption") this.view.drawCaptions(this.room);
    else if (message.type !== "face") this.draw();
  }

  /** What checks need comes with the first word about one; their messages keep their order. */
  check(message) {
    this.checking ??= import("./checks.js").then(({ Checks }) => new Checks(this));
    this.checking.then((checks) => !this.closed && checks.heard(message));
  }

  /** Somebody with the right to turned it off; it stays off until the person turns it on. */
  muted({ kind, by }) {
    if (kind === SCREEN) this.#stopScreen();
    else if (kind in this.wishes) this.wishes[kind] = false;
    this.tellMedia();
    this.view.alert(text("muted_by", { name: by }));
  }

  async unmuteAsked({ kind, by }) {
    if (kind !== "microphone" && kind !== CAMERA) return;
    const yes = await this.view.ask(text(kind === CAMERA ? "asked_camera" : "asked_microphone", { name: by }), "turn_on");
    if (!yes || this.closed) return;
    this.wishes[kind] = true;
    this.tellMedia();
  }

  refused(message) {
    if (message.code === "media_lost") this.#mend();
    else if (message.fatal) this.#end(message.sentence, false);
    else this.view.tell(message.sentence);
  }

  over(reason) {
    this.#end(reason, false);
  }

  wantLayers({ source, wanted }) {
    const kind = source.split("/")[1];
    if (KINDS.includes(kind)) this.media.want(kind, wanted).catch(() => {}); // a layer that cannot rest costs bandwidth only
  }

  #end(reason, lost) {
    if (this.closed) return;
    this.#close();
    this.ended(reason, lost);
  }

  #close() {
    this.closed = true;
    this.screen?.picture.stop();
    this.screen?.sound?.stop();
    this.session.close();
    this.media?.close();
    this.checking?.then((checks) => checks.close());
    this.view.clear();
  }
}

function personChanged({ room, view, wishes }, { participant }) {
  const before = room.people.get(participant.id);
  room.people.set(participant.id, participant);
  const own = participant.id === room.you;
  if (own) wishes.hand = typeof participant.hand === "number";
  if (!before) return;
  if (typeof before.hand !== "number" && typeof participant.hand === "number" && !own) view.announce(text("hand_up", participant));
  if (participant.spotlight && !before.spotlight && !own) wishes.speakerView = true;
  if (participant.role === before.role) return;
  if (own) view.tell(text(`you_are_${participant.role}`));
  else if (participant.role === "host") view.announce(text("is_host", participant));
}

/** The first rule that changed in a way that people notice, as a sentence. */
function ruled(before, after, by) {
  const change = ["lobby", "locked", "unmute", "chat", "screen", "files"].find((rule) => before[rule] !== after[rule]);
  return text(change ? `rule_${change}_${after[change] ? "on" : "off"}` : "rule_changed", { name: by });
}

const HEARD = {
  joined(call, message) {
    personChanged(call, message);
    call.view.announce(text("joined", message.participant));
  },
  changed: personChanged,
  left({ room, view }, { participant }) {
    view.announce(text("left", room.people.get(participant)));
    room.people.delete(participant);
  },
  slots({ room }, { shows }) {
    for (const { mid, source } of shows) room.shows.set(mid, source);
  },
  speaking({ room, view }, { participants }) {
    room.speaking = participants;
    view.spotlight.heard(participants, performance.now());
  },
  caption: ({ room }, message) => room.caption(message),
  captions_changed(call, { captions }) {
    const before = call.room.captions.translates === true;
    call.room.captions = captions;
    if (!before && call.wishes.translation) call.tellTranslation();
  },
  translated: ({ room }, message) => room.translate(message),
  corrected: ({ room }, message) => room.correct(message),
  history: ({ room }, message) => room.history(message),
  chat({ room, view }, { message }) {
    room.said(message);
    if (message.sender !== room.you) view.panes.unread("chat", text("chat_from", message));
  },
  chat_deleted: ({ room }, { message }) => room.deleted(message),
  file({ room, view }, { file, reference }) {
    room.files.set(file.id, file);
    view.panes.fileKnown(file, reference);
    if (file.state === "ready" && file.owner !== room.you) view.panes.unread("files", text("file_from", { name: file.owner_name }));
  },
  file_link: ({ view }, message) => view.panes.download(message),
  face: ({ view }, message) => view.guess(message),
  check_asked: (call, message) => call.check(message),
  check: (call, message) => call.check(message),
  check_step: (call, message) => call.check(message),
  check_result: (call, message) => call.check(message),
  checks_changed({ room }, { checks }) {
    room.checks = checks;
  },
  emotions_changed({ room }, { emotions }) {
    room.emotions = emotions;
  },
  recording_changed: (call, message) => call.view.recording.changed(call, message),
  reacted: ({ view }, message) => view.react(message),
  policy_changed({ room, view }, { policy, by }) {
    view.tell(ruled(room.policy, policy, by));
    room.policy = policy;
  },
  lobby({ room, view }, { waiting }) {
    if (waiting.length > room.lobby.length) view.panes.unread("people", text("waits", waiting.at(-1)));
    room.lobby = waiting;
  },
  muted: (call, message) => call.muted(message),
  unmute_asked: (call, message) => call.unmuteAsked(message),
  layers: (call, message) => call.wantLayers(message),
  notice(call, message) {
    if (message.code === "media_lost") call.refused(message);
    else call.view.tell(message.sentence);
  },
  error: (call, message) => call.refused(message),
  ended: (call, { reason }) => call.over(reason),
};
