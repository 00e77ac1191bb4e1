import { ActionIcon, Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { memo } from "react";

/** A small button that says on hover, focus or touch what a figure means. It stands beside figures that move, and does not move with them. */
export const Definition = memo(function Definition({ of, children }: { of: string; children: string }) {
  return (
    <Tooltip label={children}>
      <ActionIcon variant="transparent" size={24} color="gray" aria-label={`${of}: ${children}`} style={{ cursor: "help", color: "var(--mantine-color-dimmed)" }}>
        <IconInfoCircle size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
});

/** Words with what they mean, which stays beside the last of them however they are broken. */
export function Defined({ words, of = words, children }: { words: string; of?: string; children: string }) {
  const last = words.lastIndexOf(" ") + 1;
  return <>{words.slice(0, last)}<span className="whole">{words.slice(last)}<Definition of={of}>{children}</Definition></span></>;
}
