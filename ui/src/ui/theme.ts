/** Mantine in our look: ink is the primary colour, every colour comes from the tokens. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const one = (token: string): MantineColorsTuple => {
  const value = `var(--${token})`;
  return [value, value, value, value, value, value, value, value, value, value];
};

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: 6,
  autoContrast: false,
  colors: { ink: one("ink"), live: one("live"), failed: one("failed") },
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm", fw: 600 } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 180 } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
  },
});
