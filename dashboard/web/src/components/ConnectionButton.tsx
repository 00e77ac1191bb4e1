import { Button, Tooltip } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { type Link, pause } from "../live/stream";
import { useLive } from "../live/useLive";

const faces: Record<Link, { label: string; color: string; hint: string }> = {
  connecting: { label: "Connecting", color: "var(--mantine-color-dimmed)", hint: "Waiting for the first figures." },
  live: { label: "Live", color: "var(--app-good)", hint: "Figures move by themselves. Click to hold them still." },
  lost: { label: "Reconnecting", color: "var(--app-bad)", hint: "The server is not sending. Figures may be old; trying again by itself." },
  paused: { label: "Held", color: "var(--app-warn)", hint: "Figures are held still. Click to let them move again." },
};

/** Says whether the page hears the server, and holds the figures still when clicked. Calls go on either way. */
export function ConnectionButton() {
  const link = useLive((l) => l.link);
  const face = faces[link];
  const held = link === "paused";
  return (
    <Tooltip label={face.hint}>
      <Button
        variant="default" size="compact-md" h={34} px={10} fw={500} fz="sm"
        aria-label={`${face.label}. ${held ? "Let figures move" : "Hold figures still"}`}
        leftSection={<span className="dot" style={{ color: face.color }} />}
        rightSection={held ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        onClick={() => pause(!held)}
      >
        {face.label}
      </Button>
    </Tooltip>
  );
}
