import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { explain } from "../../api/client";
import { type Template, makeDraft, templateQuery } from "../../api/drafting";
import { useMay } from "../../api/me";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { DocumentView } from "../cadence/DocumentView";
import { ProblemList } from "../cadence/ProblemList";

/** A template in full, before anything is made of it. */
export function TemplatePreview({ template: t, close }: { template: Template; close: () => void }) {
  const go = useNavigate();
  const queries = useQueryClient();
  const may = useMay();
  const full = useQuery(templateQuery(t.id));
  const use = useMutation({
    mutationFn: makeDraft,
    onSuccess: async (c) => {
      await queries.invalidateQueries({ queryKey: ["cadences"] });
      await go({ to: "/cadences/$id/edit", params: { id: c.id } });
    },
  });
  const error = full.error ?? use.error;
  return (
    <Dialog onClose={close} title={t.name} size="80rem" centered>
      {error && <Text c="var(--app-bad)" role="alert" mb="sm">{explain(error).message}</Text>}
      {!full.data ? (
        <Skeleton h={300} />
      ) : (
        <>
          <Text mb="md">{t.description}</Text>
          {!full.data.publishable && <Notice tone="warn" mb="md" title="To mend before it can be published here"><ProblemList problems={full.data.problems.filter((p) => p.severity === "error")} /></Notice>}
          <DocumentView document={full.data.document} />
        </>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>Close</Button>
        {may("cadences.manage") && <Button disabled={!full.data} loading={use.isPending} onClick={() => full.data && use.mutate({ ...full.data.document, name: t.name })}>Begin a cadence with it</Button>}
      </Group>
    </Dialog>
  );
}
