import createClient, { type Middleware } from "openapi-fetch";
import { sentence } from "../lib/format";
import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Overview = Schemas["Overview"];
export type LiveFrame = Schemas["LiveFrame"];
export type CadenceItem = Schemas["CadenceItem"];
export type CadenceDetail = Schemas["CadenceDetail"];
export type CadenceDocument = Schemas["CadenceDocument"];
export type CadenceStatus = Schemas["CadenceStatus"];
export type AnswerType = Schemas["AnswerType"];
export type Step = Schemas["Step"];

/** An answer the server refused with, or the lack of one. Code "offline" means that nothing answered. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: readonly Problem[] = [],
    readonly status = 0,
    /** The field or parameter it is about, empty when none. */
    readonly field = "",
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** A key under which the server remembers this write, so that a repeat of it is harmless. */
function writeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

const idempotent: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("Idempotency-Key", writeKey());
    return request;
  },
};

/** The typed client: path, parameters, body and answer are checked against the contract. */
export const client = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => globalThis.fetch(request),
});
client.use(idempotent);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Turns an answer into its data, and everything else into an ApiError. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let a: Answer<T>;
  try {
    a = await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("offline", "The server did not answer. Is it running, and is the network up?");
  }
  if (a.response.ok) return a.data as T;
  throw refusal(a.error, a.response.status);
}

function refusal(body: unknown, status: number): ApiError {
  const e = (body as Partial<Schemas["ErrorBody"]> | undefined)?.error;
  if (e && typeof e.message === "string") return new ApiError(e.code, sentence(e.message), e.details ?? [], status, e.field);
  return new ApiError("internal", `The server answered ${status} without a reason.`, [], status);
}

/** What to tell a person about something that was thrown. */
export function explain(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("internal", error instanceof Error ? error.message : String(error));
}
