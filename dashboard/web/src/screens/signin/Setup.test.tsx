import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

const nobody = { sign_in: "required", needs_owner: false, kind: "", name: "", user: null, grants: [], zone: null } as const;

test("the set-up creates the first owner", async () => {
  page("/setup", { me: { ...nobody, needs_owner: true, grants: [] } });
  expect(await screen.findByRole("button", { name: "Create the owner" })).toBeDefined();
});

test("with an owner the set-up shows no form, and the way to the sign-in", async () => {
  const { router } = page("/setup", { me: { ...nobody, grants: [] } });
  expect(await screen.findByRole("heading", { name: "There is an owner already" })).toBeDefined();
  expect(screen.queryByLabelText("Token")).toBeNull();
  await userEvent.click(screen.getByRole("link", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeDefined();
  expect(router.state.location.pathname).toBe("/");
});

test("whoever is signed in sees no form either", async () => {
  page("/setup", { me: { ...nobody, kind: "user", name: "Owner 1", grants: ["figures.read"] } });
  expect(await screen.findByRole("link", { name: "Go to the overview" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Create the owner" })).toBeNull();
});
