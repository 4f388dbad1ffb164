import { createFileRoute, Outlet } from '@tanstack/react-router'
import { SettingsFrame } from '../features/settings/frame.tsx'

export const Route = createFileRoute('/settings')({ component: Page })

function Page() {
  return (
    <SettingsFrame>
      <Outlet />
    </SettingsFrame>
  )
}
