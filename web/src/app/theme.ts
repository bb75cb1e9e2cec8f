import {
  Avatar,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
} from "@mantine/core";

const lectern: MantineColorsTuple = [
  "#e6faf6",
  "#cdf2ea",
  "#9fe5d6",
  "#6cd6c0",
  "#42c8ac",
  "#26b89a",
  "#129e84",
  "#0f7e6b",
  "#0e6556",
  "#0a4d42",
];

const dark: MantineColorsTuple = [
  "#dfe4ea",
  "#b9c2cd",
  "#919dab",
  "#6b7786",
  "#3c4654",
  "#2b3340",
  "#1d2430",
  "#151b25",
  "#10151d",
  "#0a0e14",
];

export const theme = createTheme({
  colors: { lectern, dark },
  primaryColor: "lectern",
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: "md",
  fontFamily:
    'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: "650" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // Colours on which white initials can be read.
    Avatar: Avatar.extend({
      defaultProps: {
        color: "initials",
        variant: "filled",
        allowedInitialsColors: ["lectern", "indigo", "violet", "grape"],
      },
    }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
});

/** Mantine's dimmed grey has a contrast of 3.3 on white; WCAG AA asks for 4.5. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#5b6570" },
  dark: {},
});
