/** What comes of asking: the file, or the code of a refusal with its reason. */
export type Outcome =
  | 'ok'
  | 'not_found'
  | 'forbidden blocked'
  | 'forbidden age'
  | 'forbidden country'
  | 'forbidden subscribers'
  | 'forbidden paid'

/**
 * Everybody who may ask: `modest` hides what is for adults, `abroad` is in France and everybody else but the anonymous one in
 * Germany, `blocked` was blocked by the owner, `blocker` has blocked them.
 */
export const VIEWERS = [
  ...(['anonymous', 'stranger', 'modest', 'abroad', 'follower'] as const),
  ...(['blocked', 'blocker', 'suspended', 'owner', 'moderator'] as const),
]
export type Viewer = (typeof VIEWERS)[number]

const CELLS = {
  '+': 'ok',
  '-': 'not_found',
  B: 'forbidden blocked',
  A: 'forbidden age',
  C: 'forbidden country',
  S: 'forbidden subscribers',
  P: 'forbidden paid',
} as const satisfies Record<string, Outcome>

/** Who may fetch files of which video, viewers in the order of `VIEWERS`. Everything that is expected of files is read from here. */
const TABLE = {
  //                anonym. stranger modest abroad follower blocked blocker suspended owner moderator
  public: /*         */ '+ + + + + - B + + +',
  unlisted: /*       */ '+ + + + + - B + + +',
  followers: /*      */ '- - - - + - B - + +',
  subscribers: /*    */ 'S S S S S - B S + +',
  paid: /*           */ 'P P P P P - B P + +',
  private: /*        */ '- - - - - - B - + +',
  scheduled: /*      */ '- - - - - - B - + +',
  unpublished: /*    */ '- - - - - - B - + +',
  deleted: /*        */ '- - - - - - - - - -',
  adult: /*          */ 'A + A + + - B + + +',
  deniedInFrance: /* */ '+ + + C + - B + + +',
  onlyInGermany: /*  */ 'C + + C + - B + + +',
  ofPrivate: /*      */ '- - - - + - B - + +',
}
export type Privacy = keyof typeof TABLE
export const PRIVACIES = Object.keys(TABLE) as Privacy[]

/** The one video whose files need no grant. */
export const OPEN: Privacy = 'public'

export function expected(privacy: Privacy, viewer: Viewer): Outcome {
  const cell = TABLE[privacy].split(' ')[VIEWERS.indexOf(viewer)]
  const outcome = CELLS[cell as keyof typeof CELLS]
  if (!outcome) throw new Error(`The table has no cell for ${privacy} and ${viewer}.`)
  return outcome
}

const OWN_ID = '0193a5c0-0000-7000-8000-00000000000a'

/** One of each kind of file that players ask for, below the address of a run. */
export const FILES = [
  ...['master.m3u8', 'manifest.mpd', '720p/index.m3u8', '720p/init.mp4', '720p/00000.m4s'],
  ...['audio-0/index.m3u8', 'audio-0/init.mp4', 'audio-0/00000.m4s', 'preview.webp'],
  ...['posters/0/480.avif', 'storyboard/index.vtt', 'storyboard/0.jpg', `captions/${OWN_ID}.m3u8`],
  // Beside the runs, as these stay when the video gets another file.
  ...[`captions/${OWN_ID}.vtt`, `posters/${OWN_ID}/480.webp`],
]
export const isOwnFile = (file: string): boolean => file.includes(OWN_ID) && !file.endsWith('.m3u8')

/** Ways to the file that was uploaded, to other folders and out of the storage, as they stand in a request. */
export const WAYS_OUT = [
  ...['source.bin', '../source.bin', '..%2fsource.bin', '%2e%2e/source.bin', '%2e%2e%2fsource.bin'],
  ...['720p/../../source.bin', '720p/..%2f..%2fsource.bin', '..%5csource.bin', '..\\source.bin'],
  ...['source.mp4', '../source.mp4', '..%2fsource.mp4', '%252e%252e%252fsource.mp4', './../source.mp4'],
  ...['../play/master.m3u8', '..%2fplay%2fmaster.m3u8', '../../own/captions/x.vtt', '/master.m3u8'],
  ...['720p//init.mp4', 'master.m3u8%00', 'master.m3u8%00.bin', 'MASTER.M3U8', 'master.m3u8/', 'master'],
  ...['..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd', 'captions/..%2f..%2fsource.vtt', '.hidden.vtt', ''],
  ...['https:%2f%2fevil.example%2fmaster.m3u8', '%2f%2fevil.example%2fmaster.m3u8'],
]
