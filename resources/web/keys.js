// Everything by keyboard.  Ctrl (Cmd on a Mac) with a letter, as in the desktop program; none is one letter alone.  Some
// of these a browser keeps for itself (Ctrl+Shift+T, Ctrl+Shift+Q), so Alt+Shift with the letter does the same.

import { $ } from "./parts.js";

const REGIONS = ["corner", "tiles", "pane", "controls"];
const FOCUSABLE = "button:not(:disabled):not([hidden]), input, select, textarea, [tabindex='0']";

/** `acts` are called by letter, those with Shift as "shift+h"; `talk(down)` while Space is held; `close()` by Escape. */
export function listen({ inMeeting, acts, talk, close }) {
  document.addEventListener("keydown", (event) => {
    if (!inMeeting()) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
    else if (event.key === "F6") turn(event, event.shiftKey ? -1 : 1);
    else if (event.code === "Space" && !event.repeat) talk(event, true);
    else press(event, acts);
  });
  document.addEventListener("keyup", (event) => event.code === "Space" && talk(event, false));
  $("tiles").addEventListener("keydown", amongTiles);
}

function press(event, acts) {
  const letter = event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
  const instead = event.altKey && event.shiftKey && !event.ctrlKey;
  const usual = !event.altKey && (event.ctrlKey || event.metaKey);
  const act = (usual && acts[(event.shiftKey ? "shift+" : "") + letter]) || (instead && (acts[`shift+${letter}`] ?? acts[letter]));
  if (!act || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
}

/** The next part of the screen. */
function turn(event, by) {
  event.preventDefault();
  const there = REGIONS.map($).filter((region) => first(region));
  const at = there.findIndex((region) => region.contains(document.activeElement));
  first(there[at < 0 ? 0 : (at + by + there.length) % there.length])?.focus();
}

const first = (region) => [...region.querySelectorAll(FOCUSABLE)].find((one) => one.offsetParent !== null);

function amongTiles(event) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const tiles = [...$("tiles").querySelectorAll("button")];
  const at = tiles.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  tiles[(at + by + tiles.length) % tiles.length].focus();
}
