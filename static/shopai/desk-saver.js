// Saves one draft's text as it is typed: one request at a time, the last state wins, the revision goes along.

import { postJson, Refused, SignedOut } from "./desk-http.js";

const DEBOUNCE_MS = 400;
const RETRY_MS = 3000;

/** Events: "state" (detail {name, message}) and "saved" (detail: the server's answer). */
export class Saver extends EventTarget {
  #draft;
  #urls;
  #texts;
  #about;
  #wanted;
  #synced;
  #timer = 0;
  #running = null;
  #isRefused = false;

  constructor({ draft, urls, texts, about }) {
    super();
    this.#draft = draft;
    this.#urls = urls;
    this.#texts = texts;
    this.#about = about;
    this.#wanted = { text: draft.text, candidateId: draft.chosenId };
    this.#synced = this.#wanted;
  }

  get isDirty() {
    return this.#wanted.text !== this.#synced.text || this.#wanted.candidateId !== this.#synced.candidateId;
  }

  /** The text as typed just now. */
  type(text) {
    this.#want({ ...this.#wanted, text });
    this.#timer = setTimeout(() => this.flush(), DEBOUNCE_MS);
  }

  choose(candidate) {
    this.#want({ text: candidate.text, candidateId: candidate.id });
    this.flush();
  }

  #want(state) {
    clearTimeout(this.#timer);
    this.#wanted = state;
    this.#isRefused = false;
    if (this.isDirty) {
      this.#texts.keep(this.#draft.id, { text: state.text, revision: this.#draft.revision, ...this.#about });
      this.#tell("saving");
    }
  }

  /** Save now. Resolves to whether the server has all of it. */
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run() {
    while (this.isDirty && !this.#isRefused) {
      const wanted = this.#wanted;
      try {
        const answer = await this.#send(wanted);
        this.#stored(wanted, answer);
      } catch (error) {
        return this.#failed(error);
      }
    }
    return !this.isDirty;
  }

  #send(wanted) {
    const place = { draftId: this.#draft.id, revision: this.#draft.revision };
    if (wanted.candidateId !== this.#synced.candidateId || this.#isCandidateText(wanted)) {
      return postJson(this.#urls.choose, { ...place, candidateId: wanted.candidateId });
    }
    return postJson(this.#urls.save, { ...place, text: wanted.text });
  }

  #isCandidateText({ text, candidateId }) {
    return this.#draft.candidates.some((candidate) => candidate.id === candidateId && candidate.text === text);
  }

  #stored(wanted, answer) {
    const isChoice = wanted.candidateId !== this.#synced.candidateId;
    // After a choice the edit on top of it is still to be saved.
    this.#synced = { candidateId: answer.chosenId, text: isChoice ? answer.text : wanted.text };
    Object.assign(this.#draft, answer);
    if (!this.isDirty) {
      this.#texts.drop(this.#draft.id);
      this.#tell("saved");
    }
    this.dispatchEvent(new CustomEvent("saved", { detail: answer }));
  }

  #failed(error) {
    if (error instanceof Refused) {
      this.#isRefused = true;
      this.#tell("refused", error);
      return false;
    }
    this.#tell(error instanceof SignedOut ? "signedout" : "offline", error);
    this.#timer = setTimeout(() => this.flush(), RETRY_MS);
    return false;
  }

  #tell(name, error = null) {
    this.dispatchEvent(
      new CustomEvent("state", { detail: { name, code: error?.code ?? "", message: error?.message ?? "" } }),
    );
  }
}
