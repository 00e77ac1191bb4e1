import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client } from "../../api/client";
import { startAnew } from "../../api/me";
import { useTitle } from "../../lib/useTitle";
import { Panel } from "./Panel";
import { tokenOf } from "./token";

/** Creates the first owner, by the token that the server printed. */
export function Setup() {
  useTitle("Set up");
  const [token, setToken] = useState(tokenOf);
  const [given] = useState(token !== "");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const make = useMutation({ mutationFn: () => ask(client.POST("/v1/setup", { body: { token, name, email, password } })), onSuccess: () => startAnew("/") });
  return (
    <Panel title="Create the owner" button="Create the owner" busy={make.isPending} error={make.error} submit={() => make.mutate()}
      intro="The owner may do everything, and invites everybody else.">
      {!given && <TextInput label="Token" description="Printed by the server when it started, behind #token=" required value={token} onChange={(e) => setToken(e.currentTarget.value.trim())} />}
      <TextInput label="Name" autoComplete="name" required autoFocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <TextInput label="E-mail" type="email" autoComplete="username" required value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
      <NewPassword value={password} set={setPassword} />
    </Panel>
  );
}

/** Sets the password of whoever was sent a link. */
export function Welcome() {
  useTitle("Welcome");
  const [token] = useState(tokenOf);
  const [password, setPassword] = useState("");
  const accept = useMutation({ mutationFn: () => ask(client.POST("/v1/welcome", { body: { token, password } })), onSuccess: () => startAnew("/") });
  return (
    <Panel title="Choose a password" button="Set it and sign in" busy={accept.isPending} error={accept.error} submit={() => accept.mutate()}
      intro="Your link works once. All places where you are signed in now are signed out.">
      <NewPassword value={password} set={setPassword} focus />
    </Panel>
  );
}

/** A new password, with what it takes said before it is refused. */
export function NewPassword({ value, set, focus, label = "Password" }: { value: string; set: (v: string) => void; focus?: boolean; label?: string }) {
  return (
    <PasswordInput label={label} description="At least 12 characters; a few words in a row are easy to remember" autoComplete="new-password" required minLength={12} maxLength={256}
      autoFocus={focus} value={value} onChange={(e) => set(e.currentTarget.value)} />
  );
}
