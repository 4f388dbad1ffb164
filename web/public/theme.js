// Runs before the first paint, so that a fixed theme never flashes in the other one. The rest is src/shell/theme.tsx.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; then the page follows the system.
}
