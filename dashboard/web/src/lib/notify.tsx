import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "../api/client";

/** Tells that something was done, and how to take it back where that is possible. */
export function good(title: string, message: string, back?: { name: string; run: () => void }) {
  const id = `good-${Math.random()}`;
  const undo = () => {
    notifications.hide(id);
    back?.run();
  };
  notifications.show({
    id, title, color: "verdigris", autoClose: back ? 12_000 : 6000,
    message: back ? <>{message} <Anchor component="button" fz="inherit" onClick={undo}>{back.name}</Anchor></> : message,
  });
}

/** How many of a refusal's details a message names; the rest is counted. */
const NAMED = 3;

/** Tells that something was refused, and why; it stays until it is closed. */
export function refused(title: string, error: unknown) {
  const e = explain(error);
  const more = e.details.length - NAMED;
  notifications.show({
    title,
    color: "red",
    autoClose: false,
    message: (
      <>
        {e.message}
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
