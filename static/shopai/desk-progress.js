// How much is left, how long it takes at this reviewer's pace, and what still waits to be sent.

import { getJson } from "./desk-http.js";

const RELOAD_MS = 60000;

export class Progress {
  #url;
  #query;
  #notices;
  #left = null;
  #all = 0;
  #pace = null;

  constructor({ url, query, notices, queue }) {
    this.#url = url;
    this.#query = query;
    this.#notices = notices;
    queue.addEventListener("change", (event) => this.#showQueue(event.detail));
    setInterval(() => document.hidden || this.load(), RELOAD_MS);
  }

  /** Ask the server; it counts apart from the sheets, so that no sheet waits for the count. */
  async load() {
    try {
      const { left, secondsPerSheet } = await getJson(`${this.#url}?${this.#query}`);
      this.#left = left;
      this.#all = Math.max(this.#all, left);
      this.#pace = secondsPerSheet;
      this.#show();
    } catch {
      // Decoration: the desk works without it.
    }
  }

  /** A sheet was decided or passed. */
  passed() {
    if (this.#left) this.#left -= 1;
    this.#show();
  }

  #show() {
    if (this.#left === null) return;
    const parts = [this.#notices.text("left", { left: this.#left, all: this.#all })];
    if (this.#pace && this.#left) {
      parts.push(this.#notices.text("minutes", { n: Math.max(1, Math.round((this.#left * this.#pace) / 60)) }));
    }
    document.getElementById("desk-left").textContent = parts.join(" · ");
  }

  #showQueue({ size, isOffline }) {
    const place = document.getElementById("desk-queue");
    place.hidden = !(size && isOffline);
    if (size && isOffline) place.textContent = this.#notices.text("offlineQueued", { n: size });
  }
}
