// The session protocol (sfu/wire): one POST for a token, then typed messages on a WebSocket.  A socket that is lost is
// replaced and what either side missed comes after; the media does not notice.  Knows messages, not media or the page.

import { text } from "./strings.js";

const PROTOCOL = 1;
// The host keeps a lost client's place for half a minute.
const RESUME_FOR_MS = 25_000;
const PAUSES_MS = [100, 300, 600, 1000, 2000];
const ANSWER_MS = 15_000;
// A socket that only looks open: three unanswered pings.
const PING_MS = 2500;
const SILENCE_MS = 3 * PING_MS;

/** Something a person can act on; `message` is the sentence to show. */
export class Refused extends Error {
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

export class Session {
  /** Joins and waits for `welcome`, which may take as long as the lobby does.  `told` has heard, waiting, broken, lost. */
  static async join({ code, name, passcode }, told) {
    const token = await askForToken(code, name, passcode);
    const session = new Session(told);
    try {
      await session.#open({ type: "join", protocol: PROTOCOL, token, client: "browser", version: "" });
      session.welcome = await session.#expect("welcome", 0);
    } catch (error) {
      session.close();
      throw error;
    }
    session.#heardAt = performance.now();
    session.#pulse = setInterval(() => session.#ping(), PING_MS);
    return session;
  }

  #socket = null;
  #told;
  #waiting = new Map();
  #seen = 0;
  #said = 0;
  #unheard = []; // [number, frame, again] of what was said and not yet said to have arrived
  #closed = false;
  #resuming = false;
  #pulse = 0;
  #pings = 0;
  #heardAt = 0;

  constructor(told) {
    this.#told = told;
  }

  /** While there is no socket it waits for the next; but an offer is of its moment. */
  say(type, fields = {}) {
    const frame = JSON.stringify({ type, ...fields });
    const open = !this.#resuming && this.#socket?.readyState === WebSocket.OPEN;
    const again = type !== "offer";
    if (type !== "ping" && (open || again)) this.#unheard.push([++this.#said, frame, again]);
    if (open) this.#socket.send(frame);
  }

  #arrived(heard) {
    this.#unheard = this.#unheard.filter(([number]) => number > heard);
  }

  #sayAgain(heard) {
    this.#arrived(heard);
    const missing = this.#unheard.filter(([, , again]) => again);
    this.#unheard = missing.map(([, frame], n) => [heard + n + 1, frame, true]);
    this.#said = heard + missing.length;
    for (const [, frame] of missing) this.#socket.send(frame);
  }

  /** Sends and waits for the answer of type `answer`; a refusal meanwhile is thrown. */
  ask(type, fields, answer) {
    const answered = this.#expect(answer, ANSWER_MS);
    this.say(type, fields);
    return answered;
  }

  close() {
    this.#closed = true;
    clearInterval(this.#pulse);
    this.say("leave");
    this.#socket?.close();
    this.#refuseAll(new Refused("left", text("you_left")));
  }

  async #open(first) {
    const socket = new WebSocket(`wss://${location.host}/session`);
    this.#socket = socket;
    socket.onmessage = (event) => this.#received(JSON.parse(event.data));
    const opened = this.#expect("open", ANSWER_MS);
    socket.onopen = () => this.#settle("open", null);
    socket.onclose = () => this.#gone(socket);
    await opened;
    socket.send(JSON.stringify(first));
  }

  #expect(type, within) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(type, { resolve, reject });
      if (within > 0) setTimeout(() => reject(new Refused("host_unreachable", text("no_host"))), within);
    });
  }

  #settle(type, value) {
    const awaited = this.#waiting.get(type);
    this.#waiting.delete(type);
    awaited?.resolve(value);
    return awaited !== undefined;
  }

  #received(message) {
    this.#heardAt = performance.now();
    if (typeof message.seq === "number") this.#seen = Math.max(this.#seen, message.seq);
    if (message.type === "waiting") this.#told.waiting?.(message);
    else if (message.type === "error" && message.fatal && this.#waiting.size > 0) this.#refuseAll(refused(message));
    else if (message.type === "error" && this.#waiting.has("answer")) this.#refuseAll(refused(message));
    else if (message.type === "pong") this.#arrived(message.heard);
    else if (!this.#settle(message.type, message)) this.#told.heard(message);
  }

  #ping() {
    if (this.#resuming) return;
    if (performance.now() - this.#heardAt > SILENCE_MS) this.#gone(this.#socket);
    else this.say("ping", { n: ++this.#pings });
  }

  #gone(socket) {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = null;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.#refuseAll(new Refused("host_unreachable", text("no_host")));
    if (!this.welcome || this.#resuming) return;
    this.#told.broken();
    this.#resume();
  }

  async #resume() {
    this.#resuming = true;
    const until = performance.now() + RESUME_FOR_MS;
    for (let attempt = 0; !this.#closed && performance.now() < until; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]));
      try {
        if (await this.#resumed()) return;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code !== "host_unreachable") break; // the host says that our place is gone
      }
    }
    this.#resuming = false;
    clearInterval(this.#pulse);
    if (!this.#closed) this.#told.lost();
  }

  async #resumed() {
    if (!this.welcome.key) throw new Refused("gone", text("host_lost"));
    const { you: participant, key } = this.welcome;
    const media = this.#told.mediaFlows();
    await this.#open({ type: "resume", protocol: PROTOCOL, participant, key, seen: this.#seen, media });
    const answer = await this.#expect("resumed", ANSWER_MS);
    this.#sayAgain(answer.heard);
    this.#resuming = false;
    this.#told.resumed(answer);
    return true;
  }

  #refuseAll(error) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

const refused = (message) => new Refused(message.code, message.sentence);

async function askForToken(code, name, passcode) {
  let response;
  try {
    response = await fetch(`/api/meetings/${encodeURIComponent(code)}/join`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(passcode ? { name, passcode } : { name }),
    });
  } catch {
    throw new Refused("host_unreachable", text("no_host"));
  }
  const reply = await response.json();
  if (!response.ok) throw new Refused(reply.code, reply.detail);
  return reply.token;
}
