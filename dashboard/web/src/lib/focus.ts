/** What comes and goes above the page: the focus cannot be given back to anything in it once it is gone. */
const ABOVE = '[role="dialog"],[role="menu"],[role="listbox"]';

/** What goes with the choice that is made in it, though its end may be drawn for a while. */
const PASSING = '[role="menu"],[role="listbox"]';

/** What last had the focus on the page itself. */
let last: HTMLElement | undefined;

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(ABOVE)) last = target;
});

const there = (e: Element | null | undefined): e is HTMLElement => e instanceof HTMLElement && e.isConnected && e !== document.body && (!e.checkVisibility || e.checkVisibility());

/**
 * Remembers where the focus is, and returns what puts it back there unless it has gone elsewhere meanwhile: to a menu's
 * button where an item of it was chosen, to the content where everything is gone.
 */
export function backTo(): () => void {
  const from = document.activeElement?.closest(PASSING) ? null : document.activeElement;
  const page = last;
  return () => {
    if (there(document.activeElement)) return;
    const to = [from, page, document.getElementById("main")].find(there);
    to?.focus({ preventScroll: true });
  };
}
