import { Suspense, lazy } from "react";
import type { Schemas } from "../api/client";

// The questions come when one is asked, so that the first view need not load them.
const StopDialog = lazy(() => import("./StopDialogs").then((m) => ({ default: m.StopDialog })));
const ResumeDialog = lazy(() => import("./StopDialogs").then((m) => ({ default: m.ResumeDialog })));

interface Props {
  /** What is asked; undefined for nothing. */
  asking: "stop" | "resume" | undefined;
  dialing?: Schemas["Dialing"];
  close: () => void;
}

/** Asks before everything stops, or goes on. */
export function StopQuestion({ asking, dialing, close }: Props) {
  return (
    <Suspense fallback={null}>
      {asking === "stop" && <StopDialog close={close} />}
      {asking === "resume" && <ResumeDialog dialing={dialing} close={close} />}
    </Suspense>
  );
}
