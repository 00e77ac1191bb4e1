import { notificationsStore, useNotifications } from "@mantine/notifications";
import { Suspense, lazy, useState } from "react";

const Shown = lazy(() => import("./ShownToasts"));

/** Where messages appear. What draws them is loaded with the first one: most visits begin without. */
export function Toasts() {
  const { notifications } = useNotifications(notificationsStore);
  const [ever, begin] = useState(false);
  if (notifications.length > 0 && !ever) begin(true);
  return ever && <Suspense><Shown /></Suspense>;
}
