// What this page knows of the meeting.  Plain data and rules; draws nothing, sends nothing.

const MAX_VIEWS = 9;
const SPEAKER_PRIORITY = 6;
const OTHER_PRIORITY = 4;
const LINES_KEPT = 4;

export class Room {
  people = new Map();
  speaking = [];
  shows = new Map(); // mid -> source
  captions = { on: false, available: false, sentence: "" };
  lines = []; // caption segments, oldest first

  constructor(welcome) {
    this.you = welcome.you;
    this.title = welcome.meeting.title;
    this.captions = welcome.captions;
    for (const person of welcome.roster) this.people.set(person.id, person);
  }

  get others() {
    return [...this.people.values()].filter((person) => person.id !== this.you);
  }

  /** The slot that shows this source now, or null. */
  slotOf(source) {
    for (const [mid, shown] of this.shows) if (shown === source) return mid;
    return null;
  }

  /** What to ask the host for: cameras that are on, those who speak first. */
  views(width, height) {
    const rank = (person) => (this.speaking.includes(person.id) ? 0 : 1);
    const visible = this.others.filter((person) => person.camera).sort((a, b) => rank(a) - rank(b) || a.order - b.order);
    return visible.slice(0, MAX_VIEWS).map((person) => ({
      source: `${person.id}/camera`,
      width,
      height,
      priority: rank(person) === 0 ? SPEAKER_PRIORITY : OTHER_PRIORITY,
    }));
  }

  /** A segment keeps its place; one that was taken back disappears. */
  caption(heard) {
    const at = this.lines.findIndex((line) => line.segment === heard.segment);
    const empty = !heard.committed && !heard.tail;
    if (at >= 0) this.lines.splice(at, 1, ...(empty ? [] : [heard]));
    else if (!empty) this.lines.push(heard);
    this.lines = this.lines.slice(-LINES_KEPT);
  }
}
