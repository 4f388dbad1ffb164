import type { Container } from '../model.ts'

/**
 * Decoders that may be asked. They are those of what cameras, telephones, screen recorders and editors write; codecs of
 * games, broadcasters' machines and single pictures are code that few people ever attacked.
 */
const DECODERS = [
  ...['h264', 'hevc', 'vp8', 'vp9', 'libdav1d', 'av1', 'mpeg4', 'mpeg2video', 'mpeg1video', 'h263', 'flv'],
  ...['mjpeg', 'prores', 'dnxhd', 'wmv1', 'wmv2', 'wmv3', 'vc1', 'msmpeg4v2', 'msmpeg4', 'theora', 'dvvideo'],
  ...[
    'ffv1',
    'rawvideo',
    'aac',
    'aac_fixed',
    'aac_latm',
    'mp3',
    'mp3float',
    'mp2',
    'mp2float',
    'ac3',
    'eac3',
    'dca',
  ],
  ...['opus', 'libopus', 'vorbis', 'flac', 'alac', 'wmav1', 'wmav2', 'wmapro', 'amrnb', 'amrwb'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_f32le', 'pcm_f64le', 'pcm_u8'],
  ...['pcm_mulaw', 'pcm_alaw', 'pcm_bluray', 'pcm_dvd'],
  ...['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text'],
]

/** 8192 × 4352: 8K of cameras and of cinema. A decoder holds some 20 such pictures of up to 6 bytes a pixel. */
export const PIXELS_MAX = 8192 * 4352

/**
 * Options before `-i` and the file itself. The demuxer is named, so that nothing else is tried; it and the decoders come
 * from lists; only files can be opened, and the one demuxer that could open further ones is told not to.
 */
export const inputOf = (container: Container, source: string): string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', FORMATS[container]],
  ...['-codec_whitelist', DECODERS.join(','), '-max_pixels', String(PIXELS_MAX), '-f', container],
  ...(container === 'mov' ? ['-enable_drefs', '0', '-use_absolute_path', '0'] : []),
  ...['-i', `file:${source}`],
]

/** Full names of the demuxers, as the allow-list wants them. */
const FORMATS: Readonly<Record<Container, string>> = {
  mov: 'mov,mp4,m4a,3gp,3g2,mj2',
  matroska: 'matroska,webm',
  avi: 'avi',
  mpegts: 'mpegts',
  mpeg: 'mpeg',
  flv: 'flv',
  asf: 'asf',
  ogg: 'ogg',
}
