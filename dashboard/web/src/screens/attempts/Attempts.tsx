import { Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useMediaQuery, useThrottledValue } from "@mantine/hooks";
import { IconArrowUp, IconPhoneOutgoing, IconPlayerPause, IconPlayerPlay, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useZone } from "../../api/me";
import type { View } from "../../api/views";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { count, plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { AttemptFilters } from "./AttemptFilters";
import { AttemptCards, AttemptTable } from "./AttemptTable";
import classes from "./Attempts.module.css";
import { attemptSearch, filterOf, isFiltered } from "./search";
import { ViewsMenu } from "../../views/ViewsMenu";
import { useDefaultView } from "../../views/useDefaultView";
import { useTail } from "./useTail";

const route = getRouteApi("/attempts");

/** Least time (ms) between two counts that a screen reader is told. */
const SPOKEN = 10_000;

/** Every call as it is made. Rows stay where they are: new calls wait above the list until they are asked for. */
export default function Attempts() {
  useTitle("Attempts");
  const search = route.useSearch();
  const go = route.useNavigate();
  const filter = filterOf(search);
  const open = useCallback((v: View) => void go({ search: { ...attemptSearch(v.search), view: v.id } }), [go]);
  const ready = useDefaultView("attempts", search, open);
  const [paused, setPaused] = useState(false);
  const { list, tail: kept, now, showNew } = useTail(filter, paused, ready);
  const tail = ready ? kept : undefined;
  useShortcuts([
    { keys: "p", label: paused ? "Let the list go on" : "Pause the list", group: "This page", run: () => setPaused(!paused) },
    { keys: "s", label: "Show the new calls", group: "This page", run: showNew },
  ]);
  const zone = useZone();
  const narrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const Rows = narrow ? AttemptCards : AttemptTable;
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Attempts</Title>
        <Group gap="sm">
          <ViewsMenu page="attempts" search={search} open={open} drop={() => void go({ search: filter })} />
          <Button variant="default" aria-pressed={paused} aria-keyshortcuts="p" onClick={() => setPaused(!paused)} rightSection={<KeyCap of="p" />}
            leftSection={paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}>
            {paused ? "Go on" : "Pause"}
          </Button>
        </Group>
      </Group>
      <AttemptFilters />
      {list.error && tail && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Attempts" data-rows>
        {!tail ? (
          list.error ? <ErrorState what="the attempts" error={list.error} retry={() => void list.refetch()} /> : <Loading />
        ) : (
          <>
            <NewOnes n={tail.waiting} more={list.hasNextPage && tail.waiting >= 100} paused={paused} show={showNew} />
            {tail.rows.length === 0 ? (
              list.hasNextPage ? <Searching /> : isFiltered(filter) ? <NoMatch /> : <Nothing />
            ) : (
              <Rows rows={tail.rows} now={now} zone={zone} />
            )}
            {(tail.rows.length > 0 || list.hasNextPage) && (
              <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
                <Text size="sm" c="dimmed">{plural(tail.rows.length, "call")}, newest first</Text>
                {list.hasNextPage && (
                  <Button size="compact-md" variant="default" loading={list.isFetchingNextPage} disabled={paused} onClick={() => void list.fetchNextPage()}>
                    {tail.rows.length === 0 ? "Look further back" : "Show older"}
                  </Button>
                )}
              </Group>
            )}
          </>
        )}
      </section>
    </>
  );
}

/** How many calls came since; pressing it brings them in. */
function NewOnes({ n, more, paused, show }: { n: number; more: boolean; paused: boolean; show: () => void }) {
  const text = `${count(n)}${more ? "+" : ""} new`;
  const spoken = useThrottledValue(n > 0 ? `${text} calls` : "", SPOKEN);
  return (
    <>
      <VisuallyHidden role="status">{spoken}</VisuallyHidden>
      {(n > 0 || paused) && (
        <div className={classes.new}>
          {n > 0 ? (
            <Button size="compact-sm" variant="light" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={show}>{text}</Button>
          ) : (
            <Text size="sm" c="dimmed">Paused: nothing on this page moves. Calls go on.</Text>
          )}
        </div>
      )}
    </>
  );
}

function Searching() {
  return (
    <EmptyState icon={IconSearchOff} title="No match so far">
      The newest calls that were looked through do not match. One request looks through 20,000 calls; older ones may match.
    </EmptyState>
  );
}

function NoMatch() {
  const go = route.useNavigate();
  return (
    <EmptyState icon={IconSearchOff} title="No call matches" action={<Button variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>}>
      No call has this cadence, disposition, state, caller ID and time together.
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={IconPhoneOutgoing} title="No call yet">
      Each call appears here the moment it is allowed: where it stands, how it ended, and, when opened, every rule that was
      looked at and everything the carrier told. Activate a cadence and enroll leads to see the first.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy>
      <VisuallyHidden>Loading the attempts</VisuallyHidden>
      {Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={34} />)}
    </div>
  );
}
