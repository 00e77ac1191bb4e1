import { Group, Input, NativeSelect, NumberInput, Switch, TextInput, Textarea } from "@mantine/core";
import { type ReactNode, createContext, useContext, useId } from "react";
import { sentence } from "../../lib/format";
import { type Path, pathText, valueAt } from "./document";
import { problemAt } from "./problems";
import type { Drafting } from "./useDraft";

const Context = createContext<Drafting | undefined>(undefined);
export const DraftProvider = Context.Provider;

export function useDrafting(): Drafting {
  const d = useContext(Context);
  if (!d) throw new Error("a field stands outside of the editor");
  return d;
}

/** The value of a place, how to change it, and what the server says of it. */
export function useField<T>(path: Path) {
  const { draft, set } = useDrafting();
  const p = problemAt(draft.problems, pathText(path));
  const text = p && [sentence(p.message), p.remedy && sentence(p.remedy)].filter(Boolean).join(" ");
  return {
    value: valueAt(draft.document, path) as T | undefined,
    set: (v: T | undefined) => set(path, v),
    error: p?.severity === "error" ? text : undefined,
    warning: p?.severity === "warning" ? text : undefined,
  };
}

interface Props {
  path: Path;
  label: string;
  hint?: ReactNode;
  placeholder?: string;
}

const said = (hint: ReactNode, warning: string | undefined) => (warning ? <>{hint}{hint ? " " : ""}<span style={{ color: "var(--app-warn)" }}>{warning}</span></> : hint);

export function Text({ path, label, hint, placeholder, required, mono }: Props & { required?: boolean; mono?: boolean }) {
  const f = useField<string>(path);
  return (
    <TextInput label={label} description={said(hint, f.warning)} placeholder={placeholder} required={required} value={f.value ?? ""} error={f.error} data-path={pathText(path)} spellCheck={!mono}
      styles={mono ? { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.85rem" } } : undefined} onChange={(e) => f.set(e.currentTarget.value)} />
  );
}

export function Long({ path, label, hint, placeholder, rows = 3 }: Props & { rows?: number }) {
  const f = useField<string>(path);
  return <Textarea label={label} description={said(hint, f.warning)} placeholder={placeholder} value={f.value ?? ""} error={f.error} rows={rows} resize="vertical" data-path={pathText(path)} onChange={(e) => f.set(e.currentTarget.value)} />;
}

export function Choice({ path, label, hint, options, fallback = "" }: Props & { options: readonly { value: string; label: string }[]; fallback?: string }) {
  const f = useField<string>(path);
  const value = f.value ?? fallback;
  // What a document says and the list does not know is shown, not lost.
  const data = options.some((o) => o.value === value) ? options : [...options, { value, label: value }];
  return <NativeSelect label={label} description={said(hint, f.warning)} data={[...data]} value={value} error={f.error} data-path={pathText(path)} onChange={(e) => f.set(e.currentTarget.value === fallback ? undefined : e.currentTarget.value)} />;
}

export function Yes({ path, label, hint }: Props) {
  const f = useField<boolean>(path);
  return <Switch label={label} description={said(hint, f.warning)} checked={f.value ?? false} error={f.error} data-path={pathText(path)} onChange={(e) => f.set(e.currentTarget.checked || undefined)} />;
}

export function Count({ path, label, hint, min, max, optional }: Props & { min: number; max: number; optional?: boolean }) {
  const f = useField<number>(path);
  return (
    <NumberInput label={label} description={said(hint, f.warning)} value={f.value ?? ""} error={f.error} min={min} max={max} allowDecimal={false} data-path={pathText(path)}
      onChange={(v) => (typeof v === "number" ? f.set(v) : optional && f.set(undefined))} />
  );
}

const units = [["m", "minutes"], ["h", "hours"], ["d", "days"], ["bd", "business days"], ["w", "weeks"], ["mo", "months"]] as const;

/** A delay as a number and a unit. Seconds are offered where a document has them. */
export function Span({ path, label, hint, seconds, required }: Props & { seconds?: boolean; required?: boolean }) {
  const f = useField<string>(path);
  const id = useId();
  const m = /^(\d+)(s|m|h|d|w|mo|bd)$/.exec(f.value ?? "");
  const unit = m?.[2] ?? (seconds ? "s" : "h");
  const list = seconds || unit === "s" ? [["s", "seconds"] as const, ...units] : units;
  const change = (n: string | number, u: string) => f.set(n === "" ? undefined : `${n}${u}`);
  return (
    <Input.Wrapper label={label} description={said(hint, f.warning)} error={f.error} id={id} required={required} labelElement="label">
      <Group gap={6} wrap="nowrap" mt={4}>
        <NumberInput id={id} value={m ? Number(m[1]) : ""} min={0} max={100_000} allowDecimal={false} w={92} data-path={pathText(path)} aria-invalid={f.error !== undefined} error={f.error !== undefined}
          onChange={(v) => change(v, unit)} />
        <NativeSelect aria-label={`${label}: unit`} data={list.map(([value, l]) => ({ value, label: l }))} value={unit} style={{ flex: 1, maxWidth: 170 }} onChange={(e) => change(m ? Number(m[1]) : 0, e.currentTarget.value)} />
      </Group>
    </Input.Wrapper>
  );
}
