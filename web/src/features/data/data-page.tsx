import { useTitle } from '../../data/use-title.ts'
import { dataText } from '../../text/data.ts'
import { DeletionCard } from './deletion-card.tsx'
import { ExportCard } from './export-card.tsx'

/** The part of the settings about taking one's data along, and leaving. */
export function DataPage() {
  useTitle(dataText('title'))
  return (
    <>
      <ExportCard />
      <DeletionCard />
    </>
  )
}
