/** Mantine in our look: ink is the primary colour, every colour comes from the tokens. */
import {
  Button,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const one = (token: string): MantineColorsTuple => {
  const value = `var(--${token})`;
  return [value, value, value, value, value, value, value, value, value, value];
};

/** Mantine's filled controls are white on a colour; ours turn round with the theme. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const found = defaultVariantColorsResolver(input);
  const isInk = input.color === undefined || input.color === "ink";
  // Mantine would look for variables of each shade, which are left out to save bytes.
  if (input.variant === "subtle" && isInk) return { ...found, color: "var(--ink-2)", hover: "var(--hover)" };
  if (input.variant !== "filled") return found;
  return isInk
    ? { ...found, background: "var(--ink)", hover: "var(--ink-2)", color: "var(--on-ink)" }
    : { ...found, color: "var(--surface)" };
};

export const theme = createTheme({
  primaryColor: "ink",
  variantColorResolver,
  primaryShade: 6,
  autoContrast: false,
  colors: { ink: one("ink"), live: one("live"), failed: one("failed") },
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm", fw: 600 },
      vars: (_theme, { size }) => ({
        root:
          size === "sm"
            ? { "--button-height": "var(--control)", "--button-fz": "14px", "--button-padding-x": "12px" }
            : {},
      }),
    }),
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 180 } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
  },
});
