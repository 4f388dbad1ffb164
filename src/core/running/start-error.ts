/** Why a process can't start, in a sentence for whoever started it: a taken port, a folder in use. No fault of ours. */
export class StartError extends Error {
  override name = 'StartError'
}
