import { Tooltip } from "@mantine/core";
import { ago, instant } from "../lib/time";

/** A time in relative words; the exact one with its zone on hover, focus and touch. */
export function When({ at, now }: { at: string; now: string }) {
  return (
    <Tooltip label={instant(at)}>
      <time dateTime={at} tabIndex={0} style={{ whiteSpace: "nowrap" }}>{ago(at, now)}</time>
    </Tooltip>
  );
}
