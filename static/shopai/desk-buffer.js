// Sheets fetched ahead, so that the next one is there at once and a dropped connection does not stop the work.

import { getHtml } from "./desk-http.js";

// Older than this, a sheet is fetched again before it is shown: its facts may have changed, its claim may be running out.
const FRESH_MS = 240000;

/** The sheet element of a fragment. */
export function parseSheet(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-sheet]");
}

export class SheetBuffer {
  #url;
  #query;
  #ahead;
  #waiting = [];
  #visited = new Set();
  #last = "";
  #filling = null;
  #isExhausted = false;

  constructor({ url, query, ahead }) {
    this.#url = url;
    this.#query = query;
    this.#ahead = ahead;
  }

  /** The sheet on the desk: what is fetched next stands behind it. */
  visit(sheet) {
    this.#visited.add(sheet.dataset.address);
    if (!this.#waiting.length) this.#last = sheet.dataset.cursor || this.#last;
    this.fill();
  }

  fill() {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  async #fill() {
    while (this.#waiting.length < this.#ahead && !this.#isExhausted) {
      try {
        const sheet = await this.#fetch(this.#last);
        if (sheet === null) this.#isExhausted = true;
        else this.#keep(sheet);
      } catch {
        return;
      }
    }
  }

  #keep(sheet) {
    const { address, cursor } = sheet.dataset;
    // The queue begins again at its end, with what was skipped or is still on its way to the server.
    if (this.#visited.has(address) || this.#waiting.some((item) => item.sheet.dataset.address === address)) {
      this.#isExhausted = true;
      return;
    }
    this.#last = cursor;
    this.#waiting.push({ sheet, at: Date.now() });
  }

  async #fetch(after) {
    const query = new URLSearchParams(this.#query);
    if (after) query.set("after", after);
    const html = await getHtml(`${this.#url}?${query}`);
    return html === null ? null : parseSheet(html);
  }

  /** The next sheet that is here already, or null. While offline an old one is better than none. */
  take({ isOffline = false } = {}) {
    while (this.#waiting.length) {
      const item = this.#waiting.shift();
      if (isOffline || Date.now() - item.at < FRESH_MS) return item.sheet;
    }
    return null;
  }

  /** From the server: {sheet, isWrapped}; `sheet` is null where nothing is left. Raises Unreachable. */
  async fetchNext() {
    await this.#filling;
    const kept = this.take();
    if (kept) return { sheet: kept, isWrapped: false };
    this.#isExhausted = false;
    const sheet = await this.#fetch(this.#last);
    const isWrapped = sheet !== null && this.#visited.has(sheet.dataset.address);
    if (isWrapped) this.#visited.clear();
    return { sheet, isWrapped };
  }

  /** What was claimed and not looked at. */
  get claimed() {
    return this.#waiting.map((item) => item.sheet);
  }
}
