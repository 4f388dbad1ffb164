/** Things to end, in the reverse order of their making. One that fails does not keep the others. */
export type Disposal = AsyncDisposable & {
  use<T extends AsyncDisposable>(made: T): T
  defer(end: () => void | PromiseLike<void>): void
}

export function createDisposal(onError: (error: unknown) => void): Disposal {
  const ends: (() => void | PromiseLike<void>)[] = []
  return {
    use(made) {
      ends.push(() => made[Symbol.asyncDispose]())
      return made
    },
    defer: (end) => void ends.push(end),
    async [Symbol.asyncDispose]() {
      for (const end of ends.splice(0).reverse()) {
        try {
          await end()
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}
