// Runs the browser tests:
//   node e2e/run.mjs states    the states that a real server is rarely in, of the stand-in of e2e/mock
//   node e2e/run.mjs story     the first day with the program CARILLON_BIN, from its first start to the kill switch
//   node e2e/run.mjs URL       what people do at a server that dials and asks for no sign-in
//   node e2e/run.mjs cost      what the page costs, of the program CARILLON_BIN
// CHROMIUM names the browser, SHOTS a directory for pictures.
import { startVitest } from "vitest/node";

const sets = {
  states: ["heard", "states", "people", "lists", "operation", "keyboard"],
  story: ["story"],
  cost: ["cost"],
};
const server = ["product", "import", "editor", "hostile"];
const [what = "states"] = process.argv.slice(2);
const url = /^https?:/.test(what);
if (url) process.env.CARILLON_URL = what.replace(/\/$/, "");
else if (!(what in sets)) throw new Error(`there is nothing called ${what} to run, only ${Object.keys(sets).join(", ")} and a URL`);
// One after the other and in this order: the demo dials most at its beginning, which the first ones look at.
for (const name of url ? server : sets[what]) {
  const vitest = await startVitest("test", [`e2e/${name}.e2e.ts`], {
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
  if (process.exitCode) break; // what failed is the last that is said
}
