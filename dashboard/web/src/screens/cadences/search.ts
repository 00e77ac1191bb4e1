import type { AnswerType, CadenceStatus } from "../../api/client";
import { statusNames, typeNames } from "../../lib/figures";
import { viewId } from "../../views/search";

/** Which cadences the list shows; it lives in the address. */
export interface ListSearch {
  status?: CadenceStatus;
  type?: AnswerType;
  audience?: "manual" | "view";
  channel?: "call" | "email" | "task";
  q?: string;
  /** The saved view that was opened. */
  view?: string;
}

export const isStatus = (v: unknown): v is CadenceStatus => typeof v === "string" && v in statusNames;
export const isType = (v: unknown): v is AnswerType => typeof v === "string" && v in typeNames;

/** Reads the filters from the address; what is not one is left out. */
export function listSearch(s: Record<string, unknown>): ListSearch {
  return {
    status: isStatus(s.status) ? s.status : undefined,
    type: isType(s.type) ? s.type : undefined,
    audience: s.audience === "manual" || s.audience === "view" ? s.audience : undefined,
    channel: s.channel === "call" || s.channel === "email" || s.channel === "task" ? s.channel : undefined,
    q: typeof s.q === "string" && s.q !== "" ? s.q.slice(0, 200) : typeof s.q === "number" ? String(s.q) : undefined,
    view: viewId(s.view),
  };
}
