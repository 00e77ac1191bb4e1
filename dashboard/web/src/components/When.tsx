import { Tooltip } from "@mantine/core";
import { memo } from "react";
import { ago, instant } from "../lib/time";

/** A time in relative words; the exact one with its zone on hover, focus and touch. */
export const When = ({ at, now }: { at: string; now: string }) => <ToldWhen at={at} words={ago(at, now)} />;

/** The same of words that are known. It is drawn again when they are others, and not whenever time goes on. */
export const ToldWhen = memo(function ToldWhen({ at, words }: { at: string; words: string }) {
  return (
    <Tooltip label={instant(at)}>
      <time dateTime={at} tabIndex={0} style={{ whiteSpace: "nowrap" }}>{words}</time>
    </Tooltip>
  );
});
