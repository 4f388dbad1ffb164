import type { Refusal, RefusalCode } from '../model.ts'

const SENTENCES: Readonly<Record<RefusalCode, string>> = {
  not_a_video: 'This file is no video, or of a kind that is not supported; MP4, MOV, WebM and MKV are.',
  no_picture: 'This file has sound but no picture. Only videos can be uploaded.',
  damaged: 'This video is damaged: no picture can be read from it. Perhaps it was not copied to its end.',
  protected: 'This video is protected by encryption (DRM) and can’t be read.',
  too_long: 'This video is longer than videos may be here.',
  too_large_picture: 'The picture of this video is too large; 8192 × 4352 pixels are the most.',
  too_small_picture: 'The picture of this video is too small; 16 pixels on each side are the least.',
  too_many_streams: 'This file has more tracks of picture, sound and subtitles than are supported.',
  too_much_metadata: 'This file has more metadata than a video needs.',
  unsupported_codec: 'The picture of this video is coded in a way that is not supported.',
  too_expensive: 'Reading this file takes more time or memory than a video may need.',
}

/** A refusal on its way out of the probe. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(code: RefusalCode) {
    super(SENTENCES[code])
    this.refusal = { code, message: SENTENCES[code] }
  }
}
