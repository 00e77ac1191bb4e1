import { Button, Group, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTitle } from "../../lib/useTitle";
import { StaffPanel } from "./StaffNumbers";

/** Where the numbers of our own people are kept, whichever step is tried out on them. */
export default function Staff() {
  useTitle("Staff numbers");
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Staff numbers</Title>
        <Button component={Link} to="/rehearsals" variant="default" leftSection={<IconHistory size={16} aria-hidden />}>Rehearsals</Button>
      </Group>
      <section className="card" style={{ padding: 18, maxWidth: 760 }} aria-label="Staff numbers"><StaffPanel /></section>
    </>
  );
}
