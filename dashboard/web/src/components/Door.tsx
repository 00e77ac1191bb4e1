import { Suspense, lazy, useRef } from "react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { meQuery } from "../api/me";
import { ErrorState } from "./States";
import { Shell } from "./Shell";

const SignIn = lazy(() => import("../screens/signin/SignIn").then((m) => ({ default: m.SignIn })));
const SetUpAlready = lazy(() => import("../screens/signin/SignIn").then((m) => ({ default: m.SetUpAlready })));
const NoOwner = lazy(() => import("../screens/signin/SignIn").then((m) => ({ default: m.NoOwner })));

/** Lets people in to the frame, or shows what they need first, in place: no address leads to a sign-in or away from it. */
export function Door() {
  const me = useQuery(meQuery);
  const { pathname } = useLocation();
  // Being asked again is no reason to show nothing for that while.
  const failed = useRef<unknown>(undefined);
  if (me.error) failed.current = me.error;
  if (pathname === "/welcome") return <Outlet />;
  if (pathname === "/setup" && me.data) return me.data.needs_owner ? <Outlet /> : <Suspense><SetUpAlready me={me.data} /></Suspense>;
  if (me.data?.kind === "") return <Suspense>{me.data.needs_owner ? <NoOwner /> : <SignIn />}</Suspense>;
  if (me.data) return <Shell />;
  if (failed.current) return <main id="main"><ErrorState what="the dashboard" order={1} error={failed.current} retry={() => void me.refetch()} /></main>;
  return null;
}
