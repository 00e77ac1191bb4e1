import { Anchor, Button, Code, Stack, Text, Title } from "@mantine/core";
import { IconLock, IconPlugConnectedX, IconSearchOff, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { explain } from "../api/client";
import { sentence } from "../lib/format";
import { timeOfDay } from "../lib/time";
import { Notice } from "./Notice";

interface EmptyProps {
  icon: Icon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** The heading's level: 1 when the page has no other title. */
  order?: 1 | 2;
}

/** What would be here, and the one thing to do next. */
export function EmptyState({ icon: Symbol, title, children, action, order = 2 }: EmptyProps) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <Symbol size={38} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden />
      <Title order={order} size="h2">{title}</Title>
      <Text c="dimmed" maw={520} component="div">{children}</Text>
      {action}
    </Stack>
  );
}

/** Nothing could be shown: what failed and what to do. */
export function ErrorState({ what, error, retry, order = 2 }: { what: string; error: unknown; retry: () => void; order?: 1 | 2 }) {
  const e = explain(error);
  if (e.code === "forbidden")
    return (
      <EmptyState icon={IconLock} title="You may not see this" order={order}>
        {e.message} Whoever manages users can change what you may do.
      </EmptyState>
    );
  if (e.code === "not_found") return <EmptyState icon={IconSearchOff} title={sentence(e.message).replace(/\.$/, "")} order={order}>It may have been deleted, or its address is not whole.</EmptyState>;
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center" role="alert">
      <IconPlugConnectedX size={38} stroke={1.4} color="var(--app-bad)" aria-hidden />
      <Title order={order} size="h2">Could not load {what}</Title>
      <Text maw={520}>{e.message}</Text>
      {e.code === "offline" && <Text c="dimmed" size="sm">Start it with <Code>carillon demo</Code> or <Code>carillon serve</Code>; this page goes on by itself.</Text>}
      <Button variant="default" onClick={retry}>Try again</Button>
    </Stack>
  );
}

/** What is shown is old, because fetching it again failed. */
export function StaleAlert({ error, since, retry }: { error: unknown; since: number; retry: () => void }) {
  return (
    <Notice tone="bad" role="alert" mb="md">
      These figures are from {timeOfDay(new Date(since).toISOString())}. {explain(error).message}{" "}
      <Anchor component="button" onClick={retry} fz="inherit" c="inherit" td="underline">Try again</Anchor>
    </Notice>
  );
}
