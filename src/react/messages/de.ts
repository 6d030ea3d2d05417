import type { KycMessages } from './messages.ts'

/** German. */
export const de = {
  locale: 'de',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Der Status Ihres Dokuments wird abgerufen', description: 'Das dauert einen Moment.' },
  none: { title: 'Wir warten auf Ihr Dokument', description: 'Hier sehen Sie, ob es hinzugefügt wurde.' },
  processing: {
    title: 'Ihr Dokument wird geprüft',
    description: 'Das dauert in der Regel weniger als eine Minute. Sie können auf dieser Seite bleiben.',
  },
  slow: {
    title: 'Ihr Dokument wird noch geprüft',
    description: 'Das dauert länger als üblich. Sie müssen Ihr Dokument nicht noch einmal hochladen.',
  },
  verySlow: {
    title: 'Wir prüfen Ihr Dokument noch',
    description:
      'Sie können diese Seite verlassen und später wiederkommen. Sie müssen Ihr Dokument nicht noch einmal hochladen.',
  },
  added: { title: 'Dokument hinzugefügt', description: 'Wir haben Ihr Dokument erhalten.' },
  error: {
    title: 'Wir konnten Ihr Dokument nicht hinzufügen',
    description: 'Prüfen Sie, ob es vollständig und gut lesbar ist, und laden Sie es dann noch einmal hoch.',
  },
  errorPrefix: 'Fehler:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Möglicherweise ist uns eine Antwort entgangen. Wenn hier etwas nicht stimmt, wenden Sie sich an uns.',
    owed: 'Diese Antwort gehört möglicherweise zu dem Dokument, das Sie zuvor gesendet haben.',
    extra: 'Wir haben mehr Antworten als Dokumente erhalten. Wenn hier etwas nicht stimmt, wenden Sie sich an uns.',
  },

  connectionLost:
    'Die Verbindung ist unterbrochen. Wir können zurzeit nichts Neues anzeigen. Diese Seite aktualisiert sich von selbst, sobald die Verbindung wieder besteht.',
  connectionLostSent:
    'Die Verbindung ist unterbrochen. Ihr Dokument wurde gesendet. Diese Seite aktualisiert sich von selbst, sobald die Verbindung wieder besteht.',
  connectionFailed:
    'Wir können zurzeit nichts Neues anzeigen. Laden Sie diese Seite neu, um es noch einmal zu versuchen.',
  connectionBack: 'Die Verbindung besteht wieder.',

  retry: 'Noch einmal versuchen',
  retryAvailable: 'Sie können es noch einmal versuchen.',
  checkAgain: 'Status erneut abrufen',
  live: 'Diese Seite aktualisiert sich von selbst.',
  lastChecked: 'Zuletzt abgerufen: {time}',
  filesAdded: {
    one: '{count} von {total} Dateien hinzugefügt',
    other: '{count} von {total} Dateien hinzugefügt',
  },
  filesFailed: {
    one: '{count} Datei konnte nicht hinzugefügt werden',
    other: '{count} Dateien konnten nicht hinzugefügt werden',
  },
  filesProgress: 'Geprüfte Dateien',

  upload: {
    label: { one: 'Ihr Dokument', other: 'Ihre Dokumente' },
    choose: { one: 'Datei auswählen', other: 'Dateien auswählen' },
    drop: 'oder hierher ziehen',
    hint: '{types}, kleiner als {size}',
    submit: { one: 'Hochladen', other: '{count} Dateien hochladen' },
    cancel: 'Abbrechen',
    startOver: 'Von vorn beginnen',
    files: 'Dateien',
    remove: '{name} entfernen',
    retry: 'Noch einmal versuchen: {name}',
    sending: '{name} wird hochgeladen',
    sent: 'Gesendet',
    queued: 'Wartet',
    canceled: 'Nicht gesendet',
    review: 'Wir sehen uns an, was Sie uns geschickt haben.',
    notSent: '{name} konnte nicht gesendet werden. Prüfen Sie Ihre Verbindung, und versuchen Sie es dann noch einmal.',
    tooLarge: '{name} muss kleiner als {size} sein.',
    wrongType: '{name} muss eine Datei vom Typ {types} sein.',
    empty: '{name} ist leer. Wählen Sie eine andere Datei aus.',
    tooMany: { one: 'Wählen Sie nur {count} Datei aus.', other: 'Wählen Sie höchstens {count} Dateien aus.' },
  },
} satisfies KycMessages
