import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { ApiError, type CadenceDetail, type CadenceDocument, type Problem, explain } from "../../api/client";
import { saveDraft } from "../../api/drafting";
import { meQuery } from "../../api/me";
import { notice } from "../../api/queries";
import { refused } from "../../lib/notify";
import { type Path, put } from "./document";
import { type Kept, forget, keep, kept } from "./kept";
import { gathered } from "./problems";

/** Wait (ms) after the last change before it is stored. */
const PAUSE = 900;

export type Saving = "saved" | "changed" | "saving" | "refused" | "conflict" | "offline";

export interface Draft {
  document: CadenceDocument;
  /** Fingerprint of what the server has. */
  revision: number;
  saving: Saving;
  /** Why it could not be stored. */
  message: string;
  problems: readonly Problem[];
  publishable: boolean;
  /** Counts changes, so that an answer knows whether it is still about the newest one. */
  edits: number;
}

export type Action =
  | { do: "edit"; change: (d: CadenceDocument) => CadenceDocument }
  | { do: "sending" }
  | { do: "stored"; answer: CadenceDetail; edits: number }
  | { do: "failed"; error: unknown; edits: number }
  | { do: "load"; answer: CadenceDetail };

export const fresh = (c: CadenceDetail): Draft => ({ document: c.draft, revision: c.revision, saving: "saved", message: "", problems: gathered(c.problems), publishable: c.publishable, edits: 0 });

/** The draft as it was left: it is stored now, unless somebody else has changed it since. */
export const resumed = (c: CadenceDetail, was: Kept): Draft => ({ ...fresh(c), document: was.document, saving: was.revision === c.revision ? "changed" : "conflict", edits: 1 });

/** What becomes of a draft: pure, so that every order of answers can be tested. */
export function reduce(s: Draft, a: Action): Draft {
  switch (a.do) {
    case "edit": {
      const document = a.change(s.document);
      if (document === s.document) return s;
      return { ...s, document, saving: s.saving === "conflict" ? "conflict" : "changed", edits: s.edits + 1 };
    }
    case "sending":
      return { ...s, saving: "saving", message: "" };
    case "stored": {
      const newest = a.edits === s.edits;
      return { ...s, revision: a.answer.revision, problems: gathered(a.answer.problems), publishable: a.answer.publishable, saving: newest ? "saved" : "changed", message: "" };
    }
    case "failed": {
      const e = explain(a.error);
      if (e.code === "conflict" && e.status === 409 && e.field === "If-Match") return { ...s, saving: "conflict", message: e.message };
      const saving = a.edits !== s.edits ? "changed" : e.code === "offline" || e.code === "unavailable" ? "offline" : "refused";
      const own: Problem[] = e.field === "" || saving !== "refused" ? [] : [{ severity: "error", code: e.code, path: e.field, message: e.message }];
      const problems = e.details.length > 0 ? gathered(e.details) : own.length > 0 ? [...own, ...s.problems.filter((p) => p.path !== e.field)] : s.problems;
      return { ...s, saving, message: e.message, problems, publishable: false };
    }
    case "load":
      return { ...fresh(a.answer), edits: s.edits + 1 };
  }
}

/**
 * A draft that stores itself a moment after each change, one request at a time, and never over somebody else's. What cannot
 * be stored when the page goes, as when the session has ended, is kept in the tab until the editor is open again.
 */
export function useDraft(cadence: CadenceDetail) {
  const queries = useQueryClient();
  const user = useRef(queries.getQueryData(meQuery.queryKey)?.user?.id ?? "").current;
  const [draft, act] = useReducer(reduce, cadence, (c) => {
    const was = kept(user, c.id);
    return was ? resumed(c, was) : fresh(c);
  });
  useEffect(() => forget(user, cadence.id), [user, cadence.id]);
  const now = useRef(draft);
  now.current = draft;
  const flight = useRef<Promise<void>>(undefined);
  // What the server has, and of which change: the next request may go out before an answer is drawn.
  const known = useRef({ revision: cadence.revision, edits: 0 });

  // The last request failed because the session had ended: the page goes without anybody having chosen to leave it.
  const signedOut = useRef(false);

  const store = useCallback((document: CadenceDocument, edits: number) => {
    const one = saveDraft(cadence.id, known.current.revision, document).then((answer) => {
      known.current = { revision: answer.revision, edits };
      act({ do: "stored", answer, edits });
      queries.setQueryData(["cadence", cadence.id], answer);
      void queries.invalidateQueries({ queryKey: ["cadences"] });
    });
    const over = () => void (flight.current = undefined);
    flight.current = one.then(over, over);
    return one;
  }, [cadence.id, queries]);

  const send = useCallback(async (revision?: number): Promise<void> => {
    while (flight.current) await flight.current;
    const { document, edits } = now.current;
    if (revision !== undefined) known.current.revision = revision;
    else if (known.current.edits === edits) return; // whoever waited before has sent it
    act({ do: "sending" });
    await store(document, edits).catch((error: unknown) => {
      signedOut.current = error instanceof ApiError && error.status === 401;
      notice(queries, error);
      act({ do: "failed", error, edits });
    });
  }, [queries, store]);

  useEffect(() => {
    if (draft.saving !== "changed") return;
    const timer = setTimeout(() => void send(), PAUSE);
    return () => clearTimeout(timer);
  }, [draft.saving, draft.edits, send]);

  // A tab that is closed with something unsaved asks first.
  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (now.current.saving !== "saved") e.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  // Leaving for another page stores what was just typed, after what is on its way.
  useEffect(() => {
    const leave = async () => {
      const { document, edits, saving } = now.current;
      if (saving === "refused" && signedOut.current) return void keep(user, cadence.id, { revision: known.current.revision, document });
      if (saving !== "changed" && saving !== "saving") return;
      while (flight.current) await flight.current;
      if (known.current.edits === edits) return;
      await store(document, edits).catch((e: unknown) => {
        const back = keep(user, cadence.id, { revision: known.current.revision, document });
        refused(`The last changes of “${document.name}” were not stored`, e, back ? "They are kept in this tab: open its editor again." : undefined);
      });
    };
    return () => void leave();
  }, [store, user, cadence.id]);

  const edit = useCallback((change: (d: CadenceDocument) => CadenceDocument) => act({ do: "edit", change }), []);
  const set = useCallback((path: Path, value: unknown) => edit((d) => put(d, path, value)), [edit]);
  const load = useCallback((answer: CadenceDetail) => {
    known.current = { revision: answer.revision, edits: now.current.edits + 1 };
    act({ do: "load", answer });
  }, []);
  return { draft, edit, set, send, load };
}

export type Drafting = ReturnType<typeof useDraft>;
