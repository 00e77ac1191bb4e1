import { Tooltip } from "@mantine/core";
import { ago, instant } from "../lib/time";

/** A time in relative words, with the exact time and its zone on hover and focus. */
export function When({ at, now }: { at: string; now: string }) {
  return (
    <Tooltip label={instant(at)}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>{ago(at, now)}</time>
    </Tooltip>
  );
}
