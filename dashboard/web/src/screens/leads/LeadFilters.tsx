import { ActionIcon, Group, Menu, NativeSelect, Text, TextInput, Tooltip } from "@mantine/core";
import { IconColumns3, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { type LeadFilter, type LeadSort, listsQuery } from "../../api/leads";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { useSearchText } from "../../lib/useSearchText";
import { chosenColumns, columns, usual } from "./columns";
import classes from "./Leads.module.css";

const route = getRouteApi("/leads");

const orders: { value: LeadSort | ""; label: string }[] = [
  { value: "", label: "As they are kept" }, { value: "name", label: "Name, A to Z" }, { value: "-name", label: "Name, Z to A" }, { value: "-created", label: "Came in, newest first" },
  { value: "created", label: "Came in, oldest first" }, { value: "-called", label: "Last call, newest first" }, { value: "called", label: "Last call, longest ago first" },
];
const touches = [{ value: "", label: "Any" }, { value: "never", label: "Never called" }, { value: "ever", label: "Called" }];

/** Which leads the list shows, in which order, with which columns; all of it lives in the address. */
export function LeadFilters() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const set = (next: Partial<LeadFilter>, replace = false) => void go({ search: (old) => ({ ...old, ...next }), replace });
  const [text, type] = useSearchText(search.q, (q) => set({ q }, true));
  const lists = useQuery(listsQuery).data?.items ?? [];
  const cols = search.cols ?? usual;
  useShortcuts([{ keys: "f", label: "Search in this list", group: "This page", run: () => input.current?.focus() }]);
  return (
    <Group mb="md" gap="sm" align="end">
      <TextInput ref={input} type="search" label="Search" placeholder="Begins with: name, e-mail, id or number" className={classes.search} value={text} aria-keyshortcuts="f"
        leftSection={<IconSearch size={16} aria-hidden />} rightSection={text === "" ? <KeyCap of="f" /> : undefined}
        onChange={(e) => type(e.currentTarget.value)} />
      <NativeSelect label="List" value={search.list ?? ""} onChange={(e) => set({ list: e.currentTarget.value || undefined })} className={classes.list}
        data={[{ value: "", label: "Any list" }, ...lists.map((l) => ({ value: l.id, label: l.name }))]} />
      {search.q ? <Text size="sm" c="dimmed" pb={8}>In the order of the search</Text> : (
        <>
          <NativeSelect label="Calls" value={search.called ?? ""} data={touches} onChange={(e) => set({ called: (e.currentTarget.value || undefined) as LeadFilter["called"] })} />
          <NativeSelect label="Order" value={search.sort ?? ""} data={orders} onChange={(e) => set({ sort: (e.currentTarget.value || undefined) as LeadSort | undefined }, true)} />
        </>
      )}
      <Menu closeOnItemClick={false}>
        <Menu.Target>
          <Tooltip label="Columns"><ActionIcon variant="default" size={36} aria-label="Columns of the leads" className={classes.columns}><IconColumns3 size={18} aria-hidden /></ActionIcon></Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {columns.map((c) => <Menu.CheckboxItem key={c.key} checked={cols.includes(c.key)} onChange={() => void go({ search: (old) => ({ ...old, cols: chosenColumns(cols, c.key) }), replace: true, resetScroll: false })}>{c.label}</Menu.CheckboxItem>)}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
