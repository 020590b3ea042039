// Who is here and who waits, what can be done with one person, and how the meeting is run.  The host checks every wish
// again; what is offered here is what it would grant.

import { $, action, button, fill } from "./parts.js";
import { text } from "./strings.js";

const RULES = ["lobby", "locked", "unmute", "screen", "chat", "private_chat", "files"];

export class People {
  #call = null;

  constructor() {
    const presses = {
      "mute-all": () => this.#say("mute"),
      "lower-hands": () => this.#say("lower_hands"),
      "admit-all": () => this.#say("admit"),
      "captions-for-all": () => this.#say("captions", { on: !this.#call.room.captions.on }),
      rules: () => this.#showRules(),
      end: () => this.#end(),
      "passcode-none": () => this.#say("passcode", { passcode: "" }),
    };
    for (const [id, act] of Object.entries(presses)) $(id).addEventListener("click", act);
    for (const rule of RULES) {
      $(`rule-${rule}`).addEventListener("change", ({ target }) => this.#say("policy", { [rule]: target.checked }));
    }
    $("rule-checks").addEventListener("change", ({ target }) => this.#say("policy", { checks: target.value }));
    $("allow-checks").addEventListener("change", ({ target }) => this.#say("allow_checks", { answer: target.value }));
    $("rule-guests").addEventListener("change", ({ target }) => this.#say("policy", { newcomers: target.checked ? "guest" : "member" }));
    $("glossary-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say("glossary", { terms: terms($("glossary").value) });
    });
    $("passcode-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say("passcode", { passcode: $("new-passcode").value });
      $("new-passcode").value = "";
    });
  }

  draw(call) {
    this.#call = call;
    const { room } = call;
    const hands = room.hands();
    const people = [...room.people.values()].sort((a, b) => (hands.get(a.id) ?? 1e6) - (hands.get(b.id) ?? 1e6) || a.order - b.order);
    const known = (person) => JSON.stringify([person, hands.get(person.id), room.me, room.policy]);
    fill($("people-list"), people, known, (person) => this.#line(person, hands.get(person.id)));
    fill($("lobby-list"), room.lobby, ({ id }) => id, (waiter) => this.#waiter(waiter));
    $("admit-all").hidden = room.lobby.length < 2;
    $("host-actions").hidden = !room.runs;
    $("allow-checks").parentElement.hidden = room.me?.checks === undefined;
    $("allow-checks").value = room.me?.checks ?? "ask";
    $("end").hidden = room.me?.role !== "host";
    $("captions-for-all").textContent = text(room.captions.on ? "captions_stop_all" : "captions_start_all");
    this.#drawRules(room);
    const shown = room.people.get($("person-dialog").dataset.person);
    if ($("person-dialog").open && !shown) $("person-dialog").close();
  }

  #showRules() {
    $("glossary").value = (this.#call.room.captions.glossary ?? []).join("\n");
    $("rules-dialog").showModal();
  }

  #drawRules({ policy, runs }) {
    for (const rule of RULES) $(`rule-${rule}`).checked = policy[rule] === true;
    $("rule-checks").parentElement.hidden = policy.checks === undefined; // a host that checks no cameras
    $("rule-checks").value = policy.checks ?? "off";
    $("rule-guests").checked = policy.newcomers === "guest";
    $("passcode-label").textContent = text(policy.passcode ? "passcode_is_set" : "passcode_new");
    $("passcode-none").hidden = !policy.passcode;
    if (!runs && $("rules-dialog").open) $("rules-dialog").close();
  }

  #line(person, hand) {
    const { room } = this.#call;
    const line = document.createElement("li");
    const [name, state] = [document.createElement("span"), document.createElement("span")];
    name.textContent = person.id === room.you ? text("you", person) : person.name;
    state.className = "quiet";
    const facts = [
      person.role === "member" ? "" : text(person.role), hand ? text("hand_number", { n: hand }) : "",
      person.microphone ? "" : text("muted"), person.away ? text("away") : "",
    ];
    state.textContent = facts.filter(Boolean).join(" · ");
    line.append(name, state);
    if (room.runs && person.id !== room.you) line.append(action(...this.#muting(person, "microphone")));
    line.append(action("ellipsis", text("more_about", person), () => this.#show(person.id)));
    return line;
  }

  #waiter(waiter) {
    const line = document.createElement("div");
    line.className = "waiter";
    const name = document.createElement("span");
    name.textContent = text("waits", waiter);
    const answers = [button(text("let_in"), () => this.#say("admit", { who: waiter.id })), button(text("not_now"), () => this.#say("deny", { who: waiter.id }))];
    line.append(name, ...answers);
    return line;
  }

  /** What can be done with one person, as a sheet: the same for mouse, keyboard and thumb. */
  #show(id) {
    const person = this.#call.room.people.get(id);
    const dialog = $("person-dialog");
    dialog.dataset.person = id;
    $("person-name").textContent = person.name;
    $("person-acts").replaceChildren(...this.#acts(person).map(([icon, label, act]) => button(label, () => {
      dialog.close();
      act();
    }, icon)));
    dialog.showModal();
  }

  #acts(person) {
    const { room, view } = this.#call;
    const pinned = view.spotlight.pinned === `${person.id}/camera`;
    const acts = [["pin", text(pinned ? "unpin" : "pin", person), () => view.pin(`${person.id}/camera`)]];
    const other = person.id !== room.you;
    if (room.mayWriteTo(person)) acts.push(["message-square", text("write_to", person), () => view.panes.writeTo(person.id)]);
    if (room.mayCheck(person)) acts.push(["scan-face", text("check_camera_of", person), () => this.#about("ask_check", person)]);
    if (!room.runs) return acts;
    if (other) acts.push(this.#muting(person, "microphone"), this.#muting(person, "camera"));
    if (other && typeof person.hand === "number") acts.push(["hand", text("lower_hand_of", person), () => this.#about("hand", person, { up: false })]);
    const large = person.spotlight ? null : person.id;
    acts.push(["spotlight", text(large ? "spotlight_on" : "spotlight_off", person), () => this.#say("spotlight", { participant: large })]);
    if (other && room.me.role === "host") acts.push(...this.#roles(person));
    if (other && person.role !== "host") acts.push(["user-x", text("remove_person", person), () => this.#remove(person)]);
    return acts;
  }

  #roles(person) {
    const helps = person.role === "co_host";
    return [
      ["user-cog", text(helps ? "co_host_no_more" : "make_co_host", person), () => this.#about("role", person, { role: helps ? "member" : "co_host" })],
      ["crown", text("make_host", person), async () => {
        if (await this.#call.view.ask(text("make_host_sure", person), "make_host_yes")) this.#about("role", person, { role: "host" });
      }],
    ];
  }

  /** Turned off by us, or asked for: nobody is ever turned on by others. */
  #muting(person, kind) {
    const camera = kind === "camera";
    const off = camera ? "stop_video_of" : "mute_person";
    const ask = camera ? "ask_video" : "ask_unmute";
    const icon = { true: camera ? "video-off" : "mic-off", false: camera ? "video" : "mic" }[person[kind]];
    return [icon, text(person[kind] ? off : ask, person), () => this.#about(person[kind] ? "mute" : "ask_unmute", person, { kind })];
  }

  async #remove(person) {
    const { view } = this.#call;
    if (await view.ask(text("remove_sure", person), "remove", "remove_bar")) this.#about("remove", person, { bar: view.ticked });
  }

  async #end() {
    if (await this.#call.view.ask(text("end_sure"), "end_meeting")) this.#say("end");
  }

  #about(type, person, fields = {}) {
    this.#say(type, { participant: person.id, ...fields });
  }

  #say(type, fields = {}) {
    this.#call.session.say(type, fields);
  }
}

/** One a line or between commas, each once. */
function terms(written) {
  return [...new Set(written.split(/[\n,，、]/).map((term) => term.trim()).filter(Boolean))];
}
