// Where tiles go.  Pure numbers: pixels in, pixels out.

const WIDEST = 16 / 9;
const TALLEST = 6 / 5;
const TALLEST_NARROW = 1;
const NARROW = 720;
const SMALLEST = 140;
// A receiving client has nine slots for pictures; whoever else is on a page shows initials.
const MOST_ON_PAGE = 12;
const SWITCH_AFTER_MS = 2000;
const HOLD_MS = 4000;

export const isNarrow = (width) => width < NARROW;

/** The largest tiles that fit: {width, height, perPage}. */
export function gallery(count, width, height, gap) {
  const tallest = isNarrow(width) ? TALLEST_NARROW : TALLEST;
  for (let shown = Math.min(count, MOST_ON_PAGE); shown > 1; shown--) {
    const tile = best(shown, width, height, gap, tallest);
    if (tile.width >= SMALLEST) return { ...tile, perPage: shown };
  }
  return { ...best(1, width, height, gap, tallest), perPage: 1 };
}

function best(count, width, height, gap, tallest) {
  let found = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const room = { width: (width - gap * (columns - 1)) / columns, height: (height - gap * (rows - 1)) / rows };
    const tile = clamped(room, tallest);
    if (tile.width * tile.height > found.width * found.height) found = tile;
  }
  return found;
}

function clamped({ width, height }, tallest) {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  if (width / height > WIDEST) return { width: Math.floor(height * WIDEST), height: Math.floor(height) };
  if (width / height < tallest) return { width: Math.floor(width), height: Math.floor(width / tallest) };
  return { width: Math.floor(width), height: Math.floor(height) };
}

/** Who has the large place: a pin wins, then a shared screen, then whom the hosts show to all, then who speaks for a while. */
export class Spotlight {
  pinned = null;
  #current = null;
  #since = 0;
  #candidate = null;
  #candidateSince = 0;

  heard(speaking, now) {
    const [loudest = null] = speaking;
    if (loudest !== this.#candidate) [this.#candidate, this.#candidateSince] = [loudest, now];
    this.#consider(now);
  }

  /** The source with the large place; `sources` as in Room.sources, `spotlit` somebody's id or null. */
  source(sources, { you, spotlit }, now) {
    this.#consider(now);
    const names = sources.map(({ person, kind }) => `${person.id}/${kind}`);
    if (names.includes(this.pinned)) return this.pinned;
    const screen = names.find((name) => name.endsWith("/screen"));
    const speaker = names.includes(`${this.#current}/camera`) && this.#current !== you ? `${this.#current}/camera` : null;
    const other = names.find((name) => !name.startsWith(`${you}/`));
    const shown = names.find((name) => name === `${spotlit}/camera`);
    return screen ?? shown ?? speaker ?? other ?? names[0] ?? null;
  }

  #consider(now) {
    const steady = this.#candidate !== null && now - this.#candidateSince >= SWITCH_AFTER_MS;
    const held = this.#current === null || now - this.#since >= HOLD_MS;
    if (this.#candidate !== null && (this.#current === null || (steady && held)) && this.#candidate !== this.#current) {
      [this.#current, this.#since] = [this.#candidate, now];
    }
  }
}
