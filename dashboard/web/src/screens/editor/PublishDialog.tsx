import { Button, Group, Radio, Skeleton, Stack, Text as Words } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CadenceDetail, ask, client, explain } from "../../api/client";
import { diffQuery } from "../../api/drafting";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { plural, sentence } from "../../lib/format";
import { good } from "../../lib/notify";
import { ChangeList } from "./ChangeList";

interface Props {
  cadence: CadenceDetail;
  revision: number;
  close: () => void;
  done: (c: CadenceDetail) => void;
}

/** What publishing changes, whom it touches, and what becomes of the leads that are in it. Once it is published, only moving them is left to do. */
export function PublishDialog({ cadence: c, revision, close, done }: Props) {
  const queries = useQueryClient();
  const [published, keep] = useState<CadenceDetail>();
  const diff = useQuery(diffQuery(c.id, undefined, "draft", revision));
  const [move, setMove] = useState("pin");
  const publish = useMutation({
    mutationFn: async () => {
      const one = { params: { path: { id: c.id } } };
      const after = published ?? (await ask(client.POST("/v1/cadences/{id}/publish", one)));
      if (move !== "migrate") return { after };
      try {
        return { after, moved: await ask(client.POST("/v1/cadences/{id}/migrate", one)) };
      } catch (e) {
        keep(after);
        throw e;
      }
    },
    onSuccess: ({ after, moved }) => {
      const kept = moved?.kept.map((k) => `${plural(k.leads, "lead")} stayed: ${k.reason}.`).join(" ") ?? "";
      good(`“${after.name}” is published`, `Version ${after.version}. ${moved ? `${plural(moved.moved, "lead")} moved to it. ${kept}` : "New enrollments take it."}${after.status === "active" ? "" : " Switch it on to let it dial."}`);
      done(after);
      close();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const enrolled = diff.data?.enrolled ?? 0;
  if (published) {
    const leave = () => {
      done(published);
      close();
    };
    return (
      <Dialog key="published" onClose={leave} title={`Version ${published.version} is published`} size="lg" centered>
        <Notice tone="bad" role="alert" title="The leads in it were not moved">{publish.error && explain(publish.error).message} They stay on the version they entered; new enrollments take version {published.version}.</Notice>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={leave} data-autofocus>Leave them there</Button>
          <Button loading={publish.isPending} onClick={() => publish.mutate()}>Move them now</Button>
        </Group>
      </Dialog>
    );
  }
  return (
    <Dialog onClose={close} title={c.version > 0 ? `Publish version ${c.version + 1}?` : "Publish the first version?"} size="lg" centered>
      <Stack gap="md">
        {!diff.data ? (diff.error ? <Words c="var(--app-bad)">{explain(diff.error).message}</Words> : <Skeleton h={120} />) : c.version > 0 ? <ChangeList changes={diff.data.changes} /> : <Words size="sm">Nothing was published before. New enrollments take this version.</Words>}
        {c.version > 0 && diff.data && (
          <Radio.Group label={enrolled > 0 ? `${plural(enrolled, "lead")} in it now` : "No lead is in it now"} value={move} onChange={setMove}>
            {enrolled > 0 && (
              <Stack gap={8} mt={8}>
                <Radio value="pin" label="They stay on the version they entered" />
                <Radio value="migrate" label="They move to the new version, at the step they are at" description="A lead with a call under way, or whose step is gone, stays. What is scheduled keeps its time." />
              </Stack>
            )}
          </Radio.Group>
        )}
        {publish.error && (
          <div role="alert">
            <Words c="var(--app-bad)" size="sm">{explain(publish.error).message}</Words>
            <ul>{explain(publish.error).details.map((p, i) => <li key={i}><code>{p.path}</code> {sentence(p.message)}</li>)}</ul>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>Not yet</Button>
          <Button loading={publish.isPending} disabled={!diff.data} onClick={() => publish.mutate()}>{move === "migrate" && enrolled > 0 ? `Publish and move ${plural(enrolled, "lead")}` : "Publish"}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
