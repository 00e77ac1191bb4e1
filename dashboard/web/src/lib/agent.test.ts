import { expect, test } from "vitest";
import { agentName } from "./agent";

test("names the browser that a header means, not those it claims to be like", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  expect(agentName(chrome)).toBe("Chrome on Linux");
  expect(agentName(`${chrome} Edg/140.0.0.0`.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64"))).toBe("Edge on Windows");
  expect(agentName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1")).toBe("Safari on an iPhone");
  for (const other of ["curl/8.5.0", ""]) expect(agentName(other)).toBe(other);
});
