import type { KycMessages } from './messages.ts'

/** Dutch. */
export const nl = {
  locale: 'nl',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'We halen de status van uw document op', description: 'Dit duurt even.' },
  none: { title: 'We wachten op uw document', description: 'We laten hier zien of het is toegevoegd.' },
  processing: {
    title: 'Uw document wordt gecontroleerd',
    description: 'Dit duurt meestal minder dan een minuut. U kunt op deze pagina blijven.',
  },
  slow: {
    title: 'Uw document wordt nog gecontroleerd',
    description: 'Dit duurt langer dan gebruikelijk. U hoeft uw document niet opnieuw te uploaden.',
  },
  verySlow: {
    title: 'We zijn uw document nog aan het controleren',
    description: 'U kunt deze pagina verlaten en later terugkomen. U hoeft uw document niet opnieuw te uploaden.',
  },
  added: { title: 'Document toegevoegd', description: 'We hebben uw document ontvangen.' },
  error: {
    title: 'We konden uw document niet toevoegen',
    description: 'Controleer of het volledig en goed leesbaar is, en upload het daarna opnieuw.',
  },
  errorPrefix: 'Fout:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Mogelijk hebben we een antwoord gemist. Neem contact met ons op als er iets niet klopt.',
    owed: 'Dit antwoord hoort mogelijk bij het document dat u eerder hebt verzonden.',
    extra:
      'We hebben meer antwoorden ontvangen dan er documenten zijn. Neem contact met ons op als er iets niet klopt.',
  },

  connectionLost:
    'De verbinding is verbroken. We kunnen nu geen nieuws tonen. Deze pagina wordt vanzelf bijgewerkt zodra de verbinding terug is.',
  connectionLostSent:
    'De verbinding is verbroken. Uw document is verzonden. Deze pagina wordt vanzelf bijgewerkt zodra de verbinding terug is.',
  connectionFailed: 'We kunnen nu geen nieuws tonen. Laad deze pagina opnieuw om het nog eens te proberen.',
  connectionBack: 'De verbinding is terug.',

  retry: 'Opnieuw proberen',
  retryAvailable: 'U kunt het opnieuw proberen.',
  checkAgain: 'Status opnieuw ophalen',
  live: 'Deze pagina wordt vanzelf bijgewerkt.',
  lastChecked: 'Laatst opgehaald: {time}',
  filesAdded: {
    one: '{count} van {total} bestanden toegevoegd',
    other: '{count} van {total} bestanden toegevoegd',
  },
  filesFailed: {
    one: '{count} bestand kon niet worden toegevoegd',
    other: '{count} bestanden konden niet worden toegevoegd',
  },
  filesProgress: 'Gecontroleerde bestanden',

  upload: {
    label: { one: 'Uw document', other: 'Uw documenten' },
    choose: { one: 'Bestand kiezen', other: 'Bestanden kiezen' },
    drop: 'of hierheen slepen',
    hint: '{types}, kleiner dan {size}',
    submit: { one: 'Uploaden', other: '{count} bestanden uploaden' },
    cancel: 'Annuleren',
    startOver: 'Opnieuw beginnen',
    files: 'Bestanden',
    remove: '{name} verwijderen',
    retry: 'Opnieuw proberen: {name}',
    sending: '{name} wordt geüpload',
    sent: 'Verzonden',
    queued: 'In de wachtrij',
    canceled: 'Niet verzonden',
    review: 'We bekijken wat u ons hebt gestuurd.',
    notSent: '{name} kon niet worden verzonden. Controleer uw verbinding en probeer het daarna opnieuw.',
    tooLarge: '{name} moet kleiner zijn dan {size}.',
    wrongType: '{name} moet een bestand van het type {types} zijn.',
    empty: '{name} is leeg. Kies een ander bestand.',
    tooMany: { one: 'Kies slechts {count} bestand.', other: 'Kies maximaal {count} bestanden.' },
  },
} satisfies KycMessages
