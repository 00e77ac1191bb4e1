import { Table, type TableTdProps } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ComponentProps, type ReactNode, createContext, useContext } from "react";
import { Defined } from "./Definition";
import classes from "./Rows.module.css";

export interface Column {
  name: string;
  /** What its figures mean. */
  about?: string;
  right?: boolean;
  /** Holds what can be done with the row: at the foot of a card, and without its name there. */
  deeds?: boolean;
  /** Its name is heard and not seen: what it holds says enough. */
  silent?: boolean;
  /** Takes the whole width of a card. */
  wide?: boolean;
}

const Narrow = createContext(false);

interface Props {
  /** What the rows are, for whoever does not see them. */
  of: string;
  columns: readonly Column[];
  /** Width (px) that the table needs: it scrolls in its own box, or on a narrow screen becomes cards, where it has less. */
  minWidth: number;
  children: ReactNode;
}

/** The widest screen (px) on which rows become cards, and what stands beside a table there (px). */
const TABLET = 768;
const AROUND = 48;

/**
 * A table that is one card a row on a narrow screen, so that no switch, button or figure is out of sight. Roles are
 * named there: a table that is laid out as something else is none to some screen readers.
 */
export function Rows({ of, columns, minWidth, children }: Props) {
  const narrow = useMediaQuery(`(max-width: ${Math.min(TABLET, minWidth + AROUND)}px)`, undefined, { getInitialValueInEffect: false }) ?? false;
  const as = (role: string) => (narrow ? role : undefined);
  const table = (
    <Table className={`rows ${classes.table} ${narrow ? classes.cards : ""}`} role={as("table")} aria-label={of} horizontalSpacing="sm" verticalSpacing={9}>
      <Table.Thead role={as("rowgroup")}>
        <Table.Tr role={as("row")}>
          {columns.map((c) => (
            <Table.Th key={c.name} role={as("columnheader")} ta={c.right ? "right" : undefined}>
              {c.silent ? <span className="visually-hidden">{c.name}</span> : c.about && !narrow ? <Defined words={c.name}>{c.about}</Defined> : c.name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role={as("rowgroup")}>{children}</Table.Tbody>
    </Table>
  );
  return <Narrow value={narrow}>{narrow ? table : <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={minWidth}>{table}</Table.ScrollContainer>}</Narrow>;
}

/** Whether the rows around are cards. */
export const useNarrow = (): boolean => useContext(Narrow);

/** One row of such a table. */
export function Row(props: ComponentProps<typeof Table.Tr>) {
  return <Table.Tr role={useNarrow() ? "row" : undefined} {...props} />;
}

/** One cell; in a card it says its column's name and what that means, and is left out when it holds nothing. */
export function Cell({ of, children, ...rest }: { of: Column } & TableTdProps) {
  const narrow = useNarrow();
  if (!narrow) return <Table.Td ta={of.right || of.deeds ? "right" : undefined} {...rest}>{children}</Table.Td>;
  if (children === undefined || children === null || children === "" || children === false) return <Table.Td role="cell" {...rest} />;
  return (
    <Table.Td role="cell" data-deeds={of.deeds} data-wide={of.wide} {...rest}>
      {!of.deeds && <span className={classes.said} aria-hidden={!of.about}>{of.about ? <Defined words={of.name}>{of.about}</Defined> : of.name}</span>}
      {children}
    </Table.Td>
  );
}
