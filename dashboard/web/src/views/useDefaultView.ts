import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type View, type ViewPage, viewsQuery } from "../api/views";
import { kept } from "./search";

/**
 * Opens a page with the view that the person prefers, when they come without a search of their own. Who clears the
 * filters afterwards sees everything. False until that is decided: nothing is shown before that would then be replaced.
 */
export function useDefaultView(page: ViewPage, search: object, open: (v: View) => void): boolean {
  const bare = useRef(Object.keys(kept(search)).length === 0 && !("view" in search && search.view));
  const views = useQuery({ ...viewsQuery(page), enabled: bare.current });
  const first = views.data?.items.find((v) => v.default);
  useEffect(() => {
    if (!bare.current || views.isPending) return;
    bare.current = false;
    if (first) open(first);
  }, [views.isPending, first, open]);
  return !bare.current || !views.isPending;
}
