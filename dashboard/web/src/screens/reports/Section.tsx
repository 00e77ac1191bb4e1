import { Group, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import type { AttemptFilter } from "../../api/attempts";
import { useMay } from "../../api/me";
import classes from "./Reports.module.css";

interface Props {
  title: string;
  about: string;
  /** Where it can be had as CSV. */
  sheet?: string;
  children: ReactNode;
}

/** One part of the report, with what it counts and the way to take it along. */
export function Section({ title, about, sheet, children }: Props) {
  const id = useId();
  return (
    <section className={`card ${classes.section}`} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm" wrap="nowrap">
        <div>
          <Title order={2} id={id}>{title}</Title>
          <Text size="sm" c="dimmed" maw={760}>{about}</Text>
        </div>
        {sheet && <a className={classes.sheet} href={sheet} download aria-label={`${title} as CSV`}><IconDownload size={15} aria-hidden />CSV</a>}
      </Group>
      {children}
    </section>
  );
}

/** Opens the calls that a figure was counted from, for whoever may see calls. */
export function Calls({ of, n, children }: { of: AttemptFilter; n: number; children: ReactNode }) {
  const may = useMay();
  if (n === 0 || !may("attempts.read")) return <>{children}</>;
  return <Link to="/attempts" search={of} className={classes.calls}>{children}</Link>;
}

/** Nothing was counted in this part. */
export function None({ children }: { children: ReactNode }) {
  return <Text c="dimmed" py="md">{children}</Text>;
}

/** A table that scrolls in its own box when it is too wide or too long, by keyboard too. */
export function Scroll({ of, width, children }: { of: string; width: number; children: ReactNode }) {
  return (
    <div className={classes.tall} tabIndex={0} role="group" aria-label={`Table: ${of}`}>
      <div style={{ minWidth: width }}>{children}</div>
    </div>
  );
}
