import { replaceEqualDeep } from "@tanstack/react-query";
import type { LiveFrame } from "../api/client";

/** connecting: no frame yet · live · lost: trying again · paused: by the person, or the page is hidden. */
export type Link = "connecting" | "live" | "lost" | "paused";

/** One moment of the live board, kept for the sparkline. */
export interface Point {
  at: number;
  inProgress: number;
}

export interface LiveState {
  link: Link;
  frame: LiveFrame | null;
  history: readonly Point[];
  /** How often the stream began to flow: more than before means that there was a gap. */
  openings: number;
}

/** Moments kept: two minutes at one frame a second. */
export const HISTORY = 120;
/** A stream silent for this long (ms) is taken for dead; frames come about once a second. */
const SILENCE = 10_000;
/** Wait (ms) before a stream that the browser gave up is opened again. */
const REOPEN = 3_000;

let state: LiveState = { link: "connecting", frame: null, history: [], openings: 0 };
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let paused = false;
const listeners = new Set<() => void>();

function set(next: Partial<LiveState>) {
  state = { ...state, ...next };
  for (const tell of listeners) tell();
}

/** Adds a moment; history is by arrival, since a virtual clock stands still while dialing is stopped. */
export function remember(history: readonly Point[], frame: LiveFrame, at: number): readonly Point[] {
  return [...history, { at, inProgress: frame.calls_in_progress }].slice(-HISTORY);
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

function reopenIn(ms: number) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    close();
    set({ link: "lost" });
    open();
  }, ms);
}

function open() {
  source = new EventSource("/v1/live");
  source.onerror = () => {
    set({ link: "lost" });
    // The browser tries again by itself, unless the answer was not a stream at all.
    if (source?.readyState === EventSource.CLOSED) reopenIn(REOPEN);
  };
  source.addEventListener("live", (e: MessageEvent<string>) => {
    const frame = replaceEqualDeep(state.frame, JSON.parse(e.data) as LiveFrame) as LiveFrame; // what did not change stays the same object
    reopenIn(SILENCE);
    const openings = state.openings + (state.link === "live" ? 0 : 1);
    set({ link: "live", frame, openings, history: remember(state.history, frame, Date.now()) });
  });
  reopenIn(SILENCE);
}

/**
 * One stream per visible page: browsers allow six HTTP/1.1 connections to a host across all tabs, so a hidden tab
 * gives its own back.
 */
function sync() {
  const wanted = listeners.size > 0 && !document.hidden && !paused;
  if (wanted && !source) {
    set({ link: state.frame ? "lost" : "connecting" });
    open();
  } else if (!wanted && source) {
    close();
    set({ link: "paused" });
  }
}

export function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", sync);
  listeners.add(listener);
  sync();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener("visibilitychange", sync);
    sync();
  };
}

/** Stops or restarts all live updates of this page, for reading a figure in peace. */
export function pause(on: boolean) {
  paused = on;
  sync();
}

export const snapshot = (): LiveState => state;
