import { Button, Group, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Dialog } from "./Dialog";

interface Props {
  title: string;
  /** What has to be typed, and what it is: a name, a count. */
  type: string;
  button: string;
  /** Shuts the door again without a deed. */
  keep?: string;
  busy: boolean;
  close: () => void;
  confirm: () => void;
  children: ReactNode;
}

/** Whether what was typed is what was asked for: case and the spaces around it do not matter, digits may be grouped. */
export function typedAs(text: string, wanted: string): boolean {
  const tidy = (s: string) => s.trim().replace(/\s+/g, " ").toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
  return tidy(text) !== "" && tidy(text) === tidy(wanted);
}

/** Asks before what cannot be taken back, and wants its name typed. What can be is done at once, with a way back. */
export function Irreversible({ title, type, button, keep = "Keep it", busy, close, confirm, children }: Props) {
  const [text, setText] = useState("");
  const ready = typedAs(text, type);
  return (
    <Dialog onClose={close} title={title} centered>
      <form onSubmit={(e) => { e.preventDefault(); if (ready) confirm(); }}>
        {children}
        <TextInput mt="md" label={`Type ${type} to confirm`} value={text} onChange={(e) => setText(e.currentTarget.value)} autoComplete="off" spellCheck={false} data-autofocus />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>{keep}</Button>
          <Button type="submit" color="red.9" disabled={!ready} loading={busy}>{button}</Button>
        </Group>
      </form>
    </Dialog>
  );
}
