// Microphone, camera and the one peer connection.  Lines are negotiated once: two that send, thirteen slots that receive.

const AUDIO_SLOTS = 4;
const VIDEO_SLOTS = 9;
// The forwarder forwards Opus and VP8; a short offer also stays far below the protocol's limit.
const CODECS = { audio: ["audio/opus"], video: ["video/vp8", "video/rtx"] };
const CAMERA = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } };
const CAMERA_BITRATE = 800_000;

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
    this.#camera = this.#sendonly("video", devices.camera);
    for (let n = 0; n < AUDIO_SLOTS; n++) this.#line("audio", "recvonly");
    for (let n = 0; n < VIDEO_SLOTS; n++) this.#line("video", "recvonly");
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
    await this.#limitCamera();
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

  #sendonly(kind, track) {
    return this.#line(track ?? kind, "sendonly", kind);
  }

  #line(what, direction, kind = what) {
    const line = this.#connection.addTransceiver(what, { direction });
    const known = RTCRtpReceiver.getCapabilities(kind).codecs;
    line.setCodecPreferences(known.filter((codec) => CODECS[kind].includes(codec.mimeType.toLowerCase())));
    return line;
  }

  async #limitCamera() {
    const parameters = this.#camera.sender.getParameters();
    for (const encoding of parameters.encodings) encoding.maxBitrate = CAMERA_BITRATE;
    await this.#camera.sender.setParameters(parameters);
  }
}
