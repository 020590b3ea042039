// The page from the first word to the last: name, devices, notice, meeting, farewell.

import { Call } from "./call.js";
import { Devices } from "./media.js";
import { Refused } from "./session.js";
import { text, translate } from "./strings.js";
import { inform } from "./statistics.js";
import { View } from "./view.js";

// A forwarder that died is back within two seconds, a Wi-Fi handover takes about as long.
const PAUSES_MS = [1500, 1500, 3000, 5000, 8000];

const $ = (id) => document.getElementById(id);
const view = new View();
const wishes = { microphone: true, camera: true, captionsShown: true, consent: false };
let devices = null;
let call = null;
let who = null;

translate(document);
$("code").value = location.pathname.match(/^\/j\/([^/]+)$/)?.[1] ?? "";
$("name").focus();
inform(() => call);

$("join-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  who = { name: $("name").value, code: $("code").value };
  const submit = event.target.querySelector("button");
  submit.disabled = true;
  submit.textContent = text("connecting");
  await enter();
  submit.disabled = false;
  submit.textContent = text("join");
});

async function enter() {
  view.refuse("");
  try {
    wishes.consent = await askConsent();
    devices = new Devices();
    await devices.open();
    await meet();
  } catch (error) {
    devices?.close();
    if (!(error instanceof Refused)) throw error;
    view.refuse(error.message);
  }
}

async function meet() {
  const joining = new Call(view, devices, wishes, over);
  await joining.join(who.code, who.name);
  call = joining;
  view.show("meeting");
  view.banner(missing());
}

function missing() {
  if (devices.refused) return text("allow_devices");
  if (!devices.microphone && !devices.camera) return text("no_devices");
  return devices.camera ? "" : text("no_camera");
}

/** The stay is over; if the host was only lost, it is tried again for a while. */
async function over(reason, lost) {
  call = null;
  if (lost && (await meetAgain())) return;
  devices.close();
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

const press = {
  microphone: () => toggle("microphone", () => call?.tellMedia()),
  camera: () => toggle("camera", () => call?.tellMedia()),
  "show-captions": () => toggle("captionsShown"),
  consent: () => toggle("consent", () => call?.tellConsent()),
  leave: () => call?.leave(),
};
for (const [id, act] of Object.entries(press)) $(id).addEventListener("click", act);
$("again").addEventListener("click", () => {
  view.show("entrance");
  $("name").focus();
});

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!call || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const act = event.shiftKey ? { c: press["show-captions"] }[key] : { d: press.microphone, e: press.camera }[key];
  if (!act) return;
  event.preventDefault();
  act();
});
