import { Button, Group, Text } from "@mantine/core";
import { type Recommendation, useAdviceActions } from "../../api/advice";
import { Dialog } from "../../components/Dialog";
import { instant } from "../../lib/time";

/** Says what resting a number does before it is done. */
export default function RestByAdvice({ of: r, close }: { of: Recommendation; close: () => void }) {
  const { rest } = useAdviceActions();
  return (
    <Dialog onClose={close} title={r.title} centered>
      <Text size="sm" mb="sm">
        No call shows {r.number} until {r.rest_until && instant(r.rest_until)}; calls that are out go on. The other numbers of its pool take its calls, each within its own daily cap.
        The rest stands in the audit log with your name and can be ended at any time.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>Cancel</Button>
        <Button loading={rest.isPending} onClick={() => rest.mutate(r, { onSuccess: close })}>Let it rest for 7 days</Button>
      </Group>
    </Dialog>
  );
}
