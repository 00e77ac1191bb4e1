import { expect, test } from "vitest";
import { csv } from "./csv";

test("quotes what needs it, and lets no text become a formula", () => {
  expect(csv(["line", "why"], [[2, 'a "b", c'], [-3, "=1+1"], [4, "+1303"], [5, "@x\n"]])).toBe(
    'line,why\r\n2,"a ""b"", c"\r\n-3,\'=1+1\r\n4,\'+1303\r\n5,"\'@x\n"\r\n',
  );
});
