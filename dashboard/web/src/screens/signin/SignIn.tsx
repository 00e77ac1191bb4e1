import { Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ask, client } from "../../api/client";
import { type Me, startAnew } from "../../api/me";
import { useTitle } from "../../lib/useTitle";
import { Panel } from "./Panel";
import { tokenOf } from "./token";

/** Stands in the place of any page until somebody is signed in; no address leads here or on from here. */
export function SignIn() {
  useTitle("Sign in");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => ask(client.POST("/v1/session", { body: { email, password } })), onSuccess: () => startAnew() });
  return (
    <Panel title="Sign in" button="Sign in" busy={enter.isPending} error={enter.error} submit={() => enter.mutate()}>
      <TextInput label="E-mail" type="email" autoComplete="username" required autoFocus value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
      <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
      <Text size="xs" c="dimmed">No account, or the password is forgotten? Whoever manages users makes you a link.</Text>
    </Panel>
  );
}

/** What to show while nobody is there yet who could sign in, and the address names no token. */
export function NoOwner() {
  useTitle("Set up");
  return (
    <Word title="Nobody can sign in yet">
      <p>When the server started it printed an address that ends in <code>/setup#token=…</code>. Open that address to create the owner.</p>
      <p>It is on the console of whoever started <code>carillon serve</code>; each start prints a new one.</p>
    </Word>
  );
}

/** What the address of the set-up shows when there is nothing to set up: its token was good for one owner. */
export function SetUpAlready({ me }: { me: Me }) {
  useTitle("Set up");
  useState(tokenOf); // out of the address, used or not
  if (me.sign_in === "none")
    return (
      <Word title="There is nothing to set up" action={<Button component={Link} to="/">Go to the overview</Button>}>
        <p>This server runs without sign-in, so it has no owner.</p>
      </Word>
    );
  return (
    <Word title="There is an owner already" action={<Button component={Link} to="/">{me.kind === "" ? "Sign in" : "Go to the overview"}</Button>}>
      <p>The first owner was created, and an address that ends in <code>/setup</code> creates no second one. Everybody else is invited by whoever manages users.</p>
    </Word>
  );
}

/** A few words that stand alone on the page. */
function Word({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <main id="main" style={{ display: "grid", placeItems: "center", minHeight: "100dvh", padding: 16 }}>
      <div className="card" style={{ width: "min(460px, 100%)", padding: 28 }}>
        <h1 style={{ fontSize: "1.4rem", marginTop: 0 }}>{title}</h1>
        {children}
        {action}
      </div>
    </main>
  );
}
