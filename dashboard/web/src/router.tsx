import { Anchor } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import type { QueryClient } from "@tanstack/react-query";
import { type RouterHistory, Link, createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { AnswerType, CadenceStatus } from "./api/client";
import { attemptLogQuery, attemptQuery, attemptsQuery } from "./api/attempts";
import { explainQuery, leadQuery, leadsQuery } from "./api/leads";
import { cadenceQuery, cadencesQuery, periodQuery } from "./api/queries";
import { Door } from "./components/Door";
import { EmptyState, ErrorState } from "./components/States";
import { listPagesQuery } from "./api/lists";
import { templatesQuery } from "./api/drafting";
import { listsOfNumbersQuery, packsQuery } from "./api/compliance";
import { numbersQuery } from "./api/numbers";
import { machineQuery } from "./api/ops";
import { rehearsalsQuery } from "./api/rehearsals";
import { type ViewPage, viewsQuery } from "./api/views";
import { editSearch } from "./screens/editor/search";
import { importSearch } from "./screens/import/search";
import { isStatus, isType, listSearch } from "./screens/cadences/search";
import { attemptSearch, filterOf } from "./screens/attempts/search";
import { ruleSearch } from "./screens/compliance/rules";
import { trySearch } from "./screens/compliance/trying";
import { dncSearch } from "./screens/dnc/listing";
import { numberSearch } from "./screens/numbers/pools";
import { leadSearch } from "./screens/leads/search";
import { reportQuery } from "./api/reports";
import { question, reportSearch } from "./screens/reports/search";

export interface OverviewSearch {
  /** What the figures are of; left out, the last seven days. */
  period?: "24h" | "28d" | "all";
  status?: CadenceStatus;
  view?: "table";
  /** Types opened to their cadences. */
  open?: AnswerType[];
}

/** What a person looks at lives in the address: Back works and a link shows the same. */
export function newRouter(queries: QueryClient, history?: RouterHistory) {
  const root = createRootRoute({ component: Door, notFoundComponent: NotFound });
  // Starts the requests while the screen's code is still on its way. Who comes without a search may have a view that the
  // page opens with, but few have: the whole list is not kept waiting for that answer.
  const start = (page: ViewPage, list: () => Promise<unknown>) => {
    void queries.prefetchQuery(viewsQuery(page));
    void list();
  };
  const overview = createRoute({
    getParentRoute: () => root,
    path: "/",
    validateSearch: (s: Record<string, unknown>): OverviewSearch => ({
      period: s.period === "24h" || s.period === "28d" || s.period === "all" ? s.period : undefined,
      status: isStatus(s.status) ? s.status : undefined,
      view: s.view === "table" ? "table" : undefined,
      open: Array.isArray(s.open) ? s.open.filter(isType) : undefined,
    }),
    // Starts the request while the screen's code is still on its way.
    loaderDeps: ({ search }) => ({ period: search.period }),
    loader: ({ deps }) => void queries.prefetchQuery(periodQuery(deps.period ?? "7d")),
    component: lazyRouteComponent(() => import("./screens/overview/Overview")),
  });
  const cadences = createRoute({
    getParentRoute: () => root,
    path: "/cadences",
    validateSearch: listSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => start("cadences", () => queries.prefetchInfiniteQuery(cadencesQuery(deps))),
    component: lazyRouteComponent(() => import("./screens/cadences/Cadences")),
  });
  const cadence = createRoute({
    getParentRoute: () => root,
    path: "/cadences/$id",
    validateSearch: (s: Record<string, unknown>): { view?: "published" } => ({ view: s.view === "published" ? "published" : undefined }),
    loader: ({ params }) => void queries.prefetchQuery(cadenceQuery(params.id)),
    component: lazyRouteComponent(() => import("./screens/cadence/Cadence")),
  });
  const edit = createRoute({
    getParentRoute: () => root,
    path: "/cadences/$id/edit",
    validateSearch: editSearch,
    loader: ({ params }) => void queries.prefetchQuery(cadenceQuery(params.id)),
    component: lazyRouteComponent(() => import("./screens/editor/Editor")),
  });
  const templates = createRoute({
    getParentRoute: () => root,
    path: "/templates",
    loader: () => void queries.prefetchQuery(templatesQuery),
    component: lazyRouteComponent(() => import("./screens/templates/Templates")),
  });
  const attempts = createRoute({
    getParentRoute: () => root,
    path: "/attempts",
    validateSearch: attemptSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => start("attempts", () => queries.prefetchInfiniteQuery(attemptsQuery(filterOf(deps)))),
    component: lazyRouteComponent(() => import("./screens/attempts/Attempts")),
  });
  const reports = createRoute({
    getParentRoute: () => root,
    path: "/reports",
    validateSearch: reportSearch,
    loaderDeps: ({ search }) => question(search),
    loader: ({ deps }) => void queries.prefetchQuery(reportQuery(deps)),
    component: lazyRouteComponent(() => import("./screens/reports/Reports")),
  });
  const attempt = createRoute({
    getParentRoute: () => root,
    path: "/attempts/$id",
    loader: ({ params }) => {
      void queries.prefetchQuery(attemptQuery(params.id));
      void queries.prefetchQuery(attemptLogQuery(params.id));
    },
    component: lazyRouteComponent(() => import("./screens/attempt/Attempt")),
  });
  const leads = createRoute({
    getParentRoute: () => root,
    path: "/leads",
    validateSearch: leadSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => start("leads", () => queries.prefetchInfiniteQuery(leadsQuery(deps))),
    component: lazyRouteComponent(() => import("./screens/leads/Leads")),
  });
  const lead = createRoute({
    getParentRoute: () => root,
    path: "/leads/$id",
    loader: ({ params }) => {
      void queries.prefetchQuery(leadQuery(params.id));
      void queries.prefetchQuery(explainQuery(params.id));
    },
    component: lazyRouteComponent(() => import("./screens/lead/Lead")),
  });
  const lists = createRoute({
    getParentRoute: () => root,
    path: "/lists",
    loader: () => void queries.prefetchInfiniteQuery(listPagesQuery),
    component: lazyRouteComponent(() => import("./screens/lists/Lists")),
  });
  const importing = createRoute({ getParentRoute: () => root, path: "/lists/import", validateSearch: importSearch, component: lazyRouteComponent(() => import("./screens/import/Import")) });
  const numbers = createRoute({
    getParentRoute: () => root,
    path: "/numbers",
    validateSearch: numberSearch,
    loader: () => void queries.prefetchQuery(numbersQuery),
    component: lazyRouteComponent(() => import("./screens/numbers/Numbers")),
  });
  const compliance = createRoute({
    getParentRoute: () => root,
    path: "/compliance",
    validateSearch: ruleSearch,
    loader: () => void queries.prefetchQuery(packsQuery),
    component: lazyRouteComponent(() => import("./screens/compliance/Compliance")),
  });
  const trying = createRoute({ getParentRoute: () => root, path: "/compliance/try", validateSearch: trySearch, component: lazyRouteComponent(() => import("./screens/compliance/Try")) });
  const dnc = createRoute({
    getParentRoute: () => root,
    path: "/compliance/dnc",
    validateSearch: dncSearch,
    loader: () => void queries.prefetchQuery(listsOfNumbersQuery),
    component: lazyRouteComponent(() => import("./screens/dnc/Dnc")),
  });
  const ops = createRoute({
    getParentRoute: () => root,
    path: "/ops",
    loader: () => void queries.prefetchQuery(machineQuery),
    component: lazyRouteComponent(() => import("./screens/ops/Ops")),
  });
  const account = createRoute({ getParentRoute: () => root, path: "/account", component: lazyRouteComponent(() => import("./screens/account/Account")) });
  const server = createRoute({ getParentRoute: () => root, path: "/settings/server", component: lazyRouteComponent(() => import("./screens/settings/Server")) });
  const users = createRoute({ getParentRoute: () => root, path: "/settings/users", component: lazyRouteComponent(() => import("./screens/settings/Users")) });
  const keys = createRoute({ getParentRoute: () => root, path: "/settings/keys", component: lazyRouteComponent(() => import("./screens/settings/Keys")) });
  const audit = createRoute({
    getParentRoute: () => root,
    path: "/settings/audit",
    validateSearch: (s: Record<string, unknown>): { who?: string; what?: string } => ({
      who: typeof s.who === "string" && s.who !== "" ? s.who.slice(0, 200) : undefined,
      what: typeof s.what === "string" && s.what !== "" ? s.what.slice(0, 100) : undefined,
    }),
    component: lazyRouteComponent(() => import("./screens/settings/Audit")),
  });
  const staff = createRoute({ getParentRoute: () => root, path: "/settings/staff", component: lazyRouteComponent(() => import("./screens/staff/Staff")) });
  const rehearsals = createRoute({
    getParentRoute: () => root,
    path: "/rehearsals",
    loader: () => void queries.prefetchInfiniteQuery(rehearsalsQuery),
    component: lazyRouteComponent(() => import("./screens/staff/Rehearsals")),
  });
  const rehearsal = createRoute({ getParentRoute: () => root, path: "/rehearsals/$id", component: lazyRouteComponent(() => import("./screens/staff/Rehearsal")) });
  // The door shows these in place of the frame: nobody is signed in yet.
  const setup = createRoute({ getParentRoute: () => root, path: "/setup", component: lazyRouteComponent(() => import("./screens/signin/Setup"), "Setup") });
  const welcome = createRoute({ getParentRoute: () => root, path: "/welcome", component: lazyRouteComponent(() => import("./screens/signin/Setup"), "Welcome") });
  return createRouter({
    routeTree: root.addChildren([account, server, staff, rehearsals, rehearsal, users, keys, audit, setup, welcome, overview, cadences, cadence, edit, templates, reports, attempts, attempt, leads, lead, lists, importing, numbers, compliance, trying, dnc, ops]),
    history,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <ErrorState what="this page" order={1} error={error} retry={reset} />,
  });
}

function NotFound() {
  return (
    <EmptyState icon={IconBellOff} title="There is no such page" order={1} action={<Anchor component={Link} to="/">Go to the overview</Anchor>}>
      The address may be mistyped, or what it named is gone.
    </EmptyState>
  );
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
