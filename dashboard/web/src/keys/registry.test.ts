import { afterEach, expect, test, vi } from "vitest";
import { type Press, type Shortcut, caps, isTyping, reader, register, setSingleKeys, shortcuts } from "./registry";

const key = (k: string, more: Partial<Press> = {}): Press => ({ key: k, ctrlKey: false, metaKey: false, altKey: false, repeat: false, target: document.body, ...more });
const one = (keys: string, label = keys): Shortcut => ({ keys, label, group: "Everywhere", run: vi.fn() });
const list = [one("n"), one("g c"), one("g o"), one("mod+k"), one("?"), { ...one("j"), also: ["ArrowDown"] }];
const hit = (read: ReturnType<typeof reader>, ...presses: Press[]) => presses.map((p) => read(p, list)?.keys);

afterEach(() => setSingleKeys(true));

test("one key, two keys in time, and the command key", () => {
  let now = 0;
  const read = reader(() => now);
  expect(hit(read, key("n"), key("?"), key("ArrowDown"))).toEqual(["n", "?", "j"]);
  expect(hit(read, key("g"), key("c"))).toEqual([undefined, "g c"]);
  expect(hit(read, key("g"), key("n"), key("n"))).toEqual([undefined, undefined, "n"]); // the second key ends the pair
  expect(hit(read, key("g"))).toEqual([undefined]);
  now = 2000;
  expect(hit(read, key("c"))).toEqual([undefined]); // too late
  expect(hit(read, key("K", { ctrlKey: true }), key("k", { metaKey: true }))).toEqual(["mod+k", "mod+k"]);
});

test("no key does anything while somebody types, holds another key down, or has switched them off", () => {
  const read = reader();
  const input = document.createElement("input");
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  expect(hit(read, key("n", { target: input }), key("n", { altKey: true }), key("n", { ctrlKey: true }), key("n", { repeat: true }))).toEqual([undefined, undefined, undefined, undefined]);
  expect(hit(read, key("n", { target: box }), key("k", { ctrlKey: true, target: input }))).toEqual(["n", "mod+k"]);
  expect([isTyping(document.createElement("textarea")), isTyping(document.createElement("select")), isTyping(document.createElement("button")), isTyping(null)]).toEqual([true, true, false, false]);
  setSingleKeys(false);
  expect(hit(read, key("n"), key("k", { ctrlKey: true }))).toEqual([undefined, "mod+k"]);
});

test("the newest of two with one key counts, and the older one comes back", () => {
  const off = register([one("n", "of the frame"), one("r", "of the frame")]);
  const offPage = register([one("n", "of the page")]);
  expect(shortcuts().map((s) => s.label)).toEqual(["of the frame", "of the page"]);
  offPage();
  expect(shortcuts().find((s) => s.keys === "n")?.label).toBe("of the frame");
  off();
  expect(shortcuts()).toEqual([]);
});

test("says keys as people call them", () => {
  expect([caps("g c"), caps("mod+k"), caps("?")]).toEqual([["G", "C"], ["Ctrl", "K"], ["?"]]);
});
