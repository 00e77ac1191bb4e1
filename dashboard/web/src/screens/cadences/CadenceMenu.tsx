import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconCopy, IconDots, IconDownload, IconHandStop, IconPencil, IconPlayerPlay, IconStack2, IconTrash, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { CadenceItem } from "../../api/client";
import { useMay } from "../../api/me";
import { useStop } from "../../api/stop";
import { sameIn } from "../../lib/same";
import { DeleteDialog } from "./DeleteDialog";
import { useCadenceActions } from "./useCadenceActions";

const shown = ["id", "name", "status", "publishable", "halted"] as const;
type Shown = Pick<CadenceItem, (typeof shown)[number]>;

interface Props {
  cadence: Shown;
  /** Called once the cadence is gone. */
  deleted?: () => void;
}

/** What can be done with one cadence; what its status does not allow is left out. */
export const CadenceMenu = memo(function CadenceMenu({ cadence, deleted }: Props) {
  const [deleting, dialog] = useDisclosure();
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={`Actions for ${cadence.name}`} style={{ color: "var(--mantine-color-dimmed)" }}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown><Items cadence={cadence} remove={dialog.open} /></Menu.Dropdown>
      </Menu>
      {deleting && <DeleteDialog cadence={cadence} close={dialog.close} deleted={deleted} />}
    </>
  );
}, sameIn<Props, "cadence">("cadence", shown));

/** They exist while the menu is open: a list has a menu in every row. */
function Items({ cadence, remove }: { cadence: Shown; remove: () => void }) {
  const { publish, duplicate, archive, unarchive } = useCadenceActions();
  const may = useMay();
  const manages = may("cadences.manage");
  const { stop, resume } = useStop();
  const file = `/v1/cadences/${cadence.id}/export`;
  return (
    <>
      {manages && cadence.status !== "archived" && <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} renderRoot={(p) => <Link to="/cadences/$id/edit" params={{ id: cadence.id }} {...p} />}>Edit</Menu.Item>}
      {manages && cadence.publishable && <Menu.Item leftSection={<IconUpload size={16} aria-hidden />} onClick={() => publish.mutate(cadence)}>Publish the draft</Menu.Item>}
      {manages && <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => duplicate.mutate(cadence)}>Duplicate</Menu.Item>}
      <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} component="a" href={file} download>Export JSON</Menu.Item>
      <Menu.Item leftSection={<IconStack2 size={16} aria-hidden />} component="a" href={`${file}?closure=true`} download>Export with its transitions</Menu.Item>
      {(manages || may("dialing.stop")) && <Menu.Divider />}
      {cadence.halted ? (
        may("dialing.resume") && <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => resume.mutate({ cadence })}>Resume its calls</Menu.Item>
      ) : (
        may("dialing.stop") && cadence.status === "active" && <Menu.Item leftSection={<IconHandStop size={16} aria-hidden />} onClick={() => stop.mutate({ cadence })}>Stop its calls now</Menu.Item>
      )}
      {manages && cadence.status !== "active" && cadence.status !== "archived" && (
        <Menu.Item leftSection={<IconArchive size={16} aria-hidden />} onClick={() => archive.mutate(cadence)}>Archive</Menu.Item>
      )}
      {manages && cadence.status === "archived" && <Menu.Item leftSection={<IconArchiveOff size={16} aria-hidden />} onClick={() => unarchive.mutate(cadence)}>Bring it back</Menu.Item>}
      {manages && <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} c="var(--app-bad)" onClick={remove}>Delete…</Menu.Item>}
    </>
  );
}
