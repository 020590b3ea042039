// A host within the page, for tests of what the page does with each message: it answers `join` and `offer`, writes down
// what it is told, and says what a test tells it to say.  Sockets can be cut.

window.host = {
  said: [], // by the page
  sockets: 0,
  lobby: false,
  cut() {
    this.live.readyState = 3;
    this.live.onclose?.();
  },
  tell(message) {
    this.live.onmessage?.({ data: JSON.stringify({ seq: ++this.seq, ...message }) });
  },
  last(type) {
    return this.said.filter((message) => message.type === type).at(-1) ?? null;
  },
  seq: 0,
  heard: 0,
};

const YOU = { id: "p2", name: "Ana", role: "member", client: "browser", order: 1, emotions: "off", analysed: false, microphone: false, camera: false, captions: "unasked", connected: true };
const BEN = { ...YOU, id: "p1", name: "Ben", role: "host", order: 0, microphone: true };
const WELCOME = {
  type: "welcome", protocol: 1, you: "p2", meeting: { id: "m", title: "Pretended", code: "ABCDEFGH" }, roster: [BEN, YOU],
  captions: { on: true, available: true, model: "", sentence: "" }, policy: { chat: true, private_chat: true, files: true, emotions: "off" }, emotions: { limit: "everyone", available: true }, key: "k".repeat(24), now: 0,
};

window.WebSocket = class {
  static OPEN = 1;
  readyState = 0;

  constructor() {
    window.host.live = this;
    window.host.sockets++;
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  async send(text) {
    const message = JSON.parse(text);
    window.host.said.push(message);
    if (!["join", "resume", "ping"].includes(message.type)) window.host.heard++;
    await new Promise((resolve) => setTimeout(resolve)); // no answer comes before the sender has asked
    if (message.type === "join") window.host.tell(window.host.lobby ? { type: "waiting", you: "p2", title: "Pretended", sentence: "" } : WELCOME);
    else if (message.type === "resume") window.host.tell({ type: "resumed", you: "p2", media: message.media, heard: window.host.heard, now: 1 });
    else if (message.type === "ping") window.host.tell({ type: "pong", n: message.n, heard: window.host.heard, now: 1 });
    else if (message.type === "media") window.host.tell({ type: "changed", participant: { ...YOU, microphone: message.microphone, camera: message.camera, screen: message.screen } });
    else if (message.type === "offer") await answer(message);
  }

  close() {
    this.readyState = 3;
  }
};

async function answer({ sdp }) {
  window.far?.close();
  window.far = new RTCPeerConnection();
  await window.far.setRemoteDescription({ type: "offer", sdp });
  await window.far.setLocalDescription();
  while (window.far.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 20));
  window.host.tell({ type: "answer", sdp: window.far.localDescription.sdp, slots: [] });
}

const realFetch = window.fetch;
window.fetch = (path, init) => {
  if (!String(path).startsWith("/api/")) return realFetch(path, init);
  window.host.said.push({ type: `${init.method} ${path}`, range: init.headers["Content-Range"] ?? "", body: init.body?.size ?? init.body });
  const reply = String(path).endsWith("/join") ? { token: "t", session: "/session" } : {};
  return Promise.resolve(new Response(JSON.stringify(reply), { status: 200 }));
};
window.host.welcome = WELCOME;
window.host.ben = BEN;
window.host.you = YOU;
