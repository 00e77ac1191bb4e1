import { MantineProvider } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { answer, errorBody } from "../../e2e/mock/routes";
import { Refused, type Scene, World } from "../../e2e/mock/world";
import { newQueryClient } from "../api/queries";
import { newRouter } from "../router";
import { theme, variables } from "../theme";
import { FakeStream } from "./FakeStream";

export interface Sent {
  method: string;
  path: string;
  body: string;
  key: string | null;
}

/** The whole page at a path, over a stand-in for the server, with every request it sent. Writes wait for the gate. */
export function page(path: string, scene: Scene = {}, gate?: Promise<void>) {
  const world = new World(scene);
  const sent: Sent[] = [];
  vi.stubGlobal("EventSource", FakeStream);
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const body = await request.text();
    sent.push({ method: request.method, path: url.pathname + url.search, body, key: request.headers.get("Idempotency-Key") });
    if (scene.away) throw new TypeError("nobody answers");
    if (request.method !== "GET") await gate;
    try {
      if (request.method === "GET" && scene.failing && url.pathname !== "/v1/me") throw new Refused(scene.failing, "internal", "The ledger is being repaired.");
      const [status, json] = answer(world, request.method, url, body);
      return new Response(json === undefined ? null : JSON.stringify(json), { status, headers: { "Content-Type": "application/json" } });
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      return new Response(JSON.stringify(errorBody(e)), { status: e.status, headers: { "Content-Type": "application/json" } });
    }
  });
  notifications.clean();
  const queries = newQueryClient();
  const router = newRouter(queries, createMemoryHistory({ initialEntries: [path] }));
  const view = render(
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} env="test">
        <Notifications />
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return { ...view, world, sent, router, writes: () => sent.filter((s) => s.method !== "GET") };
}
