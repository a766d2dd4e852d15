// The page of my decisions: taking one back goes through the same queue as the desk's.

import { Notices } from "./desk-notices.js";
import { DecisionQueue } from "./desk-queue.js";
import { localTimes } from "./desk-times.js";

const config = JSON.parse(document.getElementById("desk-config").textContent);
const notices = new Notices(document.getElementById("desk-notices"), config.messages);
const queue = new DecisionQueue({ userId: config.userId, url: config.urls.decide });

queue.addEventListener("answer", ({ detail: { about, result } }) => {
  if (result.ok) return location.reload();
  const link = { href: about.address, label: notices.text("openSheet") };
  return notices.problem(notices.text("refused", { title: about.title, message: result.message }), link);
});
queue.addEventListener("signedout", () => {
  notices.problem(notices.text("signedOut"), { href: config.urls.login, label: notices.text("signIn") });
});
queue.addEventListener("change", ({ detail: { size, isOffline } }) => {
  if (size && isOffline) notices.news(notices.text("offlineQueued", { n: size }));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-back]");
  if (!button) return;
  button.disabled = true;
  const address = button.closest("[data-decision]").querySelector("a").getAttribute("href");
  queue.add({ verb: "take_back", draftId: Number(button.dataset.takeBack) }, { title: button.dataset.title, address });
});

localTimes(document);
queue.flush();
