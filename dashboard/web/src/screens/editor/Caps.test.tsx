import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { useReducer } from "react";
import { expect, test } from "vitest";
import { sampleCadences } from "../../../e2e/mock/cadences";
import type { CadenceDocument, Problem } from "../../api/client";
import { Caps } from "./Caps";
import { type Path, put } from "./document";
import { DraftProvider } from "./fields";
import { fresh, reduce } from "./useDraft";

/** The caps of a draft that is not stored anywhere; `now` is what its document says of them. */
function draft(caps?: CadenceDocument["caps"], problems: Problem[] = []) {
  const sample = sampleCadences("few", "2026-01-06T15:00:00Z")[0];
  if (!sample) throw new Error("there is no sample");
  let now: CadenceDocument["caps"];
  function Held() {
    const [state, act] = useReducer(reduce, { ...sample, draft: { ...sample?.draft, caps } as CadenceDocument, problems } as typeof sample & object, fresh);
    now = state.document.caps;
    const edit = (change: (d: CadenceDocument) => CadenceDocument) => act({ do: "edit", change });
    const set = (path: Path, value: unknown) => edit((d) => put(d, path, value));
    return <DraftProvider value={{ draft: state, edit, set, send: async () => {}, load: () => {} }}><Caps /></DraftProvider>;
  }
  render(<MantineProvider env="test"><Held /></MantineProvider>);
  return () => now;
}
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const add = () => screen.queryByRole("button", { name: "Add a cap" });

test("a cadence without caps says so, and gets one that is whole from the start", () => {
  const caps = draft();
  expect(screen.getByText("As many as law and house allow.")).toBeDefined();
  fireEvent.click(add() as HTMLElement);
  expect(caps()).toEqual({ lead: [{ max: 1, per: "day" }] });
  type("Cap 1: at most", "3");
  expect(caps()).toEqual({ lead: [{ max: 3, per: "day" }] });
  expect(screen.queryByLabelText("Cap 1: how many")).toBeNull(); // a day is one day
});

test("the unit changes and what it counts stays where that means something", () => {
  const caps = draft({ lead: [{ max: 2, per: "day" }, { max: 7, per: "7d" }] });
  type("Cap 1: unit", "h");
  expect(caps()?.lead?.[0]).toEqual({ max: 2, per: "24h" });
  type("Cap 1: how many", "36");
  type("Cap 1: unit", "d");
  expect(caps()?.lead?.[0]).toEqual({ max: 2, per: "36d" });
  type("Cap 2: unit", "day");
  expect(caps()?.lead).toEqual([{ max: 2, per: "36d" }, { max: 7, per: "day" }]);
  type("Cap 2: unit", "d");
  expect(caps()?.lead?.[1]).toEqual({ max: 7, per: "7d" });
});

test("the last cap takes the list with it; the calls of a day stay", () => {
  const caps = draft({ lead: [{ max: 1, per: "day" }, { max: 5, per: "7d" }], daily: 100 });
  fireEvent.click(screen.getByRole("button", { name: "Remove cap 1" }));
  expect(caps()).toEqual({ lead: [{ max: 5, per: "7d" }], daily: 100 });
  fireEvent.click(screen.getByRole("button", { name: "Remove cap 1" }));
  expect(caps()).toEqual({ daily: 100 });
  type("Calls of the cadence a day", "");
  expect(caps()).toBeUndefined();
});

test("no more caps are offered than the server takes", () => {
  draft({ lead: Array.from({ length: 4 }, (_, i) => ({ max: i + 1, per: "day" })) });
  fireEvent.click(add() as HTMLElement);
  expect(screen.getAllByRole("button", { name: /^Remove cap/ }).length).toBe(5);
  expect(add()).toBeNull();
});

test("what the server says of a cap stands at that cap", () => {
  draft({ lead: [{ max: 1, per: "day" }, { max: 5, per: "900h" }] }, [{ severity: "error", code: "bad_span", path: "caps.lead[1].per", message: "at most 744 hours" }]);
  const rows = screen.getByRole("list", { name: "Caps per lead" }).children;
  expect(rows[0]?.textContent).not.toContain("At most 744 hours.");
  expect(rows[1]?.textContent).toContain("At most 744 hours.");
});
