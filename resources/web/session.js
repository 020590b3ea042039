// The session protocol (sfu/wire): one POST for a token, then one WebSocket.  Knows messages, not media or the page.

import { text } from "./strings.js";

const PROTOCOL = 1;

/** Something a person can act on; `message` is the sentence to show. */
export class Refused extends Error {
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

export class Session {
  /** Joins and waits for `welcome`.  `heard` gets every later message, `lost` is called once if the socket dies. */
  static async join(code, name, heard, lost) {
    const token = await askForToken(code, name);
    const session = new Session(heard, lost);
    try {
      await session.#open(token);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  #socket;
  #heard;
  #lost;
  #waiting = new Map();

  constructor(heard, lost) {
    this.#heard = heard;
    this.#lost = lost;
  }

  say(type, fields = {}) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type, ...fields }));
  }

  /** Sends and waits for the answer of type `answer`; a refusal meanwhile is thrown. */
  ask(type, fields, answer) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(answer, { resolve, reject });
      this.say(type, fields);
    });
  }

  close() {
    this.#lost = () => {};
    this.say("leave");
    this.#socket.close();
  }

  async #open(token) {
    this.#socket = new WebSocket(`wss://${location.host}/session`);
    this.#socket.onmessage = (event) => this.#received(JSON.parse(event.data));
    this.#socket.onclose = () => this.#closed();
    await new Promise((resolve, reject) => {
      this.#socket.onopen = resolve;
      this.#waiting.set("open", { resolve, reject });
    });
    this.#waiting.delete("open");
    this.welcome = await this.ask("join", { protocol: PROTOCOL, token, client: "browser", version: "" }, "welcome");
  }

  #received(message) {
    const awaited = this.#waiting.get(message.type);
    if (awaited) {
      this.#waiting.delete(message.type);
      awaited.resolve(message);
    } else if (message.type === "error" && this.#waiting.size > 0) {
      this.#refuseAll(new Refused(message.code, message.sentence));
    } else {
      this.#heard(message);
    }
  }

  #closed() {
    this.#refuseAll(new Refused("host_unreachable", text("no_host")));
    this.#lost();
    this.#lost = () => {};
  }

  #refuseAll(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

async function askForToken(code, name) {
  let response;
  try {
    response = await fetch(`/api/meetings/${encodeURIComponent(code)}/join`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
  } catch {
    throw new Refused("host_unreachable", text("no_host"));
  }
  const reply = await response.json();
  if (!response.ok) throw new Refused(reply.code, reply.detail);
  return reply.token;
}
