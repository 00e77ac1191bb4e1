import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { backTo } from "../lib/focus";

/**
 * A dialog that is there while it is open. It gives the focus back to where the way into it began; Mantine's own does so
 * only where a closed dialog stays behind. One that comes to say something else takes another key: the focus would be
 * lost with the button that was pressed.
 */
export function Dialog(props: Omit<ModalProps, "opened">) {
  const [back] = useState(backTo);
  useEffect(() => () => back(), [back]);
  return <Modal opened {...props} returnFocus={false} />;
}
