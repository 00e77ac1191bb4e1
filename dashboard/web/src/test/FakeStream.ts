import type { LiveFrame } from "../api/client";

/** Stands in for the browser's EventSource; the test plays the server. */
export class FakeStream {
  static readonly CLOSED = 2;
  static all: FakeStream[] = [];
  onerror?: () => void;
  readyState = 1;
  private heard?: (e: { data: string }) => void;

  constructor(readonly url: string) {
    FakeStream.all.push(this);
  }

  /** The stream opened last, if it is still open. */
  static get open(): FakeStream | undefined {
    const last = FakeStream.all.at(-1);
    return last?.readyState === FakeStream.CLOSED ? undefined : last;
  }

  addEventListener(_name: string, heard: (e: { data: string }) => void) {
    this.heard = heard;
  }

  send(frame: LiveFrame) {
    this.heard?.({ data: JSON.stringify(frame) });
  }

  /** The connection breaks; for good when the browser gives up too. */
  fail(forGood = false) {
    this.readyState = forGood ? FakeStream.CLOSED : 0;
    this.onerror?.();
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }
}
