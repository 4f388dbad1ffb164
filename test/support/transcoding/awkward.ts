/** Arguments of ffmpeg, written as one types them. */
export const words = (text: string): string[] => text.split(' ')

export const X264 = words('-c:v libx264 -preset ultrafast -pix_fmt yuv420p')
export const AAC = words('-c:a aac')
export const picture = (size = '320x180', seconds = 1, fps = 30) =>
  words(`-f lavfi -i testsrc2=s=${size}:r=${fps}:d=${seconds}`)
export const sound = (source = 'sine=f=300', seconds = 1) => words(`-f lavfi -i ${source}:d=${seconds}`)

/** A video that is not as most are, and what must become of it. */
export type Awkward = {
  name: string
  args: string[]
  size: [width: number, height: number]
  seconds: number
  /** Of the picture, as far as they matter. */
  facts?: object
}

const PQ = words('-pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc')
const HEVC = words('-c:v libx265 -preset ultrafast -x265-params log-level=none')
const FIELDS = words('-c:v mpeg2video -b:v 2M -flags +ilme+ildct -vf setfield=tff')
const plain = { size: [320, 180] as [number, number], seconds: 1 }

export const AWKWARD: readonly Awkward[] = [
  {
    ...plain,
    name: 'of high dynamic range in 10 bits',
    args: [...picture(), ...PQ, ...HEVC, 'hdr.mkv'],
    facts: { bitDepth: 10, hdr: 'pq' },
  },
  { name: 'upright', args: [...picture('180x320'), ...X264, 'upright.mp4'], size: [180, 320], seconds: 1 },
  { ...plain, name: 'of odd sizes', args: [...picture('321x181'), ...words('-c:v ffv1 odd.mkv')] },
  {
    ...plain,
    name: 'with pixels twice as wide as high',
    args: [...picture('160x180'), ...words('-vf setsar=2'), ...X264, 'wide.mp4'],
  },
  {
    name: 'interlaced, as MPEG-2 in MPEG-TS',
    args: [...picture('352x288', 2, 25), ...sound(undefined, 2), ...FIELDS, ...words('-c:a mp2 tv.ts')],
    ...{ size: [292, 240], seconds: 2, facts: { isInterlaced: true } },
  },
  {
    name: 'of a DVD',
    args: [...picture('352x288', 1, 25), ...sound(), ...words('-c:v mpeg2video -c:a mp2 -f vob dvd.vob')],
    ...{ size: [292, 240], seconds: 1 },
  },
  {
    ...plain,
    name: 'of one frame',
    args: [...picture(), ...words('-frames:v 1'), ...X264, 'frame.mp4'],
    seconds: 1 / 30,
  },
  {
    ...plain,
    name: 'from Flash',
    args: [...picture(), ...sound(), ...words('-c:v flv1 -ar 44100 -c:a libmp3lame old.flv')],
  },
  {
    ...plain,
    name: 'in Windows Media',
    args: [...picture(), ...sound(), ...words('-c:v wmv2 -c:a wmav2 old.wmv')],
  },
  { ...plain, name: 'in Ogg', args: [...picture(), ...words('-c:v libtheora free.ogv')] },
  {
    ...plain,
    name: 'in RGB',
    args: [...picture(), ...words('-c:v libx264rgb -preset ultrafast rgb.mkv')],
  },
  { ...plain, name: 'with the wrong ending', args: [...picture(), ...X264, ...words('-f mp4 holiday.txt')] },
  {
    ...plain,
    name: 'whose sound is longer than its picture',
    args: [...picture(), ...sound(undefined, 2), ...X264, ...AAC, 'long-sound.mp4'],
    seconds: 2,
  },
  {
    ...plain,
    name: 'with sound of six channels, and silent',
    args: [...picture(), ...sound('anullsrc=cl=5.1'), '-shortest', ...X264, ...AAC, 'surround.mp4'],
  },
]
