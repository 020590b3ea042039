// How long sound and pictures wait before they are played: hardly at all, and where packets get lost on the way, long
// enough for those that are sent again.  One measure for both: they wait for each other instead of drifting apart.

const LEAST_MS = 60;
// ITU-T G.114: with the way itself, talking stays possible.
const MOST_MS = 300;
const LOOK_MS = 1000;
const LOSSY = 0.01;
// Back to the least after so many looks without loss: coming and going would be heard.
const CALM_LOOKS = 30;

export class Buffer {
  #connection;
  #timer;
  #counted = { came: 0, lost: 0 };
  #calm = CALM_LOOKS;

  constructor(connection) {
    this.#connection = connection;
    this.#set(LEAST_MS);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  close() {
    clearInterval(this.#timer);
  }

  async #look() {
    const reports = [...(await this.#connection.getStats()).values()];
    const inbound = reports.filter((report) => report.type === "inbound-rtp");
    const sum = (name) => inbound.reduce((total, report) => total + (report[name] ?? 0), 0);
    const counted = { came: sum("packetsReceived"), lost: sum("packetsLost") + sum("nackCount") };
    const lost = counted.lost - this.#counted.lost;
    const lossy = lost > 1 && lost > LOSSY * (counted.came - this.#counted.came);
    this.#counted = counted;
    this.#calm = lossy ? 0 : this.#calm + 1;
    // Twice to be asked for and to come, for one in ten is lost again.
    if (lossy) this.#set(Math.min(MOST_MS, LEAST_MS + 2 * roundTrip(reports)));
    else if (this.#calm === CALM_LOOKS) this.#set(LEAST_MS);
  }

  #set(target) {
    for (const receiver of this.#connection.getReceivers()) {
      if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = target;
    }
  }
}

/** In milliseconds. */
function roundTrip(reports) {
  return 1000 * Math.max(0, ...reports.map((report) => (report.nominated && report.currentRoundTripTime) || 0));
}
