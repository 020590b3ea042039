// A recording in step with itself: the film's picture and, once they are here, everybody's voice apart.
// Until the voices have been fetched the film's own sound is heard; then it is muted and each voice goes through a gain
// of its own.  The first voice leads, the picture and the others follow it.  Knows media elements, not the page.

// Fetched whole: a browser opens six connections to one host, and a dozen voices that stream would starve the picture.
const MOST_BYTES = 400_000_000;
const LOADS_AT_ONCE = 3;
const LOOK_MS = 100;
// Half of what people notice between lips and voice; less is left alone, more is made up for by a little more speed.
const CLOSE_S = 0.02;
// So far apart it is quicker to jump.
const FAR_S = 0.3;
const MOST_NUDGE = 0.08;
const TRY_AGAIN_MS = 2000;

export class Playback {
  #reel;
  #url;
  #told;
  #voices = new Map(); // person: { audio, gain }
  #gains = new Map();
  #context = null;
  #rate = 1;
  #wanted = false; // to play
  #stalled = false;
  #blind = false;
  #failures = 0;
  #closed = new AbortController();
  #look = 0;

  /** `url(file)`: where a file of the recording is had.  `told`: changed, moved, lost(bool), gone(status), renew() -> Promise<bool>, blind, apart(share, done, together), mute(person). */
  constructor(reel, url, told) {
    this.#reel = reel;
    this.#url = url;
    this.#told = told;
    this.video = document.createElement("video");
    this.video.playsInline = true;
    this.video.preload = "auto";
    this.video.src = url("film.mp4");
    for (const happened of ["play", "pause", "seeked", "ratechange"]) this.video.addEventListener(happened, () => told.changed());
    this.video.addEventListener("waiting", () => this.#stall(true));
    for (const happened of ["playing", "canplay"]) this.video.addEventListener(happened, () => this.#stall(false));
    this.video.addEventListener("ended", () => this.pause());
    this.video.addEventListener("error", () => this.#lost());
    this.#look = setInterval(() => this.#keepInStep(), LOOK_MS);
    if (reel.voices.length) this.#loadVoices();
  }

  get second() {
    return this.#lead()?.currentTime ?? this.video.currentTime;
  }

  get playing() {
    return this.#wanted;
  }

  get waits() {
    return this.#wanted && this.#stalled;
  }

  get rate() {
    return this.#rate;
  }

  async play() {
    if (this.second >= this.#reel.seconds - 0.05) this.seek(0);
    this.#wanted = true;
    this.#told.changed();
    try {
      this.#context?.resume();
      if (!this.#blind) await this.video.play();
      if (!this.#stalled && this.#wanted) this.#playVoices();
    } catch (error) {
      if (error.name === "NotAllowedError") this.pause(); // the browser wants a press first
    }
  }

  pause() {
    this.#wanted = false;
    this.video.pause();
    for (const { audio } of this.#voices.values()) audio.pause();
    this.#told.changed();
  }

  seek(second) {
    const to = Math.min(Math.max(0, second), this.#reel.seconds);
    for (const media of this.#all()) media.currentTime = to;
    this.#told.moved();
  }

  setRate(rate) {
    this.#rate = rate;
    for (const media of this.#all()) set(media, rate);
    this.#told.changed();
  }

  /** How loud somebody is, 0 to 1.5; counts once the voices are apart. */
  turn(person, gain) {
    this.#gains.set(person, gain);
    const voice = this.#voices.get(person);
    if (voice) voice.gain.gain.setTargetAtTime(gain, this.#context.currentTime, 0.02);
  }

  /** How far picture and voices are from the one that leads, in seconds; the largest first. */
  offsets() {
    const lead = this.#lead();
    if (!lead) return [0];
    return this.#all().filter((media) => media !== lead).map((media) => Math.abs(media.currentTime - lead.currentTime)).sort((a, b) => b - a);
  }

  close() {
    this.#closed.abort();
    clearInterval(this.#look);
    for (const media of this.#all()) {
      media.pause();
      if (media.src.startsWith("blob:")) URL.revokeObjectURL(media.src);
      media.removeAttribute("src");
      media.load();
    }
    this.#voices.clear();
    this.#context?.close();
  }

  #all() {
    return [...(this.#blind ? [] : [this.video]), ...[...this.#voices.values()].map(({ audio }) => audio)];
  }

  #lead() {
    return this.#voices.values().next().value?.audio;
  }

  #stall(stalled) {
    if (stalled === this.#stalled) return;
    this.#stalled = stalled;
    for (const { audio } of this.#voices.values()) if (stalled) audio.pause();
    if (!stalled && this.#wanted) this.#playVoices();
    this.#told.changed();
  }

  #playVoices() {
    for (const { audio } of this.#voices.values()) audio.play().catch(() => {}); // paused again meanwhile
  }

  #keepInStep() {
    if (this.#wanted) this.#told.moved();
    const lead = this.#lead();
    if (!lead || !this.#wanted || this.#stalled) return;
    if (lead.ended) return void this.pause();
    for (const media of this.#all()) {
      if (media === lead || media.ended || media.seeking) continue;
      const ahead = media.currentTime - lead.currentTime;
      if (Math.abs(ahead) > FAR_S) media.currentTime = lead.currentTime;
      const nudge = Math.abs(ahead) < CLOSE_S ? 0 : Math.min(MOST_NUDGE, Math.max(-MOST_NUDGE, ahead));
      if (media.playbackRate !== this.#rate * (1 - nudge)) media.playbackRate = this.#rate * (1 - nudge);
    }
  }

  // -- voices --------------------------------------------------------------------------------------------------

  async #loadVoices() {
    const waiting = [...this.#reel.voices];
    const found = new Map();
    let bytes = 0;
    const load = async () => {
      for (let voice = waiting.shift(); voice; voice = waiting.shift()) {
        const blob = await this.#blob(voice);
        bytes += blob?.size ?? 0;
        if (bytes > MOST_BYTES) throw new Error("too much");
        if (blob) found.set(voice.participant, blob);
        this.#told.apart((this.#reel.voices.length - waiting.length) / this.#reel.voices.length, false);
      }
    };
    try {
      await Promise.all(Array.from({ length: LOADS_AT_ONCE }, load));
    } catch {
      if (!this.#closed.signal.aborted) this.#told.apart(1, false, true); // too long, or no room: all are heard together
      return;
    }
    if (!this.#closed.signal.aborted && found.size) await this.#part(found);
  }

  async #blob(voice) {
    for (;;) {
      try {
        const reply = await fetch(this.#url(voice.file), { signal: this.#closed.signal });
        if (!reply.ok) {
          this.#told.mute(voice.participant);
          return null;
        }
        return await reply.blob();
      } catch (error) {
        if (this.#closed.signal.aborted) throw error;
        await later(TRY_AGAIN_MS); // the host is not there
      }
    }
  }

  /** From the film's sound to the voices', at the second that is heard. */
  async #part(found) {
    this.#context = new AudioContext();
    const voices = new Map();
    for (const [person, blob] of found) {
      const audio = new Audio(URL.createObjectURL(blob));
      if (!(await canPlay(audio))) {
        this.#told.mute(person);
        continue;
      }
      const gain = this.#context.createGain();
      gain.gain.value = this.#gains.get(person) ?? 1;
      this.#context.createMediaElementSource(audio).connect(gain).connect(this.#context.destination);
      set(audio, this.#rate);
      voices.set(person, { audio, gain });
    }
    if (this.#closed.signal.aborted || !voices.size) return;
    for (const { audio } of voices.values()) {
      this.video.after(audio); // without controls nothing of it is seen
      audio.currentTime = this.video.currentTime;
    }
    this.#voices = voices;
    this.video.muted = true;
    if (this.#blind) this.#stalled = false;
    if (this.#wanted && !this.#stalled) this.#playVoices();
    this.#told.apart(1, true);
    this.#told.changed();
  }

  // -- the host is not there -------------------------------------------------------------------------------------

  async #lost() {
    if (this.#closed.signal.aborted) return;
    const second = this.second;
    let renewed = false;
    this.#stall(true);
    this.#told.lost(true);
    for (;;) {
      try {
        const reply = await fetch(this.#url("film.mp4"), { headers: { Range: "bytes=0-0" }, signal: this.#closed.signal });
        await reply.arrayBuffer();
        if (reply.ok) break;
        if (reply.status !== 401 || renewed || !(await this.#told.renew())) return void this.#told.gone(reply.status);
        renewed = true;
        this.video.src = this.#url("film.mp4");
      } catch {
        if (this.#closed.signal.aborted) return;
        await later(TRY_AGAIN_MS);
      }
    }
    if (this.#damaged()) return void this.#goBlind();
    this.#told.lost(false);
    this.video.load();
    this.video.currentTime = second;
    set(this.video, this.#rate);
    if (this.#wanted) this.play();
  }

  /** It is there, and cannot be decoded. */
  #damaged() {
    return [MediaError.MEDIA_ERR_DECODE, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED].includes(this.video.error?.code) && this.#failures++ > 0;
  }

  /** A damaged film, or a browser without H.264 (Firefox has what its system has): the voices go on alone. */
  #goBlind() {
    if (!this.#reel.voices.length) return void this.#told.gone(0);
    this.#blind = true;
    this.#told.lost(false);
    this.#told.blind();
    if (this.#lead()) this.#stall(false);
  }
}

function set(media, rate) {
  media.preservesPitch = true;
  media.defaultPlaybackRate = rate;
  media.playbackRate = rate;
}

function canPlay(audio) {
  return new Promise((resolve) => {
    audio.addEventListener("canplay", () => resolve(true), { once: true });
    audio.addEventListener("error", () => resolve(false), { once: true });
    audio.preload = "auto";
    audio.load();
  });
}

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
