/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), 32 bits: spreads similar names far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value
}

/** A hue in degrees that is always the same for the same name. */
export const hueOf = (name: string): number => hash(name) % 360

/**
 * Colour of a name in the chat. Lightness is fixed per theme, so that every hue keeps 4.5:1 (WCAG AA) on the chat's
 * surface; hue.test.ts measures all 360.
 */
export const nameColor = (name: string): string => {
  const { light, dark } = nameShades(hueOf(name))
  return `light-dark(${light}, ${dark})`
}

/** The two shades of a hue as CSS colours. */
export const nameShades = (hue: number): { light: string; dark: string } => ({
  light: `oklch(0.47 0.12 ${hue})`,
  dark: `oklch(0.8 0.11 ${hue})`,
})

/** Pairs of hues that look well together; the murky yellows are left out. */
const COVER_HUES = [
  [12, 320],
  [28, 350],
  [48, 12],
  [160, 215],
  [180, 235],
  [200, 265],
  [225, 180],
  [250, 310],
  [275, 215],
  [300, 250],
  [330, 275],
  [350, 40],
] as const

/** A quiet cover for a stream that has no picture yet: two glows over a deep ground, always the same for a name. */
export function coverOf(name: string): string {
  const [hue, second] = coverHues(name)
  const left = 10 + (hash(`${name}:x`) % 45)
  return [
    `radial-gradient(75% 110% at ${left}% 0%, oklch(0.64 0.14 ${hue} / 0.95), transparent 72%)`,
    `radial-gradient(75% 95% at ${left + 45}% 110%, oklch(0.52 0.15 ${second} / 0.95), transparent 72%)`,
    `linear-gradient(160deg, oklch(0.36 0.08 ${hue}), oklch(0.23 0.07 ${second}))`,
  ].join(', ')
}

/** Ground of an avatar with white initials on it: at least 4.5:1 for every hue. */
export const avatarColor = (name: string): string => `oklch(0.48 0.1 ${coverHues(name)[0]})`

const coverHues = (name: string) => COVER_HUES[hash(name) % COVER_HUES.length] ?? COVER_HUES[0]
