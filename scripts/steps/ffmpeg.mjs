import { installWithApt, isThere } from './apt.mjs'
import { StepError } from './process.mjs'

/** Roles of processes that prepare videos; without ROLES a process has all. */
const NEEDS_IT = /\bjobs\b/

/**
 * Installs ffmpeg where it is missing and root asks, since nobody can upload a video without. Where it can't be had the
 * server starts all the same, and says so here and on its pages.
 */
export async function installFfmpeg({ env = process.env } = {}) {
  if (env.FFMPEG_PATH || isThere('ffmpeg') || !NEEDS_IT.test(env.ROLES || 'jobs')) return
  // Nobody else's machine is changed unasked: sudo without a password is meant for other things.
  const refusal = process.getuid() === 0 ? await installWithApt(['ffmpeg']).catch(reasonOf) : 'only root may'
  if (refusal)
    process.stderr.write(
      `ffmpeg was not installed (${refusal}). Videos can't be prepared until there is one: apt install ffmpeg\n`,
    )
}

function reasonOf(error) {
  if (!(error instanceof StepError)) throw error
  return error.message.split('\n').at(-1)
}
