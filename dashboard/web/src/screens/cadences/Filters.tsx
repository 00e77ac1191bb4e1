import { Group, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { statusNames, typeNames } from "../../lib/figures";
import { useSearchText } from "../../lib/useSearchText";
import type { ListSearch } from "./search";
import classes from "./Filters.module.css";

const route = getRouteApi("/cadences");
const statuses = [{ value: "", label: "All" }, ...(["active", "inactive", "draft", "archived"] as const).map((s) => ({ value: s, label: statusNames[s] }))];
const types = [{ value: "", label: "Any type" }, ...Object.entries(typeNames).map(([value, label]) => ({ value, label }))];

const audiences = [{ value: "", label: "Any audience" }, { value: "manual", label: "Enrolled by hand, list or API" }, { value: "view", label: "Enrolled by a view" }];
const channels = [{ value: "", label: "Any channel" }, { value: "call", label: "With calls" }, { value: "email", label: "With e-mails" }, { value: "task", label: "With tasks" }];

/** What the list shows; it lives in the address. The key F goes to the search. */
export function Filters() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const set = (next: Partial<ListSearch>, replace = false) => void go({ search: (old) => ({ ...old, ...next }), replace });
  const [text, type] = useSearchText(search.q, (q) => set({ q }, true));
  useShortcuts([{ keys: "f", label: "Search in this list", group: "This page", run: () => input.current?.focus() }]);
  return (
    <Group mb="md" gap="sm" className={classes.filters}>
      <TextInput
        ref={input} type="search" aria-label="Search cadences" placeholder="Search by name" className={classes.search} value={text}
        leftSection={<IconSearch size={16} aria-hidden />} aria-keyshortcuts="f" rightSection={text === "" ? <KeyCap of="f" /> : undefined}
        onChange={(e) => type(e.currentTarget.value)}
      />
      <SegmentedControl aria-label="Status" data={statuses} value={search.status ?? ""} className={classes.status}
        onChange={(v) => set({ status: v === "" ? undefined : (v as ListSearch["status"]) })} />
      <NativeSelect aria-label="Audience" data={audiences} value={search.audience ?? ""} className={classes.type}
        onChange={(e) => set({ audience: (e.currentTarget.value || undefined) as ListSearch["audience"] })} />
      <NativeSelect aria-label="Channel" data={channels} value={search.channel ?? ""} className={classes.type}
        onChange={(e) => set({ channel: (e.currentTarget.value || undefined) as ListSearch["channel"] })} />
      <NativeSelect aria-label="Type" data={types} value={search.type ?? ""} className={classes.type}
        onChange={(e) => set({ type: e.currentTarget.value === "" ? undefined : (e.currentTarget.value as ListSearch["type"]) })} />
    </Group>
  );
}
