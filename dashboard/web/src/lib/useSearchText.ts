import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

/** Wait (ms) after the last key before what was typed is looked for. */
const TYPING = 250;

/**
 * The text of a search field whose search lives in the address: looked for once nobody types any more, and changed from
 * outside by Back or a cleared filter. What comes back of what was just typed changes nothing, for somebody may type on.
 */
export function useSearchText(q: string | undefined, look: (q: string | undefined) => void): [text: string, type: (text: string) => void] {
  const [text, setText] = useState(q ?? "");
  const asked = useRef(q ?? "");
  const later = useDebouncedCallback((next: string) => {
    asked.current = next;
    look(next || undefined);
  }, TYPING);
  useEffect(() => {
    if ((q ?? "") === asked.current) return;
    later.cancel();
    asked.current = q ?? "";
    setText(q ?? "");
  }, [q, later]);
  return [text, (next) => {
    setText(next);
    later(next.trim());
  }];
}
