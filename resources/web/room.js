// What this page knows of the meeting.  Plain data and rules; draws nothing, sends nothing.

const SPEAKER_PRIORITY = 6;
const OTHER_PRIORITY = 4;
const LARGE_PRIORITY = 9;
const LINES_KEPT = 4;
const TRANSCRIPT_KEPT = 2000;

export const CAMERA = "camera";
export const SCREEN = "screen";

export class Room {
  people = new Map();
  speaking = [];
  shows = new Map(); // mid -> source
  policy = {};
  lobby = [];
  lines = []; // caption segments of the bar, oldest first
  transcript = []; // final segments, by time
  english = null; // the newest translation, with its segment
  chat = [];
  files = new Map();

  constructor(welcome) {
    this.welcomed(welcome);
  }

  /** Also after joining again: the roster is new, what was said stays. */
  welcomed(welcome) {
    this.you = welcome.you;
    this.title = welcome.meeting.title;
    this.captions = welcome.captions;
    this.policy = welcome.policy ?? {};
    this.emotions = welcome.emotions ?? { limit: "off" };
    this.recording = welcome.recording ?? { phase: "off" };
    this.checks = welcome.checks ?? { possible: false };
    this.keepsFiles = this.policy.files !== undefined; // a host that knows nothing of files has no rule about them
    this.people = new Map(welcome.roster.map((person) => [person.id, person]));
    this.speaking = [];
    this.shows = new Map();
    this.lobby = [];
  }

  get me() {
    return this.people.get(this.you);
  }

  get others() {
    return [...this.people.values()].filter((person) => person.id !== this.you);
  }

  /** Host and co-hosts. */
  get runs() {
    return ["host", "co_host"].includes(this.me?.role);
  }

  /** Whether a check of this person's camera may be asked for. */
  mayCheck(person) {
    const allowed = this.policy.checks === "anyone" || (this.policy.checks === "host" && this.runs);
    return allowed && this.checks.possible === true && person.id !== this.you && person.camera === true;
  }

  /** Guests may write to host and co-hosts only; who cannot read gets no letters. */
  mayWriteTo(person) {
    if (person.id === this.you || ["stream", "player"].includes(person.client)) return false;
    if (this.runs) return true;
    const hosts = ["host", "co_host"].includes(person.role);
    return this.policy.private_chat === true && (this.me?.role !== "guest" || hosts);
  }

  /** Whom host or co-hosts want everybody to see large; their id, or null. */
  get spotlit() {
    return this.others.find((person) => person.spotlight)?.id ?? null;
  }

  /** The slot that shows this source now, or null. */
  slotOf(source) {
    for (const [mid, shown] of this.shows) if (shown === source) return mid;
    return null;
  }

  /** Raised hands, the earliest first; as [participant, place from 1]. */
  hands() {
    const raised = [...this.people.values()].filter((person) => typeof person.hand === "number");
    return new Map(raised.sort((a, b) => a.hand - b.hand).map((person, n) => [person.id, n + 1]));
  }

  /** Everything that could be a tile, screens first, then in join order: nobody moves because somebody speaks. */
  sources() {
    const people = [...this.people.values()].sort((a, b) => a.order - b.order);
    const screens = people.filter((person) => person.screen && person.id !== this.you);
    return [...screens.map((person) => ({ person, kind: SCREEN })), ...people.map((person) => ({ person, kind: CAMERA }))];
  }

  /** What to ask the host for: `tiles` are {source, width, height, large} as they are on screen, in pixels. */
  views(tiles) {
    const mine = `${this.you}/`;
    const on = tiles.filter(({ source }) => !source.startsWith(mine) && this.#sends(source));
    return on.map(({ source, width, height, large }) => ({
      source, width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)), priority: this.#priority(source, large),
    }));
  }

  #sends(source) {
    const [id, kind] = source.split("/");
    return this.people.get(id)?.[kind] === true;
  }

  #priority(source, large) {
    if (large) return LARGE_PRIORITY;
    return this.speaking.includes(source.split("/")[0]) ? SPEAKER_PRIORITY : OTHER_PRIORITY;
  }

  /** A segment keeps its place; one that was taken back disappears; a final one is in the transcript, as are remarks. */
  caption(heard) {
    const at = this.lines.findIndex((line) => line.segment === heard.segment);
    const empty = !heard.committed && !heard.tail;
    if (heard.remark) return this.#enter(heard);
    if (at >= 0) this.lines.splice(at, 1, ...(empty ? [] : [heard]));
    else if (!empty) this.lines.push(heard);
    this.lines = this.lines.slice(-LINES_KEPT);
    if (heard.final && !empty) this.#enter(heard);
  }

  #enter(caption) {
    const kept = this.transcript.filter((line) => line.segment !== caption.segment);
    kept.push(caption);
    this.transcript = kept.sort((a, b) => a.start - b.start).slice(-TRANSCRIPT_KEPT);
  }

  /** In English, by a machine, after the final; some never come. */
  translate({ segment, text }) {
    this.transcript = this.transcript.map((line) => (line.segment === segment ? { ...line, english: text } : line));
    if (this.lines.some((line) => line.segment === segment)) this.english = { segment, text };
  }

  /** The newest translation of what still stands in the bar. */
  get translation() {
    return this.lines.some(({ segment }) => segment === this.english?.segment) ? this.english.text : "";
  }

  correct({ segment, text }) {
    this.transcript = this.transcript
      .map((line) => (line.segment === segment ? { ...line, committed: text, corrected: true } : line))
      .filter((line) => line.committed !== "");
  }

  history({ chat = [], files = [], captions = [] }) {
    for (const message of chat) this.said(message);
    for (const file of files) this.files.set(file.id, file);
    for (const caption of captions) if (caption.committed) this.#enter(caption);
  }

  said(message) {
    if (!this.chat.some((other) => other.id === message.id)) this.chat.push(message);
    this.chat.sort((a, b) => a.id - b.id);
  }

  deleted(id) {
    this.chat = this.chat.map((message) => (message.id === id ? { ...message, text: "", deleted: true } : message));
  }
}
