// An operator's unsaved text, kept in this browser until the server has it.

import { postJson, Refused } from "./desk-http.js";
import { dropStored, readStored, writeStored } from "./desk-store.js";

export class UnsavedTexts {
  #name;

  constructor(userId) {
    this.#name = `shopai.desk.texts.${userId}`;
  }

  get(draftId) {
    return readStored(this.#name, {})[draftId] ?? null;
  }

  /** `kept`: {text, revision, title, address}. */
  keep(draftId, kept) {
    writeStored(this.#name, { ...readStored(this.#name, {}), [draftId]: kept });
  }

  drop(draftId) {
    const all = readStored(this.#name, {});
    delete all[draftId];
    if (Object.keys(all).length) writeStored(this.#name, all);
    else dropStored(this.#name);
  }

  /** Save what an earlier visit could not, except what is on the sheet before us. `onRefused(kept, error)`. */
  async resend(url, exceptIds, onRefused) {
    for (const [draftId, kept] of Object.entries(readStored(this.#name, {}))) {
      if (exceptIds.has(Number(draftId))) continue;
      try {
        await postJson(url, { draftId: Number(draftId), revision: kept.revision, text: kept.text });
      } catch (error) {
        if (!(error instanceof Refused)) return;
        onRefused(kept, error);
      }
      this.drop(draftId);
    }
  }
}
