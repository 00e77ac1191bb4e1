import { PasswordInput, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client } from "../../api/client";
import { startAnew } from "../../api/me";
import { useTitle } from "../../lib/useTitle";
import { Panel } from "./Panel";

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
    <main id="main" style={{ display: "grid", placeItems: "center", minHeight: "100dvh", padding: 16 }}>
      <div className="card" style={{ width: "min(460px, 100%)", padding: 28 }}>
        <h1 style={{ fontSize: "1.4rem", marginTop: 0 }}>Nobody can sign in yet</h1>
        <p>When the server started it printed an address that ends in <code>/setup#token=…</code>. Open that address to create the owner.</p>
        <p>It is on the console of whoever started <code>carillon serve</code>; each start prints a new one.</p>
      </div>
    </main>
  );
}
