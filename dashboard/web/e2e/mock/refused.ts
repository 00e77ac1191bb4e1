import type { Schemas } from "../../src/api/client";

/** Refused with the contract's error. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: Schemas["ErrorBody"]["error"]["code"], message: string, readonly details: Schemas["Problem"][] = [], readonly field = "") {
    super(message);
  }
}
