import type { KycTimelineMessages } from './messages.ts'

/** Dutch. */
export const nl = {
  locale: 'nl',
  direction: 'ltr',
  review: 'none',

  title: 'Uw voortgang',
  loading: 'We halen de nieuwste status op.',
  states: {
    todo: 'Nog te doen',
    sending: 'Bezig met uploaden',
    in_review: 'Wordt gecontroleerd',
    action_needed: 'Actie nodig',
    done: 'Klaar',
    declined: 'Niet afgerond',
    expired: 'Verlopen',
    unknown: 'Wacht op een update',
    not_needed: 'Niet nodig',
  },
  overall: {
    todo: 'Er is nog iets te doen.',
    sending: 'Uw bestanden worden geüpload.',
    in_review: 'We bekijken wat u ons hebt gestuurd. U hoeft nu niets te doen.',
    action_needed: 'We hebben iets van u nodig.',
    done: 'Alle stappen zijn afgerond.',
    declined: 'We konden dit niet afronden. Neem contact met ons op om te vragen wat u nog kunt doen.',
    expired: 'De tijd voor een stap is verlopen. Begin er opnieuw mee.',
    unknown: 'We wachten op een update.',
  },
  steps: {
    'kyc-file': {
      name: 'Uw document',
      in_review: 'We bekijken uw document.',
      action_needed:
        'We konden uw document niet verwerken. Upload het opnieuw. Zorg dat het helemaal zichtbaar en goed leesbaar is.',
      done: 'We hebben uw document ontvangen.',
    },
    poa: {
      name: 'Adresbewijs',
      in_review: 'We bekijken uw adresbewijs.',
      action_needed: 'We hebben een ander adresbewijs van u nodig.',
      done: 'De stap adresbewijs is afgerond.',
    },
    'kyc-verification': {
      name: 'Identiteitscontrole',
      in_review: 'We bekijken uw gegevens. Dat kan even duren.',
      action_needed: 'We hebben nog iets van u nodig om uw identiteitscontrole af te ronden.',
      done: 'De identiteitscontrole is afgerond.',
      declined: 'We konden uw identiteitscontrole niet afronden. Neem contact met ons op.',
      expired: 'Uw identiteitscontrole is niet op tijd afgerond. Begin er opnieuw mee.',
    },
    'user-balance': {
      name: 'Uw rekening',
      in_review: 'We maken uw rekening klaar.',
      done: 'Uw rekening staat klaar.',
    },
  },
  anyStep: {
    sending: 'Houd deze pagina open tot het uploaden klaar is.',
    in_review: 'U hoeft nu niets te doen.',
    action_needed: 'We hebben voor deze stap iets van u nodig.',
    declined: 'We konden deze stap niet afronden. Neem contact met ons op.',
    expired: 'Deze stap is niet op tijd afgerond. Begin er opnieuw mee.',
    unknown: 'Er is een update die we hier nog niet kunnen tonen. Kijk later nog eens.',
  },
  reasons: {
    unclear: 'We kunnen uw document niet lezen. Upload een scherpere foto waarop alles te zien is.',
    other_document: 'We kunnen dit document niet gebruiken. Upload een ander document.',
  },

  since: 'Sinds {time}',
  updated: 'Bijgewerkt: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Geen verbinding. Zodra die er weer is, wordt deze pagina bijgewerkt.',
  connectionFailed: 'We kunnen de status nu niet bijwerken. Laad deze pagina opnieuw.',
  connectionBack: 'De verbinding is hersteld.',
  checkAgain: 'Vernieuwen',
  contact: 'Hulp nodig?',
} satisfies KycTimelineMessages
