import { Button } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { useMay, useZone } from "../api/me";
import { overviewQuery } from "../api/queries";
import { instant } from "../lib/time";
import { useLive } from "../live/useLive";
import classes from "./StatusBar.module.css";
import { StopQuestion } from "./StopQuestion";

/**
 * Whether this is a demo and when it plays, whether calls are placed and why not, and the button that stops them, which
 * is there on every screen, even before anything is known.
 */
export function StatusBar() {
  const frame = useLive((l) => l.frame);
  const first = useQuery(overviewQuery).data;
  const now = frame ?? first;
  const tone = now && !now.dialing.on ? (now.dialing.stopped ? "stopped" : "off") : now?.demo ? "demo" : undefined;
  const zone = useZone();
  return (
    <section className={classes.strip} data-tone={tone} aria-label="Dialing">
      <div className={classes.inner}>
        {now?.demo && <Demo virtual={now.virtual} />}
        {now ? <Dialing dialing={now.dialing} /> : <span className={classes.unknown}>The server has not said yet whether it dials.</span>}
        <span className={classes.zone}>Times of {zone}</span>
        <Switch dialing={now?.dialing} />
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
  const since = dialing.since ? `, since ${instant(dialing.since)}` : "";
  return (
    <span className={classes.dialing} data-on={dialing.on} role="status">
      <span className="dot" aria-hidden />
      {dialing.on ? "Dialing" : `Not dialing${why ? `: ${why}` : ""}${since}`}
    </span>
  );
}

/** The kill switch: stops everything after one question, and lets it go on again for those who may. */
function Switch({ dialing }: { dialing?: Schemas["Dialing"] }) {
  const may = useMay();
  // A dialog stays until it is answered, whatever the stream says meanwhile.
  const [asking, ask] = useState<"stop" | "resume">();
  const stopped = dialing?.stopped ?? false;
  return (
    <>
      {stopped && !may("dialing.resume") && may("dialing.stop") && <span className={classes.stop}>A manager or an owner can resume it.</span>}
      {stopped && may("dialing.resume") && (
        <Button className={classes.stop} size="compact-sm" leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={() => ask("resume")}>Resume dialing…</Button>
      )}
      {!stopped && may("dialing.stop") && (
        <Button className={classes.stop} size="compact-sm" variant="outline" color="red.8" leftSection={<IconHandStop size={15} aria-hidden />} onClick={() => ask("stop")}
          styles={{ root: { color: "var(--app-bad)", borderColor: "currentColor" } }}>
          Stop all calls…
        </Button>
      )}
      <StopQuestion asking={asking} dialing={dialing} close={() => ask(undefined)} />
    </>
  );
}
