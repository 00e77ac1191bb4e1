import { Button, Stack, Text, Title } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { explain } from "../../api/client";
import { Notice } from "../../components/Notice";

interface Props {
  title: string;
  children: ReactNode;
  intro?: ReactNode;
  button: string;
  busy: boolean;
  error: unknown;
  submit: () => void;
}

/** A form that stands alone on the page, before anybody is signed in. */
export function Panel({ title, intro, children, button, busy, error, submit }: Props) {
  const send = (e: FormEvent) => {
    e.preventDefault();
    submit();
  };
  return (
    <main id="main" style={{ display: "grid", placeItems: "center", minHeight: "100dvh", padding: 16 }}>
      <form className="card" onSubmit={send} style={{ width: "min(420px, 100%)", padding: 28 }}>
        <Stack gap="md">
          <img src="/favicon.svg" width={36} height={36} alt="Carillon" />
          <Title order={1} size="h2">{title}</Title>
          {intro && <Text size="sm" c="dimmed" component="div">{intro}</Text>}
          {children}
          {error != null && <Notice tone="bad" role="alert">{explain(error).message}</Notice>}
          <Button type="submit" loading={busy}>{button}</Button>
        </Stack>
      </form>
    </main>
  );
}
