// What lists and panes are made of.  Everything that people wrote is shown as text.

export const $ = (id) => document.getElementById(id);

/** Makes the list's children agree with `items`; one whose `key` is the same stays, so focus and scrolling do. */
export function fill(list, items, key, make) {
  const there = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => there.get(key(item)) ?? make(item));
  wanted.forEach((child, n) => {
    child.dataset.key = key(items[n]);
    if (list.children[n] !== child) list.insertBefore(child, list.children[n] ?? null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
}

/** Who, when and what. */
export function entry(name, colour, about, words) {
  const line = document.createElement("li");
  const [who, when, what] = ["strong", "time", "p"].map((tag) => document.createElement(tag));
  who.textContent = name;
  who.style.color = colour;
  when.textContent = about;
  what.textContent = words;
  line.append(who, when, what);
  return line;
}

export function note(sentence) {
  const line = document.createElement("li");
  line.className = "quiet empty";
  line.textContent = sentence;
  return line;
}

export function button(label, act, icon = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  if (icon) made.prepend(picture(icon));
  made.addEventListener("click", act);
  return made;
}

/** A button that is only an icon, with a name. */
export function action(icon, label, act) {
  const made = button("", act, icon);
  made.className = "quiet-button";
  made.setAttribute("aria-label", label);
  made.title = label;
  return made;
}

function picture(icon) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${icon}`);
  made.append(use);
  return made;
}

/** Meeting time for people: minutes and seconds, hours if there are any. */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60].map((n) => String(n).padStart(2, "0"));
  return (parts[0] === "00" ? parts.slice(1) : parts).join(":");
}
