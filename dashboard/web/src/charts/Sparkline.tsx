import { count } from "../lib/format";

/** Least points across the whole width; fewer grow from the right. */
const LEAST = 30;
const W = 480;
const H = 48;

interface Props {
  values: readonly number[];
  what: string;
}

/** A small line that grows from the right. The words beside it carry the figures for those who cannot see it. */
export function Sparkline({ values, what }: Props) {
  if (values.length < 2) return <div style={{ height: H }} />;
  const top = Math.max(1, ...values);
  const x = (i: number) => W - ((values.length - 1 - i) * W) / (Math.max(LEAST, values.length) - 1);
  const y = (v: number) => H - 3 - (v / top) * (H - 8);
  const line = values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
  const label = `${what}: now ${count(values.at(-1) ?? 0)}, highest ${count(Math.max(...values))}, lowest ${count(Math.min(...values))}`;
  return (
    <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" width="100%" height={H} role="img" aria-label={label} style={{ display: "block" }}>
      <polygon points={`${x(0).toFixed(1)},${H} ${line} ${W},${H}`} fill="var(--rate-contact)" opacity={0.14} />
      <polyline points={line} fill="none" stroke="var(--rate-contact)" strokeWidth={1.8} vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
    </svg>
  );
}
