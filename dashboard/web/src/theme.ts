import { type AnchorProps, type CSSVariablesResolver, type MantineColorsTuple, type MenuProps, type ModalProps, type NotificationProps, type SegmentedControlProps, type SwitchProps, type TooltipProps, createTheme } from "@mantine/core";

/** Verdigris, the green of old bells. Shade 8 under white text is 6.9:1. */
const verdigris: MantineColorsTuple = [
  "#e8f6f5", "#d3eae8", "#a5d5d2", "#74bfbb", "#4daca7", "#329f9a", "#1f8f8b", "#107975", "#0b6365", "#064b4e",
];

const dark: MantineColorsTuple = [
  "#d5d9de", "#b9bfc7", "#98a0aa", "#68717d", "#414955", "#303741", "#242a32", "#1b2027", "#14181d", "#0e1115",
];

/** A component's own defaults, by its type: naming the component itself would bring its code into the first view. */
const by = <P,>(defaultProps: Partial<P>) => ({ defaultProps });

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  primaryColor: "verdigris",
  primaryShade: 8,
  colors: { verdigris, dark },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.5rem", lineHeight: "1.3" }, h2: { fontSize: "1.0625rem", lineHeight: "1.4" } } },
  components: {
    // A dialog's <header> would otherwise count as a second banner of the page.
    Modal: by<ModalProps>({ attributes: { header: { role: "none" } }, closeButtonProps: { "aria-label": "Close" }, styles: { title: { fontWeight: 650, fontSize: "1.0625rem" } } }),
    SegmentedControl: by<SegmentedControlProps>({ styles: { root: { background: "var(--app-bg)", boxShadow: "inset 0 0 0 1px var(--app-line)" } } }),
    Tooltip: by<TooltipProps>({ multiline: true, maw: 300, withArrow: true, openDelay: 150, events: { hover: true, focus: true, touch: true } }),
    // Inside <main>, so that its words belong to a landmark; without the placeholder, which no menu may hold, the first item gets the focus.
    // It does not fade away: until it is gone, the page's keys do nothing.
    Menu: by<MenuProps>({ position: "bottom-end", shadow: "md", transitionProps: { duration: 150, exitDuration: 0 }, portalProps: { target: "#main" }, withInitialFocusPlaceholder: false }),
    Notification: by<NotificationProps>({ closeButtonProps: { "aria-label": "Close" }, styles: { description: { color: "var(--mantine-color-dimmed)" } } }),
    Anchor: by<AnchorProps>({ underline: "always" }),
    Switch: by<SwitchProps>({ withThumbIndicator: false }),
  },
});

/**
 * Colours of our own. Mantine's dimmed and placeholder greys fall below WCAG AA on some of our surfaces, so they are
 * replaced; the three series colours have at least 3:1 on the card in both schemes and differ in lightness too.
 */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#57606c",
    "--mantine-color-placeholder": "#68717d",
    "--mantine-color-error": "#b42318",
    "--app-bg": "#f5f6f7",
    "--app-card": "#ffffff",
    "--app-line": "#e1e4e8",
    "--app-grid": "#e9ecef",
    "--app-good": "#0f7a3d",
    "--app-warn": "#8f5a00",
    "--app-bad": "#b42318",
    "--app-accent": "#0b6365",
    "--app-good-bg": "#e9f5ee",
    "--app-warn-bg": "#fdf3e1",
    "--app-bad-bg": "#fdeceb",
    "--app-demo-bg": "#fbf0dc",
    "--app-demo": "#7a4a00",
    "--rate-completion": "#64748b",
    "--rate-contact": "#107975",
    "--rate-conversion": "#c07415",
  },
  dark: {
    "--mantine-color-dimmed": "#a4acb6",
    "--mantine-color-placeholder": "#8f98a3",
    "--mantine-color-error": "#ff9489",
    "--app-bg": "#14181d",
    "--app-card": "#1b2027",
    "--app-line": "#303741",
    "--app-grid": "#272d35",
    "--app-good": "#5fd08d",
    "--app-warn": "#f0b95a",
    "--app-bad": "#ff9489",
    "--app-accent": "#4daca7",
    "--app-good-bg": "#15281e",
    "--app-warn-bg": "#2c2412",
    "--app-bad-bg": "#311b1a",
    "--app-demo-bg": "#2c2412",
    "--app-demo": "#f3c77b",
    "--rate-completion": "#8d9aab",
    "--rate-contact": "#3fb3ad",
    "--rate-conversion": "#e7a23f",
  },
});
