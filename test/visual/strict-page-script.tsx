import { hydrateRoot } from 'react-dom/client'
import { StrictPage } from './strict-page.tsx'

const root = document.querySelector('main')
if (root) hydrateRoot(root, <StrictPage />)
