import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { Scene } from "../../e2e/mock/world";
import { pause } from "../live/stream";
import { FakeStream } from "../test/FakeStream";
import { page } from "../test/page";

afterEach(() => pause(false));

test("a stop shows also where figures are held still", async () => {
  const { world } = page("/templates");
  await screen.findByRole("heading", { name: "Templates" });
  act(() => FakeStream.open?.send(world.frame()));
  await screen.findByText("Dialing", { selector: "[role=status]" });
  await userEvent.click(screen.getByRole("button", { name: /^Live\./ }));
  await screen.findByRole("button", { name: /^Held\./ });
  await userEvent.click(screen.getByRole("button", { name: "Stop all calls…" }));
  await userEvent.click(await screen.findByRole("button", { name: "Stop dialing now" }));
  await screen.findByText("Dialing is stopped");
  expect(await screen.findByRole("button", { name: "Resume dialing…" })).toBeDefined();
});

test("what could not be had comes by itself once the server is heard", async () => {
  const scene: Scene = { failing: 500 };
  const { world } = page("/templates", scene);
  await screen.findByText("Could not load the templates");
  scene.failing = undefined;
  act(() => FakeStream.open?.send(world.frame()));
  expect(await screen.findByText("House of spring")).toBeDefined();
});

test("a server that did not even say who is there is asked again", async () => {
  const scene: Scene = { away: true };
  page("/templates", scene);
  await screen.findByText("Could not load the dashboard");
  scene.away = false;
  expect(await screen.findByText("House of spring")).toBeDefined();
});
