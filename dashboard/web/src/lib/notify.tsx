import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "../api/client";
import { KeyCap } from "../keys/KeyCap";

/** How long (ms) a way back is offered. The time stands still while the pointer or the focus is on it. */
const OFFERED = 12_000;

/** What can still be taken back, the newest last. */
let offers: { id: string; undo: () => void }[] = [];

/** Tells that something was done, and how to take it back where that is possible. Returns what ends the telling. */
export function good(title: string, message: string, back?: { name: string; run: () => void }): () => void {
  const id = `good-${Math.random()}`;
  const end = () => {
    offers = offers.filter((o) => o.id !== id);
    notifications.hide(id);
  };
  if (!back) {
    notifications.show({ id, title, color: "verdigris", autoClose: 6000, message });
    return end;
  }
  const undo = () => {
    end();
    back.run();
  };
  offers.push({ id, undo });
  notifications.show({
    id, title, color: "verdigris", autoClose: OFFERED, onClose: () => void (offers = offers.filter((o) => o.id !== id)),
    message: <>{message} <Anchor component="button" fz="inherit" aria-keyshortcuts="z" onClick={undo}>{back.name}</Anchor> <KeyCap of="z" /></>,
  });
  return end;
}

/** Takes the newest thing back whose toast is still there. */
export function undoNewest() {
  offers.at(-1)?.undo();
}

/** How many of a refusal's details a message names; the rest is counted. */
const NAMED = 3;

/** Tells that something was refused, why, and what to do where the reason does not say; it stays until it is closed. */
export function refused(title: string, error: unknown, remedy?: string) {
  const e = explain(error);
  const more = e.details.length - NAMED;
  notifications.show({
    title,
    color: "red",
    autoClose: false,
    message: (
      <>
        {e.message}{remedy && ` ${remedy}`}
        {e.details.length > 0 && (
          <ul style={{ margin: "6px 0 0", paddingInlineStart: 18 }}>
            {e.details.slice(0, NAMED).map((p) => <li key={p.path + p.code}>{p.path ? `${p.path}: ` : ""}{p.message}</li>)}
            {more > 0 && <li>and {more} more</li>}
          </ul>
        )}
      </>
    ),
  });
}
