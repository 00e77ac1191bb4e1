import { Kbd, Switch, Title } from "@mantine/core";
import { Fragment } from "react";
import { Dialog } from "../components/Dialog";
import { type Group, caps, setSingleKeys } from "./registry";
import classes from "./Keys.module.css";
import { useAllShortcuts, useSingleKeys } from "./useShortcuts";

const order: readonly Group[] = ["This page", "Tables", "Everywhere", "Go to"];

/** Every key that does something here, as it is registered; nothing else stands in it. */
export default function HelpDialog({ close }: { close: () => void }) {
  const all = useAllShortcuts();
  const on = useSingleKeys();
  return (
    <Dialog onClose={close} title="Keyboard shortcuts" size="lg" centered>
      <Switch mb="md" checked={on} onChange={(e) => setSingleKeys(e.currentTarget.checked)} label="Single keys do something" description="They never do while you type, nor together with Ctrl, Alt or ⌘. Off: only Ctrl-K stays. Kept in this browser." data-autofocus />
      <div className={classes.groups}>
        {order.map((g) => ({ g, of: all.filter((s) => s.group === g) })).filter((x) => x.of.length > 0).map(({ g, of }) => (
          <section key={g} className={classes.group} aria-label={g}>
            <Title order={3} size="h5">{g}</Title>
            <ul className={classes.list}>
              {of.map((s) => (
                <li key={s.keys}>
                  <span>{s.label}</span>
                  <span className={classes.all}>
                    {[s.keys, ...(s.also ?? [])].map((k, i) => (
                      <Fragment key={k}>
                        {i > 0 && "or"}
                        {caps(k).map((c, n) => <Fragment key={c}>{n > 0 && !k.startsWith("mod+") && <small>then</small>}<Kbd size="sm">{c}</Kbd></Fragment>)}
                      </Fragment>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
