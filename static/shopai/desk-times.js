// Times in the reader's own time zone, which the server does not know.

export function localTimes(root) {
  const language = document.documentElement.lang || undefined;
  const whole = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = ("clock" in time.dataset ? clock : whole).format(at);
  }
}
