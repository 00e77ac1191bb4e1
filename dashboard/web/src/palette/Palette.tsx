import "@mantine/spotlight/styles.css";
import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, createSpotlight, useSpotlight } from "@mantine/spotlight";
import { IconAddressBook, IconArrowRight, IconBolt, IconListDetails, IconPhone, IconSearch, IconUser } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useMay } from "../api/me";
import { KeyCap } from "../keys/KeyCap";
import { plural } from "../lib/format";
import classes from "./Palette.module.css";
import { type Item, found, idIn } from "./match";
import { type Found, recordsQuery } from "./records";

/** How many of a group are shown, and how long (ms) to wait for more typing before the server is asked. */
const MOST = 8;
const TYPING = 180;

const groups: Record<Found["kind"], string> = { lead: "Leads", cadence: "Cadences", list: "Lists", attempt: "Attempts" };
const icons: Record<string, ReactNode> = {
  Pages: <IconArrowRight size={17} aria-hidden />, Leads: <IconUser size={17} aria-hidden />, Cadences: <IconListDetails size={17} aria-hidden />,
  Lists: <IconAddressBook size={17} aria-hidden />, Attempts: <IconPhone size={17} aria-hidden />,
};

interface Props {
  /** What can be done and where one can go, the nearest first. */
  items: readonly Item[];
  closed: () => void;
}

/** Finds pages, records and deeds by a few letters; all of it by keys. */
export default function Palette({ items, closed }: Props) {
  const [[store, spotlight]] = useState(createSpotlight);
  const go = useNavigate();
  const may = useMay();
  const { query, selected } = useSpotlight(store);
  const [asked] = useDebouncedValue(query.trim(), TYPING);
  const records = useQuery({ ...recordsQuery(asked, may), placeholderData: keepPreviousData });
  const open = (f: Found) => {
    switch (f.kind) {
      case "lead": return void go({ to: "/leads/$id", params: { id: f.id } });
      case "cadence": return void go({ to: "/cadences/$id", params: { id: f.id } });
      case "attempt": return void go({ to: "/attempts/$id", params: { id: f.id } });
      case "list": return void go({ to: "/leads", search: { list: f.id } });
    }
  };
  const known = query.trim().length > 1 ? (records.data ?? []) : [];
  const asItems = known.map((f): Item => ({ id: f.id, group: groups[f.kind], label: f.name, about: f.about, words: query, run: () => open(f) }));
  const shown = found([...items, ...asItems], idIn(query) ? "" : query, query.trim() === "" ? Number.POSITIVE_INFINITY : MOST).filter((g) => !idIn(query) || known.some((f) => groups[f.kind] === g.group));
  const flat = shown.flatMap((g) => g.items);
  // The first is what Enter takes, also after the list has changed under the words.
  const order = flat.map((i) => i.id).join(" ");
  useEffect(() => store.setState({ ...store.getState(), selected: 0 }), [order, store]);
  useEffect(() => spotlight.open(), [spotlight]);
  const at = flat[selected] ?? flat[0];
  const busy = query.trim() !== "" && (records.isFetching || asked !== query.trim());
  return (
    <Spotlight.Root store={store} shortcut={null} scrollable maxHeight={440} overlayProps={{ backgroundOpacity: 0.4 }} attributes={{ content: { "aria-label": "Command palette" } }}
      transitionProps={{ transition: "pop", duration: 120, onExited: closed }}>
      <Spotlight.Search aria-label="Pages, records and actions" placeholder="Find a page, a lead, a cadence, or something to do" leftSection={<IconSearch size={18} aria-hidden />}
        role="combobox" aria-expanded aria-autocomplete="list" aria-controls={LIST} aria-activedescendant={at && idOf(at)} />
      <Spotlight.ActionsList id={LIST} role="listbox" aria-label="Found" className={classes.list}>
        {shown.map((g) => (
          <Spotlight.ActionsGroup key={g.group} label={g.group} role="group" aria-label={g.group}>
            {g.items.map((i) => (
              <UnstyledButton key={i.id} data-action id={idOf(i)} role="option" tabIndex={-1} aria-selected={at?.id === i.id} data-selected={at?.id === i.id || undefined} className={classes.action}
                onMouseDown={(e) => e.preventDefault()} onClick={() => { spotlight.close(); i.run(); }}>
                <span className={classes.icon}>{icons[g.group] ?? <IconBolt size={17} aria-hidden />}</span>
                <span className={classes.words}><bdi>{i.label}</bdi>{i.about && <small><bdi>{i.about}</bdi></small>}</span>
                {i.keys && <KeyCap of={i.keys} />}
              </UnstyledButton>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {flat.length === 0 && <div className={classes.none}>{busy ? "Looking…" : records.error ? "The server did not answer." : "Nothing is found by this. Names, e-mails, numbers and ids are found by how they begin."}</div>}
      </Spotlight.ActionsList>
      <VisuallyHidden role="status">{busy ? "" : plural(flat.length, "result")}</VisuallyHidden>
    </Spotlight.Root>
  );
}

const LIST = "palette-list";
const idOf = (i: Item) => `palette-${i.id.replace(/[^\w-]/g, "-")}`;
