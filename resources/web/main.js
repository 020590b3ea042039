// The page from the first word to the last: name, devices, notice, meeting, farewell.

import { Call } from "./call.js";
import { Entrance } from "./entrance.js";
import { listen } from "./keys.js";
import { spoken } from "./languages.js";
import { $ } from "./parts.js";
import { Refused } from "./session.js";
import { inform } from "./statistics.js";
import { switchLanguage, text, translate } from "./strings.js";
import { REACTIONS, View } from "./view.js";

// A host that was started again, or a network that came back: joined again for about half a minute.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000];
const NAME = "parley.name";

const view = new View();
const wishes = { microphone: true, camera: true, captionsShown: true, consent: false, speakerView: false, hand: false, spoken: "", translation: false, code: "" };
const entrance = new Entrance({
  chosen: (kind) => call?.deviceChanged(kind),
  speaker: (id) => view.playOn(id).catch(() => view.banner(text("device_refused"))),
});
let call = null;
let who = null;

speak();
$("code").value = location.pathname.match(/^\/j\/([^/]+)$/)?.[1] ?? "";
$("name").value = remembered();
($("name").value ? $("join-form").querySelector(".primary") : $("name")).focus();
inform(() => call);
entrance.draw();
// Asked at once where the browser already knows the answer; a first visitor is asked after pressing Join.
allowed().then((yes) => yes && entrance.open());

$("join-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  who = { name: $("name").value, code: $("code").value, passcode: $("passcode").value };
  keep(who.name);
  const submit = event.target.querySelector(".primary");
  submit.disabled = true;
  submit.textContent = text("connecting");
  await enter();
  submit.disabled = false;
  submit.textContent = text("join");
});

async function enter() {
  view.refuse("");
  wishes.microphone = $("start-microphone").checked;
  wishes.camera = $("start-camera").checked;
  wishes.code = who.code;
  try {
    const opened = entrance.open(); // while the notice is read
    wishes.consent = await askConsent();
    await opened;
    await meet();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    view.show("entrance");
    entrance.draw();
    if (error.code === "passcode_needed" || error.code === "bad_passcode") askPasscode();
    if (error.code !== "left") view.refuse(error.message);
  }
}

async function meet() {
  const joining = new Call(view, entrance.devices, wishes, over);
  await joining.join(who);
  call = joining;
  entrance.leave();
  entrance.movePickers($("settings-pickers"));
  view.show("meeting");
  view.banner(entrance.missing());
  call.draw();
}

function askPasscode() {
  $("passcode-field").hidden = false;
  $("passcode").focus();
}

/** The stay is over; if the host was only lost, it is tried again for a while. */
async function over(reason, lost) {
  call = null;
  if (lost && (await meetAgain())) return;
  entrance.close();
  view.farewell(reason);
}

async function meetAgain() {
  view.banner(text("host_gone"));
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      await meet();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return false;
}

/** The notice comes before any sound is sent.  Closing it in any other way means no. */
function askConsent() {
  const dialog = $("consent-dialog");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function toggle(wish, tell) {
  wishes[wish] = !wishes[wish];
  tell?.();
  call?.draw();
}

async function leave() {
  const leaving = call;
  if (leaving && (await view.ask(text("leave_sure"), "leave"))) leaving.leave();
}

const press = {
  microphone: () => toggle("microphone", () => call?.tellMedia()),
  camera: () => toggle("camera", () => call?.tellMedia()),
  screen: () => call?.toggleScreen(),
  hand: () => call?.toggleHand(),
  react: () => ($("reactions").open ? $("reactions").close() : $("reactions").showModal()),
  "show-captions": () => toggle("captionsShown"),
  consent: () => toggle("consent", () => call?.tellConsent()),
  "show-pane": () => view.panes.toggle(),
  more() {
    $("controls").classList.toggle("expanded");
    call?.draw();
  },
  layout: () => toggle("speakerView"),
  settings: () => $("settings-dialog").showModal(),
  leave,
};
for (const [id, act] of Object.entries(press)) $(id).addEventListener("click", act);
$("again").addEventListener("click", () => {
  entrance.movePickers(document.querySelector("#entrance .pickers"));
  view.show("entrance");
  entrance.open();
  $("name").focus();
});
$("language").addEventListener("click", () => {
  switchLanguage();
  speak();
  entrance.draw();
});
for (const [reaction, shown] of Object.entries(REACTIONS)) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = shown;
  button.dataset.label = reaction;
  button.addEventListener("click", () => {
    call?.session.say("react", { reaction });
    $("reactions").close();
  });
  $("reaction-list").append(button);
}
$("reactions").addEventListener("click", (event) => event.target === $("reactions") && $("reactions").close());
speak();

listen({
  inMeeting: () => call !== null,
  acts: {
    d: press.microphone, e: press.camera, f: () => view.panes.search(),
    "shift+h": press.hand, "shift+s": press.screen, "shift+c": press["show-captions"], "shift+q": leave, "shift+o": () => view.faces.toggle(),
    "shift+t": () => view.panes.toggle("transcript"), "shift+m": () => view.panes.toggle("chat"), "shift+p": () => view.panes.toggle("people"),
  },
  talk,
  close: () => $("pane").hidden || view.panes.toggle(),
});

let talking = false;

/** Space, held, opens a muted microphone; not while something has the focus that Space would press or write into. */
function talk(event, down) {
  const busy = document.querySelector("dialog[open]") || document.activeElement !== document.body;
  if (down ? busy || wishes.microphone || talking : !talking) return;
  event.preventDefault();
  talking = down;
  toggle("microphone", () => call?.tellMedia());
}

// Another network: looked for at once, not when the old one has been silent for long enough.
addEventListener("online", () => call?.media?.restart());
$("translation").addEventListener("change", ({ target }) => {
  wishes.translation = target.checked;
  call?.tellTranslation();
});
$("spoken").addEventListener("change", ({ target }) => {
  wishes.spoken = target.value;
  call?.tellSpoken();
});

addEventListener("pagehide", () => call?.session.say("leave"));

function speak() {
  translate(document);
  $("language").querySelector("span").textContent = text("other_language");
  $("spoken").replaceChildren(new Option(text("spoken_guessed"), ""), ...spoken().map(([code, name]) => new Option(name, code)));
  $("spoken").value = wishes.spoken;
}

async function allowed() {
  try {
    const states = await Promise.all(["camera", "microphone"].map((name) => navigator.permissions.query({ name })));
    return states.every(({ state }) => state === "granted");
  } catch {
    return false; // Firefox before 126 and Safari do not say
  }
}

function remembered() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return ""; // private windows may refuse
  }
}

function keep(name) {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // private windows may refuse; then the name is typed again next time
  }
}
