// The pane beside the stage: transcript, chat, people, files.

import { remark } from "./captions.js";
import { shareFile, size, takeDrops } from "./files.js";
import { $, action, clock, entry, fill, note } from "./parts.js";
import { People } from "./people.js";
import { text } from "./strings.js";
import { colourOf } from "./view.js";

const TABS = ["transcript", "chat", "people", "files"];

export class Panes {
  #call = null;
  #people = new People();
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
    $("copy").addEventListener("click", () => this.#copy());
    $("correct-dialog").addEventListener("close", () => this.#correct());
    $("file-pick").addEventListener("change", () => {
      this.#share([...$("file-pick").files], null);
      $("file-pick").value = "";
    });
    takeDrops($("meeting"), $("drop"), {
      allowed: () => this.#call !== null && this.#mayShare(this.#call.room),
      dropped: (files) => this.#dropped(files),
    });
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
    this.#people.draw(call);
    this.#drawFiles(room);
    this.drawTranscript(room);
  }

  // -- transcript ----------------------------------------------------------------------------------------------

  drawTranscript(room) {
    if ($("transcript").hidden || $("pane").hidden) return;
    const list = $("transcript-lines");
    const shown = this.#found(room);
    const follow = isAtEnd(list);
    const sought = this.#sought.length > 0;
    fill(list, shown, (line) => `${line.segment}:${line.committed}:${line.english}:${room.runs}:${sought}`, (line) => this.#transcriptLine(line, room));
    if (shown.length === 0) list.replaceChildren(note(text(sought ? "nothing_found" : "no_transcript")));
    $("found").textContent = sought ? text("found", { n: shown.length }) : "";
    $("copy").disabled = shown.length === 0;
    if (follow) toEnd(list);
    this.#drawNewest();
  }

  /** The words that are searched for. */
  get #sought() {
    return $("search").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  }

  #found(room) {
    const words = this.#sought;
    return room.transcript.filter((line) => {
      const said = `${line.name} ${line.committed}`.toLocaleLowerCase();
      return words.every((word) => said.includes(word));
    });
  }

  /** Out of what was found, to its place among everything. */
  #jump(line) {
    $("search").value = "";
    this.drawTranscript(this.#call.room);
    const place = [...$("transcript-lines").children].find((child) => child.dataset.key.startsWith(`${line.segment}:`));
    place?.scrollIntoView({ block: "center" });
    place?.setAttribute("tabindex", "-1");
    place?.focus();
  }

  #transcriptLine(line, room) {
    const words = entry(line.name, colourOf(room.people.get(line.speaker)), clock(line.start), remark(line));
    words.classList.toggle("gone", Boolean(line.remark));
    if (line.language) words.querySelector("p").lang = line.language;
    if (line.english) words.append(english(line.english));
    if (this.#sought.length > 0) words.append(action("search", text("around"), () => this.#jump(line)));
    if (!line.remark && (line.speaker === room.you || room.runs)) words.append(action("pencil", text("correct"), () => this.#askForWords(line)));
    return words;
  }

  #askForWords(line) {
    const dialog = $("correct-dialog");
    dialog.dataset.segment = line.segment;
    dialog.returnValue = "no";
    $("correct-text").value = line.committed;
    dialog.showModal();
  }

  /** Closing it in any other way than by its button changes nothing; no words at all strike the line. */
  #correct() {
    const { dataset, returnValue } = $("correct-dialog");
    if (returnValue !== "yes") return;
    this.#call?.session.say("correct", { segment: dataset.segment, text: $("correct-text").value.trim() });
  }

  async #copy() {
    const lines = this.#found(this.#call.room).map((line) => `[${clock(line.start)}] ${line.name}: ${line.committed}`);
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      this.#call.view.announce(text("copied"));
    } catch {
      this.#call.view.tell(text("not_copied"));
    }
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
    const people = room.others.filter((person) => room.mayWriteTo(person));
    fill(select, [{ id: "", name: text("everyone") }, ...people], ({ id, name }) => `${id}:${name}`, ({ id, name }) => {
      const option = document.createElement("option");
      option.value = id;
      option.textContent = name;
      return option;
    });
    select.value = people.some(({ id }) => id === chosen) ? chosen : "";
  }

  /** The next words are for this person only. */
  writeTo(id) {
    this.show("chat");
    $("chat-to").value = id;
    $("chat-text").focus();
  }

  /** Where a search begins. */
  search() {
    this.show("transcript");
    $("search").select();
  }

  #say() {
    const words = $("chat-text").value.trim();
    if (!words || !this.#call) return;
    this.#call.session.say("chat", { reference: reference(), text: words, to: $("chat-to").value || null });
    $("chat-text").value = "";
  }

  // -- files ---------------------------------------------------------------------------------------------------

  #drawFiles(room) {
    const files = [...room.files.values()].filter((file) => file.state !== "gone").sort((a, b) => a.at - b.at);
    fill($("file-list"), files, (file) => JSON.stringify(file), (file) => this.#fileLine(file, room));
    if (files.length === 0) $("file-list").replaceChildren(note(text("no_files")));
    $("file-pick").disabled = !this.#mayShare(room);
  }

  #mayShare(room) {
    return room.keepsFiles && (room.runs || (room.policy.files && room.me.role !== "guest"));
  }

  /** On the chat while writing to one person: for that person. */
  #dropped(files) {
    const chatting = !$("pane").hidden && this.#tab === "chat";
    this.#share(files, chatting ? $("chat-to").value || null : null);
    this.show("files");
  }

  #fileLine(file, room) {
    const ready = file.state === "ready";
    const done = file.size ? Math.floor((100 * file.received) / file.size) : 100;
    const about = `${size(file.size)} · ${ready ? clock(file.at) : text("arriving", { n: done })}`;
    const owner = file.to ? text("privately", { name: file.owner_name }) : file.owner_name;
    const line = entry(owner, colourOf(room.people.get(file.owner)), about, file.name);
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
    this.#offered.get(ref)?.(file);
    this.#offered.delete(ref);
  }

  #offered = new Map();
  #sharing = Promise.resolve();

  /** One after the other. */
  #share(files, to) {
    for (const file of files) this.#sharing = this.#sharing.then(() => this.#shareOne(file, to));
  }

  async #shareOne(file, to) {
    if (!this.#call) return;
    const { session, wishes } = this.#call;
    const ref = reference();
    const known = new Promise((resolve) => this.#offered.set(ref, resolve));
    const say = (sentence) => ($("file-state").textContent = sentence);
    await shareFile({ file, to, session, code: wishes.code, ref, known, say }).catch(() => say(text("file_failed", file)));
  }

  #arrows(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const there = TABS.filter((tab) => !$(`tab-${tab}`).hidden);
    this.show(there[(there.indexOf(this.#tab) + step + there.length) % there.length]);
  }
}

function english(text) {
  const words = document.createElement("p");
  words.className = "english";
  words.lang = "en";
  words.textContent = text;
  return words;
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 24;
const toEnd = (list) => (list.scrollTop = list.scrollHeight);
const reference = () => crypto.randomUUID();
