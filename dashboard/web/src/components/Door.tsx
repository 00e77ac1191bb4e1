import { Suspense, lazy } from "react";
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
  if (pathname === "/welcome") return <Outlet />;
  if (pathname === "/setup" && me.data) return me.data.needs_owner ? <Outlet /> : <Suspense><SetUpAlready me={me.data} /></Suspense>;
  if (me.data?.kind === "") return <Suspense>{me.data.needs_owner ? <NoOwner /> : <SignIn />}</Suspense>;
  if (me.data) return <Shell />;
  if (me.error) return <main id="main"><ErrorState what="the dashboard" order={1} error={me.error} retry={() => void me.refetch()} /></main>;
  return null;
}
