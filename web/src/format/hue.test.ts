import { expect, test } from 'vitest'
import { hueOf, nameShades } from './hue.ts'

type Rgb = [number, number, number]

/** oklch → linear sRGB, clipped to what a screen shows (Björn Ottosson, https://bottosson.github.io/posts/oklab). */
function linearOf(css: string): Rgb {
  const [l, c, h] = (css.match(/[\d.]+/g) ?? []).map(Number) as Rgb
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const channels: Rgb = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
  return channels.map((value) => Math.min(1, Math.max(0, value))) as Rgb
}

function linearOfHex(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** Contrast by WCAG 2.2, 1.4.3. */
function contrast(one: Rgb, other: Rgb): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

// The surfaces that names stand on: chat panel and its hovered line, in both themes (styles.css).
const LIGHT_GROUNDS = ['#ffffff', '#eff3f4']
const DARK_GROUNDS = ['#0f1516', '#191f21']

test('a name of any hue is readable in both themes', () => {
  for (let hue = 0; hue < 360; hue++) {
    const { light, dark } = nameShades(hue)
    for (const ground of LIGHT_GROUNDS)
      expect(contrast(linearOf(light), linearOfHex(ground)), `hue ${hue} on ${ground}`).toBeGreaterThan(4.5)
    for (const ground of DARK_GROUNDS)
      expect(contrast(linearOf(dark), linearOfHex(ground)), `hue ${hue} on ${ground}`).toBeGreaterThan(4.5)
  }
})

test('the same name always has the same hue, and similar names differ', () => {
  expect(hueOf('ada')).toBe(hueOf('ada'))
  expect(hueOf('ada')).not.toBe(hueOf('adb'))
})
