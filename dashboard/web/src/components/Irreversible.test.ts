import { expect, test } from "vitest";
import { typedAs } from "./Irreversible";

test("takes what was asked for, however it is written, and nothing less", () => {
  for (const [text, wanted] of [["Same-day quote", "Same-day quote"], [" same-day  QUOTE ", "Same-day quote"], ["1,204", "1204"], ["1204", "1,204"]] as const) expect(typedAs(text, wanted)).toBe(true);
  for (const [text, wanted] of [["", ""], ["Same-day", "Same-day quote"], ["12", "1,204"], ["yes", "undo"]] as const) expect(typedAs(text, wanted)).toBe(false);
});
