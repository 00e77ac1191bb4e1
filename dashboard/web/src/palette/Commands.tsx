import { Button, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";
import { meQuery, useMay, useSignOut } from "../api/me";
import { useNow } from "../components/StatusBar";
import { StopQuestion } from "../components/StopQuestion";
import { KeyCap } from "../keys/KeyCap";
import { rowKeys } from "../keys/rows";
import { useAllShortcuts, useKeyListener, useShortcuts } from "../keys/useShortcuts";
import { undoNewest } from "../lib/notify";
import { pagesFor } from "../lib/pages";
import { useCreateCadence } from "../screens/cadences/useCreateCadence";
import classes from "./Commands.module.css";
import type { Item } from "./match";

const Palette = lazy(() => import("./Palette"));
const HelpDialog = lazy(() => import("../keys/HelpDialog"));

/** What can be done from every screen: by keys, and by the palette, which knows the keys and what else is at hand. */
export function Commands() {
  const go = useNavigate();
  const may = useMay();
  const [shown, show] = useState<"palette" | "help" | "stop" | "resume">();
  const { data: me } = useQuery(meQuery);
  const stopped = useNow((n) => n.dialing.stopped);
  const create = useCreateCadence();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const leave = useSignOut();
  const close = () => show(undefined);
  const pages = pagesFor(may);

  useKeyListener();
  useShortcuts(pages.flatMap((p) => (p.keys ? [{ keys: p.keys, label: p.label, group: "Go to" as const, keyOnly: true, run: () => void go({ to: p.to }) }] : [])));
  useShortcuts(rowKeys);
  useShortcuts([
    { keys: "mod+k", also: ["/"], label: "Find pages, records and actions", group: "Everywhere", keyOnly: true, run: () => show("palette") },
    { keys: "z", label: "Undo what was just done", group: "Everywhere", keyOnly: true, run: undoNewest },
    { keys: "?", label: "Keyboard shortcuts", group: "Everywhere", run: () => show("help") },
  ]);

  const deed = (id: string, label: string, run: () => void, words?: string): Item => ({ id, group: "Actions", label, run, words });
  const here = useAllShortcuts().filter((s) => !s.keyOnly).map((s): Item => ({ id: `key-${s.keys}`, group: s.group === "Everywhere" ? "Actions" : s.group, label: s.label, keys: s.keys, run: s.run }));
  const has = (label: string) => here.some((i) => i.label === label);
  const items: Item[] = [
    ...here.filter((i) => i.group !== "Actions"),
    ...(may("cadences.manage") && !has("New cadence") ? [deed("new-cadence", "New cadence", () => create.mutate(), "create add")] : []),
    ...(may("leads.import") && !has("Import leads") ? [deed("import", "Import leads", () => void go({ to: "/lists/import" }), "upload csv file")] : []),
    ...(stopped !== true && may("dialing.stop") ? [deed("stop", "Stop all dialing…", () => show("stop"), "kill switch halt pause calls")] : []),
    ...(stopped === true && may("dialing.resume") ? [deed("resume", "Resume dialing…", () => show("resume"), "start calls")] : []),
    deed("scheme", dark ? "Use light colours" : "Use dark colours", () => setColorScheme(dark ? "light" : "dark"), "theme mode"),
    ...here.filter((i) => i.group === "Actions"),
    ...(me?.user ? [deed("leave", "Sign out", () => leave.mutate(), "log out")] : []),
    ...pages.filter((p) => p.to !== "/lists/import").map((p): Item => ({ id: p.to, group: "Pages", label: p.label, words: p.words, keys: p.keys, run: () => void go({ to: p.to }) })),
    ...(me?.user ? [{ id: "/account", group: "Pages", label: "Password and sessions", run: () => void go({ to: "/account" }) }] : []),
  ];
  return (
    <>
      <Tooltip label="Find pages, records and actions">
        <Button variant="default" size="compact-md" h={34} px={10} fw={500} fz="sm" aria-keyshortcuts="Control+K /" leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={<KeyCap of="mod+k" />} className={classes.open} onClick={() => show("palette")}>
          <span className={classes.word}>Find</span>
        </Button>
      </Tooltip>
      <Suspense fallback={null}>{shown === "palette" && <Palette items={items} closed={() => show((now) => (now === "palette" ? undefined : now))} />}</Suspense>
      <Suspense fallback={null}>{shown === "help" && <HelpDialog close={close} />}</Suspense>
      <StopQuestion asking={shown === "stop" || shown === "resume" ? shown : undefined} close={close} />
    </>
  );
}
