// Microphone, camera, screen and the one peer connection.  Lines are negotiated once: four that send, thirteen slots
// that receive; what flows in them changes without negotiating again.

import { Buffer } from "./buffer.js";

const AUDIO_SLOTS = 4;
const VIDEO_SLOTS = 9;
// What the forwarder forwards; a short offer also stays far below the protocol's limit.
const CODECS = { audio: ["audio/opus", "audio/red"], video: ["video/vp8", "video/rtx"] };
// What stands first is sent: sound that repeats itself (RED), so that a lost packet is in the next one.
const REPEATED = "audio/red";
// What it may show besides, from cameras that have no VP8: the H264 that every decoder takes.
const BASELINE = /packetization-mode=1.*profile-level-id=42e0/;
const CAMERA = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 24, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
// Three sizes of one picture at once (sfu/wire, section 4), smallest first, as Chromium wants them.  Without temporal
// layers, which browsers add by themselves: the host drops none of them, and for a frame that no other needs a browser
// asks only once (measured at 5 % loss on each of two links: one frame in fifty was never seen, now none).
const LAYERS = [
  { rid: "l", maxBitrate: 200_000, scalabilityMode: "L1T1" },
  { rid: "m", maxBitrate: 600_000, scalabilityMode: "L1T1" },
  { rid: "h", maxBitrate: 1_500_000, scalabilityMode: "L1T1" },
];
const OPUS_FEEDBACK = /a=rtpmap:(\d+) opus\/48000\/2/gi;
const TWO_LAYERS_FROM = 270;
const THREE_LAYERS_FROM = 540;
const SCREEN_BITRATE = 4_000_000;
const SCREEN_RATE = 15;
// A path that is silent for five seconds is looked for anew; what is under way there is given this long.
const RESTART_PAUSE_MS = 2000;

/** What this computer can capture: `microphone` and `camera` are tracks or null. */
export class Devices {
  microphone = null;
  camera = null;
  refused = false;
  changed = () => {}; // called when a device was unplugged or replaced

  async open({ microphone = "", camera = "" } = {}) {
    await this.#take({ audio: sound(microphone), video: picture(camera) });
    if (!this.microphone) await this.#take({ audio: sound("") });
    if (!this.camera) await this.#take({ video: picture("") });
  }

  /** Another device for one kind, now; the old one is let go only when the new one runs. */
  async choose(kind, id) {
    const wanted = kind === "microphone" ? { audio: sound(id) } : { video: picture(id) };
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    const [track] = stream.getTracks();
    this[kind]?.stop();
    this.#hold(kind, track);
    return track;
  }

  close() {
    for (const track of [this.microphone, this.camera]) track?.stop();
    this.microphone = this.camera = null;
  }

  async #take(constraints) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      for (const track of stream.getTracks()) {
        const kind = track.kind === "audio" ? "microphone" : "camera";
        if (this[kind]) track.stop();
        else this.#hold(kind, track);
      }
    } catch (error) {
      this.refused ||= error.name === "NotAllowedError";
    }
  }

  #hold(kind, track) {
    this[kind] = track;
    track.onended = () => {
      if (this[kind] !== track) return;
      this[kind] = null;
      this.changed(kind);
    };
  }
}

const sound = (id) => ({ ...SOUND, ...(id ? { deviceId: { exact: id } } : {}) });
const picture = (id) => ({ ...CAMERA, ...(id ? { deviceId: { exact: id } } : {}) });

export class Media {
  #connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  #lines = {};
  #buffer = null;
  #session = null;
  #restarting = false;
  #wanted = Promise.resolve();

  /** `lost` is called once if the connection fails. */
  constructor(devices, screen, lost) {
    this.#lines.microphone = this.#sending("audio", devices.microphone);
    this.#lines.camera = this.#sending("video", devices.camera, { sendEncodings: encodings(devices.camera) });
    this.#lines.screen = this.#sending("video", screen?.picture);
    this.#lines.screen_audio = this.#sending("audio", screen?.sound);
    for (let n = 0; n < AUDIO_SLOTS; n++) this.#line("audio", { direction: "recvonly" });
    for (let n = 0; n < VIDEO_SLOTS; n++) this.#line("video", { direction: "recvonly" });
    this.#connection.onconnectionstatechange = () => {
      const state = this.#connection.connectionState;
      if (state === "disconnected") this.restart();
      else if (state === "failed") lost();
    };
  }

  /** Or may flow again by itself: what was negotiated is still good. */
  get flows() {
    return ["connected", "disconnected"].includes(this.#connection.connectionState);
  }

  /** Offers, and takes the host's answer. */
  async connect(session) {
    this.#session = session;
    await this.#negotiate();
    await this.#limit("screen", { maxBitrate: SCREEN_BITRATE, maxFramerate: SCREEN_RATE });
    this.#buffer = new Buffer(this.#connection);
  }

  /** Another way to the host, by whatever network there is now (ICE restart): what still flows goes on meanwhile. */
  async restart() {
    if (this.#restarting || !this.#session) return;
    this.#restarting = true;
    try {
      this.#connection.restartIce();
      await this.#negotiate();
    } catch {
      // Refused, or the socket is away too: if no path comes back by itself, the connection fails and says so.
    }
    await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
    this.#restarting = false;
    if (this.#connection.connectionState === "disconnected") await this.restart();
  }

  async #negotiate() {
    await this.#describe();
    const { sdp } = this.#connection.localDescription;
    const lines = Object.fromEntries(Object.entries(this.#lines).map(([kind, line]) => [line.mid, kind]));
    const answer = await this.#session.ask("offer", { sdp, lines }, "answer");
    await this.#connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  }

  /** Our offer.  Lost sound is asked for, too, which no browser offers by itself and Chromium does when it is told to. */
  async #describe() {
    const { type, sdp } = await this.#connection.createOffer();
    try {
      await this.#connection.setLocalDescription({ type, sdp: sdp.replace(OPUS_FEEDBACK, "$&\r\na=rtcp-fb:$1 nack") });
    } catch {
      await this.#connection.setLocalDescription(); // a browser that takes its own words only
    }
  }

  /** Another track, or none, on a sending line. */
  async send(kind, track) {
    await this.#lines[kind].sender.replaceTrack(track);
  }

  /**
   * Sends these layers of our own source and no others: the host knows which somebody looks at.  One after the other: a
   * browser refuses parameters that were read before an earlier change of them was done, and the host says it once.
   */
  want(kind, wanted) {
    this.#wanted = this.#wanted.catch(() => {}).then(() => this.#activate(kind, wanted));
    return this.#wanted;
  }

  async #activate(kind, wanted) {
    const { sender } = this.#lines[kind];
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = !encoding.rid || wanted.includes(encoding.rid);
    // A layer has one size: who has no room for it gets a smaller layer from the host, not a blurred large one.
    parameters.degradationPreference = "maintain-resolution";
    await sender.setParameters(parameters);
  }

  /** The track of a slot; null for one we never asked for. */
  track(mid) {
    return this.#connection.getTransceivers().find((line) => line.mid === mid)?.receiver.track ?? null;
  }

  /** Every audio slot's track: all are played, always. */
  audioTracks() {
    return this.#receiving().map((line) => line.receiver.track).filter((track) => track.kind === "audio");
  }

  get state() {
    return this.#connection.connectionState;
  }

  statistics() {
    return this.#connection.getStats();
  }

  close() {
    this.#session = null;
    this.#buffer?.close();
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  #receiving() {
    return this.#connection.getTransceivers().filter((line) => line.direction === "recvonly");
  }

  #sending(kind, track, more = {}) {
    return this.#line(track ?? kind, { direction: "sendonly", ...more }, kind);
  }

  #line(what, init, kind = what) {
    const line = this.#connection.addTransceiver(what, init);
    const known = RTCRtpReceiver.getCapabilities(kind).codecs;
    const shown = (codec) => init.direction === "recvonly" && BASELINE.test(codec.sdpFmtpLine ?? "");
    const ours = known.filter((codec) => CODECS[kind].includes(codec.mimeType.toLowerCase()) || shown(codec));
    if (init.direction === "sendonly") ours.sort((one, other) => repeats(other) - repeats(one));
    line.setCodecPreferences?.(ours);
    return line;
  }

  async #limit(kind, limits) {
    const { sender } = this.#lines[kind];
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings ?? []) Object.assign(encoding, limits);
    if (parameters.encodings?.length) await sender.setParameters(parameters);
  }
}

const repeats = (codec) => codec.mimeType.toLowerCase() === REPEATED;

/** Each layer halves the one above; of a small camera the largest have no names to lose. */
function encodings(camera) {
  const height = camera?.getSettings().height ?? Infinity;
  const count = height >= THREE_LAYERS_FROM ? 3 : height >= TWO_LAYERS_FROM ? 2 : 1;
  return LAYERS.slice(0, count).map((layer, n) => ({ ...layer, scaleResolutionDownBy: 2 ** (count - 1 - n) }));
}

/** Asks for a screen; null when the person chose none.  `ended` is called when sharing is stopped outside the page. */
export async function captureScreen(ended) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: SCREEN_RATE } }, audio: true });
  } catch {
    return null;
  }
  const [picture] = stream.getVideoTracks();
  picture.contentHint = "detail";
  picture.onended = ended;
  return { picture, sound: stream.getAudioTracks()[0] ?? null };
}
