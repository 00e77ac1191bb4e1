import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { explain } from "../api/client";
import { Dialog } from "../components/Dialog";

interface Props {
  title: string;
  button: string;
  name: string;
  close: () => void;
  /** Stores it; what it is refused for is told at the field. */
  save: (name: string) => Promise<unknown>;
}

/** Asks for the name of a view. */
export function NameDialog({ title, button, name, close, save }: Props) {
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const send = () => {
    setBusy(true);
    save(text.trim()).then(close, (e: unknown) => setWrong(explain(e).message)).finally(() => setBusy(false));
  };
  return (
    <Dialog onClose={close} title={title} centered>
      <form onSubmit={(e) => { e.preventDefault(); send(); }}>
        <TextInput label="Name" value={text} error={wrong} maxLength={100} required data-autofocus autoComplete="off" onChange={(e) => { setText(e.currentTarget.value); setWrong(undefined); }} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" loading={busy} disabled={text.trim() === ""}>{button}</Button>
        </Group>
      </form>
    </Dialog>
  );
}
