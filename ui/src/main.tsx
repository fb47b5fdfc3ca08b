/** Starts the page: texts of the chosen language first, so that nothing is shown twice. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import "./ui/mantine.css";
import "./ui/tokens.css";
import "./ui/base.css";
import { createQueryClient } from "./api/query-client";
import { router } from "./app/router";
import { startTexts } from "./i18n/i18n";
import { preferences, useDark } from "./preferences/preferences";
import { theme } from "./ui/theme";

const queries = createQueryClient();

function App() {
  const scheme = useDark() ? "dark" : "light";
  useEffect(() => {
    document.documentElement.dataset.theme = scheme;
  }, [scheme]);
  return (
    <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
await startTexts(preferences().language);
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
