// The phone: approving is press and hold, a swipe shows another candidate and never decides.

const HOLD_MS = 700;
const SWIPE_PX = 50;
const phone = matchMedia("(max-width: 767px)");

export function isPhone() {
  return phone.matches;
}

/**
 * Where the desk is in its phone form, `button` acts after being held; elsewhere on a click. A click that no pointer
 * made (a keyboard, a screen reader) acts everywhere.
 */
export function holdToAct(button, act, onTooShort) {
  let timer = 0;
  let isHeld = false;
  const stop = () => {
    clearTimeout(timer);
    button.classList.remove("is-holding");
  };
  button.addEventListener("pointerdown", (event) => {
    isHeld = false;
    if (!isPhone() || event.button > 0) return;
    button.classList.add("is-holding");
    timer = setTimeout(() => {
      stop();
      isHeld = true;
      navigator.vibrate?.(20);
      act();
    }, HOLD_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(name, stop);
  button.addEventListener("contextmenu", (event) => isPhone() && event.preventDefault());
  button.addEventListener("click", (event) => {
    if (isHeld) isHeld = false;
    else if (!isPhone() || event.detail === 0) act();
    else onTooShort();
  });
}

/** Call `turn(-1)` or `turn(1)` when a finger draws sideways over `element`. */
export function swipeToTurn(element, turn) {
  let from = null;
  element.addEventListener(
    "touchstart",
    (event) => {
      from = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
    },
    { passive: true },
  );
  element.addEventListener(
    "touchend",
    (event) => {
      if (!from) return;
      const across = event.changedTouches[0].clientX - from.x;
      const down = event.changedTouches[0].clientY - from.y;
      from = null;
      if (Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(down)) turn(across < 0 ? 1 : -1);
    },
    { passive: true },
  );
}
