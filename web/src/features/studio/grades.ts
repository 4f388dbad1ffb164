import type { SendStats } from '../../../../client/live/rules/stats.ts'

export type Grade = 'good' | 'fair' | 'poor'

/**
 * Figures as people feel them. Loss and round trip: ITU-T G.114 calls 150 ms one way unnoticed and 400 ms too much, and
 * video with retransmission hides up to some 2 % of loss. Bit rate and frames: below half a megabit or 15 frames a
 * 720p picture visibly suffers.
 */
export function gradesOf(stats: SendStats) {
  return {
    bitrate: rising(stats.bitrateBps, 500_000, 1_000_000),
    fps: rising(stats.fps, 15, 24),
    roundTrip: stats.rttMs === undefined ? undefined : falling(stats.rttMs, 300, 800),
    loss: falling(stats.lossShare, 0.02, 0.08),
  }
}

const rising = (value: number, fair: number, good: number): Grade =>
  value >= good ? 'good' : value >= fair ? 'fair' : 'poor'
const falling = (value: number, good: number, fair: number): Grade =>
  value <= good ? 'good' : value <= fair ? 'fair' : 'poor'
