import { thumbHashToDataURL } from 'thumbhash'

export type Picture = { id: string; thumbhash: string }

const AVATAR_PX = [64, 128, 256] as const
const COVER_PX = [640, 1280, 1920] as const

/** The file that is large enough for an avatar of `sizePx` on a screen of so many pixels a point. */
const avatarFile = ({ id }: Picture, sizePx: number) =>
  `/files/avatars/${id}-${AVATAR_PX.find((px) => px >= sizePx) ?? 256}.webp`

export const avatarSources = (picture: Picture, sizePx: number) => ({
  src: avatarFile(picture, sizePx),
  srcSet: `${avatarFile(picture, sizePx)} 1x, ${avatarFile(picture, sizePx * 2)} 2x`,
})

export const coverSources = ({ id }: Picture) => ({
  src: `/files/covers/${id}-1280.webp`,
  srcSet: COVER_PX.map((px) => `/files/covers/${id}-${px}.webp ${px}w`).join(', '),
})

/** What stands in the place of a picture until it is there, as a CSS background; none for a hash that is damaged. */
export function thumbBackground({ thumbhash }: Picture): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0))
    return `center / cover url(${thumbHashToDataURL(bytes)})`
  } catch {
    return undefined
  }
}
