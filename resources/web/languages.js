// Languages that speech can be captioned in (sfu/wire/languages.py), called as the reader calls them.

import { language } from "./strings.js";

const CODES = (
  "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr " +
  "ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc " +
  "pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue " +
  "zh"
).split(" ");

/** As [code, name], by name. */
export function spoken() {
  const names = new Intl.DisplayNames([language()], { type: "language" });
  return CODES.map((code) => [code, names.of(code)]).sort(([, a], [, b]) => a.localeCompare(b, language()));
}
