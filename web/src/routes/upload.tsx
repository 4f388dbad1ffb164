import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { UploadPage } from '../features/videos/upload-page.tsx'

export const Route = createFileRoute('/upload')({ beforeLoad: requireAccount, component: UploadPage })
