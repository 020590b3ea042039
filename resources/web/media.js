// Microphone, camera and the one peer connection.  Lines are negotiated once: two that send, thirteen slots that receive.

const AUDIO_SLOTS = 4;
const VIDEO_SLOTS = 9;
// The forwarder forwards Opus and VP8; a short offer also stays far below the protocol's limit.
const CODECS = { audio: ["audio/opus"], video: ["video/vp8", "video/rtx"] };
// What it may show besides, from cameras that have no VP8: the H264 that every decoder takes.
const BASELINE = /packetization-mode=1.*profile-level-id=42e0/;
const CAMERA = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 24, max: 30 } };
// Three sizes of one picture at once (sfu/wire, section 4), smallest first, as Chromium wants them.
const LAYERS = [
  { rid: "l", maxBitrate: 200_000 },
  { rid: "m", maxBitrate: 600_000 },
  { rid: "h", maxBitrate: 1_500_000 },
];
const TWO_LAYERS_FROM = 270;
const THREE_LAYERS_FROM = 540;

/** What this computer can capture: `microphone` and `camera` are tracks or null. */
export class Devices {
  microphone = null;
  camera = null;
  refused = false;

  async open() {
    await this.#take({ audio: { echoCancellation: true, noiseSuppression: true }, video: CAMERA });
    if (!this.microphone) await this.#take({ audio: true });
    if (!this.camera) await this.#take({ video: CAMERA });
  }

  close() {
    this.microphone?.stop();
    this.camera?.stop();
  }

  async #take(constraints) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      this.microphone ??= stream.getAudioTracks()[0] ?? null;
      this.camera ??= stream.getVideoTracks()[0] ?? null;
    } catch (error) {
      this.refused ||= error.name === "NotAllowedError";
    }
  }
}

export class Media {
  #connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  #microphone;
  #camera;

  /** `lost` is called once if the connection fails. */
  constructor(devices, lost) {
    this.#microphone = this.#sendonly("audio", devices.microphone);
    this.#camera = this.#sendonly("video", devices.camera, encodings(devices.camera));
    for (let n = 0; n < AUDIO_SLOTS; n++) this.#line("audio", { direction: "recvonly" });
    for (let n = 0; n < VIDEO_SLOTS; n++) this.#line("video", { direction: "recvonly" });
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === "failed") lost();
    };
  }

  /** Offers, and takes the host's answer. */
  async connect(session) {
    await this.#connection.setLocalDescription();
    const { sdp } = this.#connection.localDescription;
    const lines = { [this.#microphone.mid]: "microphone", [this.#camera.mid]: "camera" };
    const answer = await session.ask("offer", { sdp, lines }, "answer");
    await this.#connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  }

  /** Sends these layers of the camera and no others: the host knows which somebody looks at. */
  async sendLayers(wanted) {
    const parameters = this.#camera.sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = !encoding.rid || wanted.includes(encoding.rid);
    await this.#camera.sender.setParameters(parameters);
  }

  /** The track of a slot; null for one we never asked for. */
  track(mid) {
    return this.#connection.getTransceivers().find((line) => line.mid === mid)?.receiver.track ?? null;
  }

  /** Every audio slot's track: all are played, always. */
  audioTracks() {
    const slots = this.#connection.getTransceivers().filter((line) => line.currentDirection === "recvonly");
    return slots.map((line) => line.receiver.track).filter((track) => track.kind === "audio");
  }

  statistics() {
    return this.#connection.getStats();
  }

  close() {
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  #sendonly(kind, track, sendEncodings = []) {
    return this.#line(track ?? kind, { direction: "sendonly", sendEncodings }, kind);
  }

  #line(what, init, kind = what) {
    const line = this.#connection.addTransceiver(what, init);
    const known = RTCRtpReceiver.getCapabilities(kind).codecs;
    const shown = (codec) => init.direction === "recvonly" && BASELINE.test(codec.sdpFmtpLine ?? "");
    line.setCodecPreferences(known.filter((codec) => CODECS[kind].includes(codec.mimeType.toLowerCase()) || shown(codec)));
    return line;
  }
}

/** Each layer halves the one above; of a small camera the largest have no names to lose. */
function encodings(camera) {
  const height = camera?.getSettings().height ?? Infinity;
  const count = height >= THREE_LAYERS_FROM ? 3 : height >= TWO_LAYERS_FROM ? 2 : 1;
  return LAYERS.slice(0, count).map((layer, n) => ({ ...layer, scaleResolutionDownBy: 2 ** (count - 1 - n) }));
}
