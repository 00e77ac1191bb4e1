import { Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconListDetails, IconUpload } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useListPages } from "../../api/lists";
import { useMay } from "../../api/me";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { ListTable } from "./ListTable";

/** The lists that leads came in with: how far each is worked through, and how its leads are called. */
export default function Lists() {
  useTitle("Lists");
  const all = useListPages();
  const go = useNavigate();
  const may = useMay();
  useShortcuts(may("leads.import") ? [{ keys: "n", label: "Import leads", group: "This page", run: () => void go({ to: "/lists/import" }) }] : []);
  const lists = all.data?.pages.flatMap((p) => p.items) ?? [];
  const first = all.data?.pages[0];
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Lists</Title>
        <ImportButton keys />
      </Group>
      {all.error && all.data && <StaleAlert error={all.error} since={all.dataUpdatedAt} retry={() => void all.refetch()} />}
      <section className="card" aria-label="Lists" data-rows>
        {!first ? (
          all.error ? <ErrorState what="the lists" error={all.error} retry={() => void all.refetch()} /> : <Loading />
        ) : lists.length === 0 ? (
          <EmptyState icon={IconListDetails} title="No list yet" action={<ImportButton />}>
            Every file of leads makes a list. Here you pause it, give it a priority, let so many new leads go a day, and see how far it is worked through.
          </EmptyState>
        ) : (
          <>
            <ListTable lists={lists} now={first.as_of} />
            <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
              <Text size="sm" c="dimmed" role="status">{plural(lists.length, "list")}{all.hasNextPage ? ", and more" : ""}. Today ends {instant(first.day_ends)}.</Text>
              {all.hasNextPage && <Button size="compact-md" variant="default" loading={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>Show more</Button>}
            </Group>
          </>
        )}
      </section>
    </>
  );
}

function ImportButton({ keys }: { keys?: boolean }) {
  const may = useMay();
  if (!may("leads.import")) return null;
  return <Button component={Link} to="/lists/import" leftSection={<IconUpload size={16} aria-hidden />} rightSection={keys && <KeyCap of="n" />} aria-keyshortcuts={keys ? "n" : undefined}>Import leads</Button>;
}

function Loading() {
  return (
    <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy="true">
      <VisuallyHidden>Loading the lists</VisuallyHidden>
      {Array.from({ length: 5 }, (_, i) => <Skeleton key={i} h={44} />)}
    </div>
  );
}
