import { Button } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { useMay } from "../api/me";
import { overviewQuery } from "../api/queries";
import { useStop } from "../api/stop";
import { instant } from "../lib/time";
import { useLive } from "../live/useLive";
import classes from "./StatusBar.module.css";

/**
 * Whether this is a demo and when it plays, whether calls are placed and why not, and the button that stops them, which
 * is there even before anything is known.
 */
export function StatusBar() {
  const frame = useLive((l) => l.frame);
  const first = useQuery(overviewQuery).data;
  const now = frame ?? first;
  const tone = now && !now.dialing.on ? "off" : now?.demo ? "demo" : undefined;
  return (
    <section className={classes.strip} data-tone={tone} aria-label="Dialing">
      <div className={classes.inner}>
        {now?.demo && <Demo virtual={now.virtual} />}
        {now ? <Dialing dialing={now.dialing} /> : <span className={classes.unknown}>The server has not said yet whether it dials.</span>}
        <StopButton stopped={now?.dialing.stopped ?? false} />
      </div>
    </section>
  );
}

function Demo({ virtual }: { virtual: Schemas["MaybeVirtual"] }) {
  return (
    <span className={classes.demo} title={virtual ? `Virtual time in ${virtual.zone}. Nobody is called: the carrier is simulated.` : undefined}>
      <strong>Demo</strong>
      {virtual && (
        <span className="num" data-testid="virtual-clock">
          {instant(virtual.now, virtual.zone)} · {virtual.speed}× real time
        </span>
      )}
    </span>
  );
}

function Dialing({ dialing }: { dialing: Schemas["Dialing"] }) {
  const why = dialing.message || dialing.reason;
  return (
    <span className={classes.dialing} data-on={dialing.on} role="status">
      <span className="dot" aria-hidden />
      {dialing.on ? "Dialing" : `Not dialing${why ? `: ${why}` : ""}`}
    </span>
  );
}

function StopButton({ stopped }: { stopped: boolean }) {
  const { stop, resume, busy } = useStop();
  const may = useMay();
  if (!may(stopped ? "dialing.resume" : "dialing.stop")) return null;
  return stopped ? (
    <Button className={classes.stop} size="compact-sm" loading={busy} leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={() => resume()}>
      Resume dialing
    </Button>
  ) : (
    <Button className={classes.stop} size="compact-sm" variant="outline" color="red.8" loading={busy} leftSection={<IconHandStop size={15} aria-hidden />} onClick={() => stop()}
      styles={{ root: { color: "var(--app-bad)", borderColor: "currentColor" } }}>
      Stop all calls
    </Button>
  );
}
