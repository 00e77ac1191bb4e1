import type { CadenceDocument } from "../../api/client";

/** A draft that could not be stored, and the revision it was made from. */
export interface Kept {
  revision: number;
  document: CadenceDocument;
}

/** Per person: whoever signs in next on this tab is shown nothing of it. */
const slot = (user: string, cadence: string) => `carillon.unsaved.${user}.${cadence}`;

/** Keeps a draft in this tab, over a sign-in. False when the browser does not: storage is full or refused. */
export function keep(user: string, cadence: string, what: Kept): boolean {
  try {
    sessionStorage.setItem(slot(user, cadence), JSON.stringify(what));
    return true;
  } catch {
    return false;
  }
}

/** What this tab keeps of a draft. */
export function kept(user: string, cadence: string): Kept | undefined {
  try {
    const text = sessionStorage.getItem(slot(user, cadence));
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

/** Drops it, once the editor has it again. */
export function forget(user: string, cadence: string): void {
  try {
    sessionStorage.removeItem(slot(user, cadence));
  } catch {
    // a browser without storage keeps nothing
  }
}
