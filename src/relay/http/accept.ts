/** Which of its two forms a request for events wants; `null` for neither. What it names beats what it merely allows. */
export function preferredForm(accept: string | null): 'stream' | 'snapshot' | null {
  const types = (accept || '*/*')
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter)))
    .map(([type]) => type)
  if (types.includes('text/event-stream')) return 'stream'
  if (types.includes('application/json') || types.includes('application/*')) return 'snapshot'
  return types.includes('*/*') || types.includes('text/*') ? 'stream' : null
}
