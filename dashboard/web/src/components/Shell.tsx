import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { Link, Outlet } from "@tanstack/react-router";
import { useRef } from "react";
import { useMay } from "../api/me";
import "../lib/focus";
import { pagesFor } from "../lib/pages";
import { Refresher } from "../live/Refresher";
import { Commands } from "../palette/Commands";
import { AccountMenu } from "./AccountMenu";
import { ConnectionButton } from "./ConnectionButton";
import { StatusBar } from "./StatusBar";
import { useArrival } from "./useArrival";
import classes from "./Shell.module.css";

/** The frame around every screen. The navigation names only screens that exist and that the person may see. */
export function Shell() {
  const may = useMay();
  const nav = useRef<HTMLElement>(null);
  const main = useRef<HTMLElement>(null);
  useArrival(nav, main);
  return (
    <>
      <a className="skip" href="#main">Skip to content</a>
      <header className={classes.top}>
        <div className={classes.bar}>
          <Link to="/" className={classes.brand} aria-label="Carillon">
            <img src="/favicon.svg" width={26} height={26} alt="" />
            <span>Carillon</span>
          </Link>
          <nav className={classes.nav} aria-label="Main" ref={nav}>
            {pagesFor(may).filter((p) => p.nav).map((p) => <Link key={p.to} to={p.to} activeOptions={{ exact: p.exact, includeSearch: false }}>{p.label}</Link>)}
          </nav>
          <div className={classes.tools}>
            <Commands />
            <ConnectionButton />
            <SchemeButton />
            <AccountMenu />
          </div>
        </div>
        <StatusBar />
      </header>
      <Refresher />
      <main id="main" tabIndex={-1} ref={main}>
        <div className="page"><Outlet /></div>
      </main>
    </>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? "Use light colours" : "Use dark colours";
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={34} aria-label={label} onClick={() => setColorScheme(dark ? "light" : "dark")}>
        {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
