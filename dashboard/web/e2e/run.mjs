// Runs the browser tests: `npm run e2e -- http://127.0.0.1:8080` against a running server, what people do there; without
// an address the states a real server is rarely in, of the stand-in of e2e/mock; `npm run e2e -- story` the first day with the
// program that CARILLON_BIN names. CHROMIUM names the browser, SHOTS a directory for pictures.
import { startVitest } from "vitest/node";

const [what] = process.argv.slice(2);
const base = what === "story" ? undefined : what;
if (base) process.env.CARILLON_URL = base.replace(/\/$/, "");
const files = what === "story" ? ["e2e/story.e2e.ts"] : base ? ["e2e/product.e2e.ts", "e2e/import.e2e.ts", "e2e/editor.e2e.ts", "e2e/signin.e2e.ts"] : ["e2e/states.e2e.ts", "e2e/people.e2e.ts", "e2e/lists.e2e.ts", "e2e/operation.e2e.ts"];
// One after the other and in this order: the demo dials most at its beginning, which the first ones look at.
for (const file of files) {
  const vitest = await startVitest("test", [file], {
    run: true,
    watch: false,
    environment: "node",
    setupFiles: [],
    include: ["e2e/**/*.e2e.ts"],
    fileParallelism: false,
    maxConcurrency: 3, // of the tests that only look
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  });
  await vitest?.close();
}
