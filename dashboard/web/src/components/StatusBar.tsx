import { Button } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveFrame, Overview, Schemas } from "../api/client";
import { useMay, useZone } from "../api/me";
import { overviewQuery } from "../api/queries";
import { instant } from "../lib/time";
import { useLive } from "../live/useLive";
import classes from "./StatusBar.module.css";
import { StopQuestion } from "./StopQuestion";

/** How long (ms) the stream may take to say something before the overview is asked. */
const PATIENCE = 1_000;

/** What is told of the dialing as a whole. */
type Now = Pick<LiveFrame & Overview, "demo" | "virtual" | "dialing">;

/** Reads one thing of what the stream says, or of the overview where that is newer: the stream is held, slow or cannot get through. */
export function useNow<T>(pick: (now: Now) => T): T | undefined {
  const asked = useQuery({ ...overviewQuery, enabled: false }).data;
  return useLive(({ link, frame }) => {
    const now = frame && (link === "live" || !asked || asked.as_of < frame.as_of) ? frame : asked;
    return now && pick(now);
  });
}

/** Asks the overview while the stream is silent, so that a stop and its end show also where figures are held. */
function Fallback() {
  const silent = useLive((l) => l.link !== "live");
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!silent) return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [silent]);
  useQuery({ ...overviewQuery, enabled: silent && late });
  return null;
}

const toneOf = (now: Now) => (now.dialing.on ? (now.demo ? "demo" : "on") : now.dialing.stopped ? "stopped" : "off");

/**
 * Whether this is a demo and when it plays, whether calls are placed and why not, and the button that stops them, which
 * is there on every screen, even before anything is known. A frame that says nothing new of it draws the clock alone.
 */
export function StatusBar() {
  const tone = useNow(toneOf);
  const demo = useNow((n) => n.demo);
  const dialing = useNow((n) => n.dialing);
  const zone = useZone();
  return (
    <section className={classes.strip} data-tone={tone} aria-label="Dialing">
      <div className={classes.inner}>
        <Fallback />
        <div className={classes.words}>
          {demo && <Demo />}
          {dialing ? <Dialing dialing={dialing} /> : <span className={classes.unknown}>The server has not said yet whether it dials.</span>}
          <span className={classes.zone}>Times of {zone}</span>
        </div>
        <Switch dialing={dialing} />
      </div>
    </section>
  );
}

function Demo() {
  const zone = useNow((n) => n.virtual?.zone);
  return (
    <span className={classes.demo} title={zone && `Virtual time in ${zone}. Nobody is called: the carrier is simulated.`}>
      <strong>Demo</strong>
      {zone && <Clock />}
    </span>
  );
}

function Clock() {
  const words = useNow((n) => n.virtual && `${instant(n.virtual.now, n.virtual.zone)} · ${n.virtual.speed}× real time`);
  return <span className="num" data-testid="virtual-clock">{words}</span>;
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
