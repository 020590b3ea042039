// Every sentence of the page, in the reader's language.  Whole sentences with places for names; text, never markup.

import { CHINESE } from "./strings-zh.js";
import { ENGLISH } from "./strings-en.js";

const KEPT = "parley.language";
let chinese = preferred();

export const language = () => (chinese ? "zh-CN" : "en");

/** The sentence called `key`, with `{name}` and the like filled in. */
export const text = (key, values = {}) => (chinese ? CHINESE : ENGLISH)[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/** Sentences that came later, with what needs them. */
export function learn(english, chinese) {
  Object.assign(ENGLISH, english);
  Object.assign(CHINESE, chinese);
}

export function switchLanguage() {
  chinese = !chinese;
  try {
    localStorage.setItem(KEPT, language());
  } catch {
    // private windows may refuse; then it holds until the page is closed
  }
}

/** Fills in what the page marks with data-text, data-label and data-placeholder. */
export function translate(root) {
  document.documentElement.lang = language();
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = text(element.dataset.placeholder);
}

function preferred() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // private windows may refuse
  }
  return (kept ?? navigator.language).toLowerCase().startsWith("zh");
}
