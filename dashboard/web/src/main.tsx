import "@fontsource-variable/inter";
import "./mantine.css";
import "./app.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "./api/queries";
import { Toasts } from "./components/Toasts";
import { newRouter } from "./router";
import { theme, variables } from "./theme";

const queries = newQueryClient();
const router = newRouter(queries);
const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");

createRoot(place).render(
  <QueryClientProvider client={queries}>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Toasts />
      <RouterProvider router={router} />
    </MantineProvider>
  </QueryClientProvider>,
);
