import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import { Background, type Edge as Arrow, MarkerType, type Node, Position, ReactFlow } from "@xyflow/react";
import type { CadenceDocument } from "../../api/client";
import { type Edge, LEAVES, RUN_ENDS } from "./document";

const WIDE = 190;
const GAP = 130;

/** The drawing. It takes no keys: the table beside it does. */
export default function Graph({ document: d, list }: { document: CadenceDocument; list: readonly Edge[] }) {
  const scheme = useComputedColorScheme("light");
  const style = { background: "var(--app-card)", color: "var(--mantine-color-text)", border: "1px solid var(--mantine-color-dimmed)", borderRadius: 8, width: WIDE, fontSize: 13 };
  const end = { ...style, borderStyle: "dashed", color: "var(--mantine-color-dimmed)" };
  const drawn = list.filter((e) => e.to === LEAVES || e.to === RUN_ENDS || d.steps.some((s) => s.key === e.to));
  const nodes: Node[] = d.steps.map((s, i) => ({ id: s.key, position: { x: 0, y: i * GAP }, data: { label: `${i + 1}. ${s.name || s.key}` }, style, sourcePosition: Position.Bottom, targetPosition: Position.Top }));
  if (drawn.some((e) => e.to === RUN_ENDS)) nodes.push({ id: RUN_ENDS, position: { x: 0, y: d.steps.length * GAP }, data: { label: "The run ends" }, style: end, targetPosition: Position.Top });
  if (drawn.some((e) => e.to === LEAVES)) nodes.push({ id: LEAVES, position: { x: WIDE + 170, y: (d.steps.length * GAP) / 2 }, data: { label: "Leaves the cadence" }, style: end, targetPosition: Position.Left });
  // Outcomes of one step that lead to one place share an arrow.
  const arrows = new Map<string, Arrow>();
  for (const e of drawn) {
    if (e.from === e.to) continue; // a retry; the node says it
    const id = `${e.from}→${e.to}`;
    const label = e.on === "" ? e.words : e.on.replaceAll("_", " ").toLowerCase();
    const one = arrows.get(id);
    if (one) one.label = e.on === "" ? one.label : `${String(one.label)}, ${label}`;
    else arrows.set(id, { id, source: e.from, target: e.to, label, markerEnd: { type: MarkerType.ArrowClosed }, labelStyle: { fontSize: 11, fill: "var(--mantine-color-text)" }, labelBgStyle: { fill: "var(--app-card)" } });
  }
  for (const node of nodes) {
    const again = list.filter((e) => e.from === node.id && e.to === node.id).length;
    if (again > 0) node.data = { label: `${String(node.data.label)} ↻ ${again}` };
  }
  return (
    <ReactFlow nodes={nodes} edges={[...arrows.values()]} colorMode={scheme} fitView fitViewOptions={{ padding: 0.05 }} maxZoom={1} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} minZoom={0.3} proOptions={{ hideAttribution: false }}>
      <Background color="var(--app-line)" />
    </ReactFlow>
  );
}
