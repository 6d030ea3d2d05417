import type { KycTimelineMessages } from './messages.ts'

/** German. */
export const de = {
  locale: 'de',
  direction: 'ltr',
  review: 'none',

  title: 'Ihr Fortschritt',
  loading: 'Der aktuelle Stand wird abgerufen.',
  states: {
    todo: 'Offen',
    sending: 'Wird hochgeladen',
    in_review: 'Wird geprüft',
    action_needed: 'Aktion erforderlich',
    done: 'Erledigt',
    declined: 'Nicht abgeschlossen',
    expired: 'Abgelaufen',
    unknown: 'Rückmeldung ausstehend',
    not_needed: 'Nicht nötig',
  },
  overall: {
    todo: 'Es ist noch etwas zu tun.',
    sending: 'Ihre Dateien werden gerade hochgeladen.',
    in_review: 'Wir sehen uns an, was Sie uns geschickt haben. Sie müssen jetzt nichts tun.',
    action_needed: 'Wir brauchen etwas von Ihnen.',
    done: 'Alle Schritte sind erledigt.',
    declined: 'Wir konnten den Vorgang nicht abschließen. Fragen Sie uns, wie es weitergehen kann.',
    expired: 'Die Zeit für einen Schritt ist abgelaufen. Beginnen Sie ihn noch einmal.',
    unknown: 'Wir warten auf eine Rückmeldung.',
  },
  steps: {
    'kyc-file': {
      name: 'Ihr Dokument',
      in_review: 'Wir sehen uns Ihr Dokument an.',
      action_needed:
        'Wir konnten Ihr Dokument nicht verarbeiten. Laden Sie es noch einmal hoch. Achten Sie darauf, dass es ganz zu sehen und gut zu lesen ist.',
      done: 'Wir haben Ihr Dokument erhalten.',
    },
    poa: {
      name: 'Adressnachweis',
      in_review: 'Wir sehen uns Ihren Adressnachweis an.',
      action_needed: 'Wir brauchen einen anderen Adressnachweis von Ihnen.',
      done: 'Der Adressnachweis ist abgeschlossen.',
    },
    'kyc-verification': {
      name: 'Identitätsprüfung',
      in_review: 'Wir sehen uns Ihre Angaben an. Das kann etwas dauern.',
      action_needed: 'Wir brauchen noch etwas von Ihnen, um Ihre Identitätsprüfung abzuschließen.',
      done: 'Die Identitätsprüfung ist abgeschlossen.',
      declined: 'Wir konnten Ihre Identitätsprüfung nicht abschließen. Wenden Sie sich an uns.',
      expired: 'Ihre Identitätsprüfung wurde nicht rechtzeitig abgeschlossen. Beginnen Sie sie noch einmal.',
    },
    'user-balance': {
      name: 'Ihr Konto',
      in_review: 'Wir richten Ihr Konto ein.',
      done: 'Ihr Konto ist eingerichtet.',
    },
  },
  anyStep: {
    sending: 'Lassen Sie diese Seite geöffnet, bis das Hochladen beendet ist.',
    in_review: 'Sie müssen jetzt nichts tun.',
    action_needed: 'Wir brauchen für diesen Schritt etwas von Ihnen.',
    declined: 'Wir konnten diesen Schritt nicht abschließen. Wenden Sie sich an uns.',
    expired: 'Dieser Schritt wurde nicht rechtzeitig abgeschlossen. Beginnen Sie ihn noch einmal.',
    unknown: 'Es gibt eine Rückmeldung, die wir hier noch nicht anzeigen können. Sehen Sie später noch einmal nach.',
  },
  reasons: {
    unclear: 'Wir können Ihr Dokument nicht lesen. Laden Sie ein schärferes Foto hoch, auf dem alles zu sehen ist.',
    other_document: 'Wir können dieses Dokument nicht verwenden. Laden Sie ein anderes hoch.',
  },

  since: 'Seit {time}',
  updated: 'Stand: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Verbindung unterbrochen. Sobald sie wieder besteht, aktualisiert sich diese Seite.',
  connectionFailed: 'Wir können den Status zurzeit nicht aktualisieren. Laden Sie diese Seite neu.',
  connectionBack: 'Die Verbindung besteht wieder.',
  checkAgain: 'Aktualisieren',
  contact: 'Brauchen Sie Hilfe?',
} satisfies KycTimelineMessages
