import { useEffect, useState } from 'react'
import { readStored, writeStored } from '../../../../data/stored.ts'
import type { CueRow } from './cues.ts'

/** Captions that somebody edits; what is not saved is kept in this browser, also when the page goes away. */
export function useCueDraft(name: string, saved: () => CueRow[]) {
  const key = `captions:${name}`
  const [wasKept, setWasKept] = useState(() => readDraft(key) !== undefined)
  const [rows, setRows] = useState(() => readDraft(key) ?? saved())
  const [isChanged, setIsChanged] = useState(wasKept)
  useEffect(() => {
    if (isChanged) writeStored(key, JSON.stringify(rows))
  }, [key, rows, isChanged])
  const forget = () => {
    writeStored(key, undefined)
    setIsChanged(false)
    setWasKept(false)
  }
  return {
    ...{ rows, isChanged, wasKept },
    change(next: CueRow[]) {
      setRows(next)
      setIsChanged(true)
    },
    /** They are at the server now. */
    forget,
    discard() {
      forget()
      setRows(saved())
    },
  }
}

function readDraft(key: string): CueRow[] | undefined {
  try {
    const kept: unknown = JSON.parse(readStored(key) ?? 'null')
    return Array.isArray(kept) && kept.every(isRow) ? kept : undefined
  } catch {
    return undefined
  }
}

const FIELDS = ['id', 'start', 'end', 'text', 'settings'] as const

const isRow = (row: unknown): row is CueRow =>
  typeof row === 'object' &&
  row !== null &&
  FIELDS.every((field) => typeof (row as Record<string, unknown>)[field] === 'string')
