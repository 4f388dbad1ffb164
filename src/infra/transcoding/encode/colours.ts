import type { PictureFacts } from '../model.ts'

/** Below it, a picture that does not say how its colours are coded was made for television of standard definition. */
const HD_HEIGHT = 720

/** Filters that scale a picture and make it BT.709 at limited range, which every screen shows. */
export function toStandardColours(
  picture: PictureFacts,
  { width, height }: { width: number; height: number },
  hasToneMapping: boolean,
): string[] {
  const { hdr, matrix, isFullRange, height: sourceHeight } = picture
  if (hdr && hasToneMapping) {
    const transfer = hdr === 'pq' ? 'smpte2084' : 'arib-std-b67'
    const range = isFullRange ? 'pc' : 'tv'
    return [
      // Small first: what follows costs per pixel. 100 nits are the white of standard screens (ITU-R BT.2408).
      `zscale=w=${width}:h=${height}:f=bicubic:tin=${transfer}:min=2020_ncl:pin=2020:rin=${range}:t=linear:npl=100`,
      'format=gbrpf32le',
      'zscale=p=709',
      'tonemap=hable:desat=0',
      'zscale=t=709:m=709:r=tv',
    ]
  }
  const from = matrix ? '' : `:in_color_matrix=${sourceHeight >= HD_HEIGHT ? 'bt709' : 'smpte170m'}`
  return [`scale=${width}:${height}:flags=bicubic${from}:out_color_matrix=bt709:out_range=tv`]
}
