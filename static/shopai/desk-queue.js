// Decisions on their way to the server: in order, exactly once, whatever the connection does. Each carries a key made
// here, so one that was sent twice decides once; what is not yet answered stays in localStorage.

import { newKey, postJson, Refused, SignedOut } from "./desk-http.js";
import { alone, readStored, writeStored } from "./desk-store.js";

const BATCH = 20;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10000;
const SERVER_ERRORS_BEFORE_GIVING_UP = 5;

export class DecisionQueue extends EventTarget {
  #name;
  #url;
  #running = null;
  #timer = 0;
  #waitMs = FIRST_RETRY_MS;
  #serverErrors = 0;

  /** One queue for each person: who signs in next on this machine does not send the decisions of the last one. */
  constructor({ userId, url }) {
    super();
    this.#name = `shopai.desk.queue.${userId}`;
    this.#url = url;
    this.isOffline = false;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  get size() {
    return readStored(this.#name, []).length;
  }

  /** What is not yet answered, oldest first. */
  get entries() {
    return readStored(this.#name, []).map((item) => item.entry);
  }

  /** `entry`: {verb, draftId, revision, ...}; `about`: {title, address, status foreseen}, for messages only. Returns the key. */
  add(entry, about) {
    const key = newKey();
    writeStored(this.#name, [...readStored(this.#name, []), { entry: { ...entry, key }, about }]);
    this.#changed();
    // While offline the retry timer and the browser's own "online" decide when to try again.
    if (!this.isOffline) this.flush();
    return key;
  }

  /** Send what waits. Resolves when the queue is empty or the server can't be reached. */
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= alone(this.#name, () => this.#drain()).finally(() => {
      this.#running = null;
      if (this.size && !this.#timer && !this.isOffline) this.flush();
    });
    return this.#running;
  }

  async #drain() {
    this.#timer = 0;
    for (;;) {
      const waiting = readStored(this.#name, []);
      if (!waiting.length) return this.#online();
      // A batch that makes the server fail is sent one by one, so that the others get through.
      const batch = waiting.slice(0, this.#serverErrors ? 1 : BATCH);
      try {
        const decisions = batch.map((item) => item.entry);
        // Goes on when the page is left in the middle of it.
        const answer = await postJson(this.#url, { decisions }, { keepalive: true });
        this.#answered(batch, answer.results);
      } catch (error) {
        if (!this.#failed(error, batch)) return;
      }
    }
  }

  #answered(batch, results) {
    this.#serverErrors = 0;
    this.#online();
    const byKey = new Map(results.map((result) => [result.key, result]));
    const answered = batch.filter((item) => byKey.has(item.entry.key));
    this.#remove(answered);
    for (const item of answered) this.#tell("answer", { ...item, result: byKey.get(item.entry.key) });
  }

  /** True where it is worth going on at once. */
  #failed(error, batch) {
    if (error instanceof SignedOut) {
      this.#tell("signedout", {});
      return this.#retryLater();
    }
    if (!(error instanceof Refused)) return this.#retryLater();
    if (error.status >= 500) {
      this.#serverErrors += 1;
      if (this.#serverErrors < SERVER_ERRORS_BEFORE_GIVING_UP || batch.length > 1) return this.#retryLater();
      this.#serverErrors = 0;
    }
    this.#remove(batch);
    for (const item of batch) {
      const result = { ok: false, code: error.code, message: error.message };
      this.#tell(error.status >= 500 ? "givenup" : "answer", { ...item, result });
    }
    return true;
  }

  #retryLater() {
    this.isOffline = true;
    this.#timer = setTimeout(() => this.flush(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_RETRY_MS);
    this.#changed();
    return false;
  }

  #online() {
    this.isOffline = false;
    this.#waitMs = FIRST_RETRY_MS;
    this.#changed();
  }

  #remove(items) {
    const keys = new Set(items.map((item) => item.entry.key));
    writeStored(this.#name, readStored(this.#name, []).filter((item) => !keys.has(item.entry.key)));
    this.#changed();
  }

  #changed() {
    this.#tell("change", { size: this.size, isOffline: this.isOffline });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
