import { useRouterState } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";

/**
 * What a browser does when a page is loaded, for pages that are drawn without one: the keyboard and the screen reader go
 * on at the content of the new page, and the navigation shows where one is.
 */
export function useArrival(nav: RefObject<HTMLElement | null>, main: RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: (s) => s.resolvedLocation?.pathname });
  const last = useRef(path);
  // After the next frame: where things are is known then, and asking earlier has the whole page laid out once more.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        const [box, at] = [nav.current, nav.current?.querySelector<HTMLElement>('[aria-current="page"]')];
        if (box && at) box.scrollLeft = at.offsetLeft - box.offsetLeft - (box.clientWidth - at.clientWidth) / 2;
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [path, nav]);
  useEffect(() => {
    const first = last.current === undefined;
    if (last.current === path) return;
    last.current = path;
    if (first) return;
    // A page that has a field of its own to begin with keeps it.
    if (!main.current?.contains(document.activeElement) || document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
