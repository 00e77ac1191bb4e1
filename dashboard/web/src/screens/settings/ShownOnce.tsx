import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { Dialog } from "../../components/Dialog";

/** A secret that the server shows this once. */
export function ShownOnce({ title, secret, children, close }: { title: string; secret: string; children: string; close: () => void }) {
  return (
    <Dialog onClose={close} title={title} centered closeOnClickOutside={false} size="lg">
      <Stack gap="md">
        <Text size="sm">{children}</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }} data-testid="secret">{secret}</Code>
        <Group justify="flex-end">
          <CopyButton value={secret}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? "Copied" : "Copy"}</Button>}</CopyButton>
          <Button onClick={close} data-autofocus>I have it</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
