import { Checkbox, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery, useMay } from "../../api/me";

/** Chooses grants among those that one holds oneself. */
export function Grants({ label, value, set }: { label: string; value: string[]; set: (v: string[]) => void }) {
  const all = useQuery(rolesQuery).data?.grants ?? [];
  const may = useMay();
  return (
    <Checkbox.Group label={label} value={value} onChange={set} required>
      <Stack gap={6} mt={6} mah={280} style={{ overflowY: "auto" }} tabIndex={0} role="group" aria-label={label}>
        {all.map((g) => <Checkbox key={g.grant} value={g.grant} label={g.means} description={g.grant} disabled={!may(g.grant)} />)}
      </Stack>
    </Checkbox.Group>
  );
}
