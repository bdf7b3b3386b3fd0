import {
  darken,
  decomposeColor,
  getContrastRatio,
  lighten,
  recomposeColor,
  Theme,
} from '@material-ui/core/styles';

/** What a colour says. State is never said by it alone: an icon and a word stand beside it. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

const READABLE = 4.6;

/** Text, ground and line of a tone on the theme's paper; the text reads well on the ground in every theme. */
export function toneColors(theme: Theme, tone: Tone) {
  const hue = hueOf(theme, tone);
  const background = blend(hue, theme.palette.background.paper, 0.1);
  return {
    color: readable(theme, hue, background),
    background,
    border: blend(hue, theme.palette.background.paper, 0.35),
  };
}

/** A quiet ground for code, and for what stands back within a card. */
export function quietGround(theme: Theme): string {
  return blend(
    theme.palette.text.primary,
    theme.palette.background.paper,
    0.05,
  );
}

/** Quiet text that still reads well on the page, on paper and on the quiet ground, whatever the theme's own says. */
export function quietText(theme: Theme): string {
  return readable(theme, theme.palette.text.secondary, quietGround(theme));
}

/** Text in a hue of the theme that reads well on the quiet ground. */
export function toneText(theme: Theme, tone: Tone): string {
  return readable(theme, hueOf(theme, tone), quietGround(theme));
}

/** The accent of the theme where it is text. */
export function accentText(theme: Theme): string {
  return readable(theme, theme.palette.primary.main, quietGround(theme));
}

function hueOf(theme: Theme, tone: Tone): string {
  switch (tone) {
    case 'good':
      return theme.palette.success.main;
    case 'warn':
      return theme.palette.warning.main;
    case 'bad':
      return theme.palette.error.main;
    case 'info':
      return theme.palette.info.main;
    default:
      return theme.palette.text.secondary;
  }
}

function readable(theme: Theme, color: string, background: string): string {
  const further = theme.palette.type === 'dark' ? lighten : darken;
  let result = blend(color, background, 1);
  for (
    let step = 0;
    step < 20 && getContrastRatio(result, background) < READABLE;
    step++
  ) {
    result = further(result, 0.08);
  }
  return result;
}

/** `amount` of a colour, the rest its ground; opaque, so that contrast can be computed. */
function blend(color: string, ground: string, amount: number): string {
  const top = decomposeColor(color);
  const alpha = (top.values[3] ?? 1) * amount;
  const below = decomposeColor(ground);
  const values = [0, 1, 2].map(index =>
    Math.round(top.values[index] * alpha + below.values[index] * (1 - alpha)),
  ) as [number, number, number];
  return recomposeColor({ type: 'rgb', values });
}
