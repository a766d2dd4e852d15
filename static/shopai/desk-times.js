// Times in the reader's own time zone, which the server does not know.

export function localTimes(root) {
  // The server's pages write English days before months, with 24 hours.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || undefined;
  const whole = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = ("clock" in time.dataset ? clock : whole).format(at);
  }
}
