// The pane beside the stage: transcript, chat, people, files.  Everything that people wrote is shown as text.

import { shareFile, size } from "./files.js";
import { text } from "./strings.js";
import { colourOf } from "./view.js";

const TABS = ["transcript", "chat", "people", "files"];
const $ = (id) => document.getElementById(id);

export class Panes {
  #call = null;
  #unread = new Map();
  #tab = "transcript";
  #wanted = new Set(); // files that were asked for here

  constructor() {
    for (const tab of TABS) $(`tab-${tab}`).addEventListener("click", () => this.show(tab));
    $("tabs").addEventListener("keydown", (event) => this.#arrows(event));
    $("close-pane").addEventListener("click", () => this.toggle());
    $("search").addEventListener("input", () => this.#call && this.drawTranscript(this.#call.room));
    $("transcript-lines").addEventListener("scroll", () => this.#drawNewest());
    $("to-newest").addEventListener("click", () => toEnd($("transcript-lines")));
    $("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    $("chat-text").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    $("mute-all").addEventListener("click", () => this.#call.session.say("mute", {}));
    $("lower-hands").addEventListener("click", () => this.#call.session.say("lower_hands"));
    $("file-pick").addEventListener("change", () => this.#share());
  }

  toggle(tab = this.#tab) {
    if ($("pane").hidden || tab !== this.#tab) this.show(tab);
    else {
      $("pane").hidden = true;
      $("show-pane").focus();
    }
    this.#call?.draw();
  }

  show(tab) {
    this.#tab = tab;
    $("pane").hidden = false;
    this.#unread.delete(tab);
    for (const other of TABS) {
      $(other).hidden = other !== tab;
      $(`tab-${other}`).setAttribute("aria-selected", String(other === tab));
      $(`tab-${other}`).tabIndex = other === tab ? 0 : -1;
    }
    $(`tab-${tab}`).focus();
    this.#call?.draw();
  }

  /** Something new in a tab that nobody looks at. */
  unread(tab, sentence) {
    $("announcer").textContent = sentence;
    if ($("pane").hidden || this.#tab !== tab) this.#unread.set(tab, (this.#unread.get(tab) ?? 0) + 1);
  }

  draw(call) {
    this.#call = call;
    const { room } = call;
    for (const tab of TABS) {
      const count = this.#unread.get(tab);
      $(`tab-${tab}`).textContent = count ? `${text(tab)} (${count})` : text(tab);
    }
    $("show-pane").classList.toggle("news", [...this.#unread.values()].some(Boolean));
    this.#drawChat(room);
    this.#drawPeople(room);
    this.#drawFiles(room);
    this.drawTranscript(room);
  }

  // -- transcript ----------------------------------------------------------------------------------------------

  drawTranscript(room) {
    if ($("transcript").hidden || $("pane").hidden) return;
    const list = $("transcript-lines");
    const sought = $("search").value.trim().toLocaleLowerCase();
    const shown = sought ? room.transcript.filter((line) => `${line.name} ${line.committed}`.toLocaleLowerCase().includes(sought)) : room.transcript;
    const follow = isAtEnd(list);
    fill(list, shown, (line) => `${line.segment}:${line.committed}`, (line) => {
      const words = entry(line.name, colourOf(room.people.get(line.speaker)), clock(line.start), line.committed);
      if (line.language) words.lang = line.language;
      return words;
    });
    if (shown.length === 0) list.replaceChildren(note(text(sought ? "nothing_found" : "no_transcript")));
    if (follow) toEnd(list);
    this.#drawNewest();
  }

  #drawNewest() {
    $("to-newest").hidden = isAtEnd($("transcript-lines"));
  }

  // -- chat ----------------------------------------------------------------------------------------------------

  #drawChat(room) {
    const list = $("chat-lines");
    const follow = isAtEnd(list);
    fill(list, room.chat, (message) => `${message.id}:${message.deleted}`, (message) => this.#chatLine(message, room));
    if (room.chat.length === 0) list.replaceChildren(note(text("no_chat")));
    if (follow) toEnd(list);
    $("chat-form").hidden = room.policy.chat === false && !room.runs;
    this.#drawAddressees(room);
  }

  #chatLine(message, room) {
    const name = message.to ? text("privately", { name: message.name }) : message.name;
    const line = entry(name, colourOf(room.people.get(message.sender)), clock(message.at), message.deleted ? text("deleted") : message.text);
    line.classList.toggle("gone", message.deleted);
    if (!message.deleted && (message.sender === room.you || room.runs)) {
      line.append(action("trash-2", text("delete"), () => this.#call.session.say("delete_chat", { message: message.id })));
    }
    return line;
  }

  #drawAddressees(room) {
    const select = $("chat-to");
    const chosen = select.value;
    const people = room.policy.private_chat === false ? [] : room.others;
    fill(select, [{ id: "", name: text("everyone") }, ...people], ({ id, name }) => `${id}:${name}`, ({ id, name }) => {
      const option = document.createElement("option");
      option.value = id;
      option.textContent = name;
      return option;
    });
    select.value = people.some(({ id }) => id === chosen) ? chosen : "";
  }

  #say() {
    const words = $("chat-text").value.trim();
    if (!words || !this.#call) return;
    this.#call.session.say("chat", { reference: reference(), text: words, to: $("chat-to").value || null });
    $("chat-text").value = "";
  }

  // -- people --------------------------------------------------------------------------------------------------

  #drawPeople(room) {
    const hands = room.hands();
    const people = [...room.people.values()].sort((a, b) => (hands.get(a.id) ?? 1e6) - (hands.get(b.id) ?? 1e6) || a.order - b.order);
    const known = (person) => JSON.stringify([person, hands.get(person.id), room.runs, room.you]);
    fill($("people-list"), people, known, (person) => this.#personLine(person, room, hands.get(person.id)));
    fill($("lobby-list"), room.lobby, ({ id }) => id, (waiter) => this.#waiterLine(waiter));
    $("host-actions").hidden = !room.runs;
  }

  #personLine(person, room, hand) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = person.id === room.you ? text("you", person) : person.name;
    const state = document.createElement("span");
    state.className = "quiet";
    const facts = [
      person.role === "host" || person.role === "co_host" ? text(person.role) : "",
      hand ? text("hand_number", { n: hand }) : "", person.microphone ? "" : text("muted"), person.away ? text("away") : "",
    ];
    state.textContent = facts.filter(Boolean).join(" · ");
    line.append(name, state);
    if (room.runs && person.id !== room.you) line.append(...this.#powers(person, hand));
    return line;
  }

  #powers(person, hand) {
    const say = (type, fields) => () => this.#call.session.say(type, { participant: person.id, ...fields });
    const powers = [person.microphone ? action("mic-off", text("mute_person", person), say("mute", {})) : action("mic", text("ask_unmute", person), say("ask_unmute", {}))];
    if (hand) powers.push(action("hand", text("lower_hand_of", person), say("hand", { up: false })));
    powers.push(action("x", text("remove_person", person), async () => {
      if (await this.#call.view.ask(text("remove_sure", person), "remove")) say("remove", {})();
    }));
    return powers;
  }

  #waiterLine(waiter) {
    const line = document.createElement("div");
    line.className = "waiter";
    const name = document.createElement("span");
    name.textContent = text("waits", waiter);
    line.append(name, button(text("let_in"), () => this.#call.session.say("admit", { who: waiter.id })), button(text("not_now"), () => this.#call.session.say("deny", { who: waiter.id })));
    return line;
  }

  // -- files ---------------------------------------------------------------------------------------------------

  #drawFiles(room) {
    const files = [...room.files.values()].filter((file) => file.state !== "gone").sort((a, b) => a.at - b.at);
    fill($("file-list"), files, (file) => JSON.stringify(file), (file) => this.#fileLine(file, room));
    if (files.length === 0) $("file-list").replaceChildren(note(text("no_files")));
    const may = room.policy.files !== false || room.runs;
    $("file-pick").disabled = !may;
  }

  #fileLine(file, room) {
    const ready = file.state === "ready";
    const done = file.size ? Math.floor((100 * file.received) / file.size) : 100;
    const about = `${size(file.size)} · ${ready ? clock(file.at) : text("arriving", { n: done })}`;
    const line = entry(file.owner_name, colourOf(room.people.get(file.owner)), about, file.name);
    if (ready) {
      line.append(action("download", text("download", file), () => {
        this.#wanted.add(file.id);
        this.#call.session.say("get_file", { file: file.id });
      }));
    }
    if (file.owner === room.you || room.runs) {
      line.append(action("trash-2", text("withdraw", file), () => this.#call.session.say("withdraw_file", { file: file.id })));
    }
    return line;
  }

  download({ file, path }) {
    if (!this.#wanted.delete(file) || !path.startsWith("/")) return;
    const link = document.createElement("a");
    link.href = path;
    link.download = this.#call.room.files.get(file)?.name ?? "";
    link.click();
  }

  fileKnown(file, ref) {
    this.#offered?.(file, ref);
  }

  #offered = null;

  async #share() {
    const [file] = $("file-pick").files;
    $("file-pick").value = "";
    if (!file || !this.#call) return;
    const { session, code } = { session: this.#call.session, code: this.#call.wishes.code };
    const ref = reference();
    const known = new Promise((resolve) => {
      this.#offered = (offered, its) => its === ref && resolve(offered);
    });
    const say = (sentence) => ($("file-state").textContent = sentence);
    await shareFile({ file, session, code, ref, known, say });
    this.#offered = null;
  }

  #arrows(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.show(TABS[(TABS.indexOf(this.#tab) + step + TABS.length) % TABS.length]);
  }
}

// -- small parts -----------------------------------------------------------------------------------------------

/** Makes the list's children agree with `items`; one whose `key` is the same stays, so focus and scrolling do. */
function fill(list, items, key, make) {
  const there = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => there.get(key(item)) ?? Object.assign(make(item)));
  wanted.forEach((child, n) => {
    child.dataset.key = key(items[n]);
    if (list.children[n] !== child) list.insertBefore(child, list.children[n] ?? null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
}

function entry(name, colour, about, words) {
  const line = document.createElement("li");
  const [who, when, what] = ["strong", "time", "p"].map((tag) => document.createElement(tag));
  who.textContent = name;
  who.style.color = colour;
  when.textContent = about;
  what.textContent = words;
  line.append(who, when, what);
  return line;
}

function note(sentence) {
  const line = document.createElement("li");
  line.className = "quiet empty";
  line.textContent = sentence;
  return line;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function action(icon, label, act) {
  const made = button("", act);
  made.className = "quiet-button";
  made.setAttribute("aria-label", label);
  made.title = label;
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${icon}`);
  picture.append(use);
  made.append(picture);
  return made;
}

const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60].map((n) => String(n).padStart(2, "0"));
  return (parts[0] === "00" ? parts.slice(1) : parts).join(":");
};
const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 24;
const toEnd = (list) => (list.scrollTop = list.scrollHeight);
const reference = () => crypto.randomUUID();
