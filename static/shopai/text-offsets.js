// The server counts code points, the browser UTF-16 units: they part ways at the first emoji or rare character (𠮷).

/** The UTF-16 index of code point `offset` of `text`; past the end it is the end. */
export function toUtf16(text, offset) {
  let index = 0;
  for (let seen = 0; seen < offset && index < text.length; seen += 1) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}

/** The number of code points before UTF-16 `index` of `text`; an index inside a pair counts as before it. */
export function toCodePoints(text, index) {
  let seen = 0;
  let at = 0;
  while (at < index && at < text.length) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
    if (at <= index) seen += 1;
  }
  return seen;
}

/** The length of `text` in code points. */
export function lengthOf(text) {
  return toCodePoints(text, text.length);
}
