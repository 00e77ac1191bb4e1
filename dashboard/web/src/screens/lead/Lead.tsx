import { Anchor, Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy } from "react";
import { useMay, useZone } from "../../api/me";
import { type LeadDetail, explainQuery, leadName, leadQuery } from "../../api/leads";
import { Breadcrumb } from "../../components/Breadcrumb";
import { ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import classes from "../attempt/Attempt.module.css";
import { Consents } from "./Consents";
import { ForecastPanel } from "./ForecastPanel";
import { Person } from "./Person";
import { Stays } from "./Stays";
import { Touches } from "./Touches";
import { WhyPanel } from "./WhyPanel";

const EnrollDialog = lazy(() => import("./EnrollDialog"));
const route = getRouteApi("/leads/$id");

/** One person: whether they can be called and why, what was done so far, and what comes next. */
export default function Lead() {
  const { id } = route.useParams();
  const { data, error, refetch, dataUpdatedAt } = useQuery(leadQuery(id));
  useTitle(data ? leadName(data) : "Lead");
  return (
    <>
      <Breadcrumb>
        <Anchor component={Link} to="/leads" fz="inherit">Leads</Anchor>
      </Breadcrumb>
      {data ? (
        <>
          {error && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
          <Loaded lead={data} />
        </>
      ) : error ? (
        <ErrorState what="this lead" order={1} error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Loaded({ lead }: { lead: LeadDetail }) {
  const [enrolling, dialog] = useDisclosure();
  const why = useQuery(explainQuery(lead.id));
  const may = useMay();
  useShortcuts(may("enroll") ? [{ keys: "e", label: "Enroll this lead", group: "This page", run: dialog.open }] : []);
  const zone = useZone();
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="sm" mb="md">
        <div style={{ minWidth: 0, flex: "1 1 300px" }}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}><bdi>{leadName(lead)}</bdi></Title>
          <Text size="sm" c="dimmed">{lead.external_id && <><bdi>{lead.external_id}</bdi> · </>}came in {instant(lead.created_at, zone)}{lead.status && <> · <bdi>{lead.status}</bdi></>}</Text>
        </div>
        {may("enroll") && <Button leftSection={<IconUserPlus size={16} aria-hidden />} rightSection={<KeyCap of="e" />} aria-keyshortcuts="e" onClick={dialog.open}>Enroll</Button>}
      </Group>
      <div className={classes.layout}>
        <div className={classes.column}>
          <WhyPanel why={why.data} error={why.error} zone={zone} retry={() => void why.refetch()} />
          <Stays lead={lead} zone={zone} />
          {may("attempts.read") && <Touches lead={lead.id} zone={zone} />}
        </div>
        <div className={classes.column}>
          <Person lead={lead} why={why.data} />
          <Consents lead={lead} zone={zone} />
          <ForecastPanel lead={lead.id} active={lead.enrollments.some((e) => e.state === "active")} />
        </div>
      </div>
      <Suspense fallback={null}>{enrolling && <EnrollDialog leads={[lead.id]} title={`Enroll ${leadName(lead)}`} close={dialog.close} />}</Suspense>
    </>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden><h1>Loading the lead</h1></VisuallyHidden>
      <Skeleton h={30} w={280} mb="md" />
      <div className={classes.layout}>
        <Skeleton h={320} />
        <Skeleton h={320} />
      </div>
    </div>
  );
}
