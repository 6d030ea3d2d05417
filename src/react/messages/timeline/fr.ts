import type { KycTimelineMessages } from './messages.ts'

/** French. */
export const fr = {
  locale: 'fr',
  direction: 'ltr',
  review: 'none',

  title: 'Votre progression',
  loading: 'Nous récupérons l’état le plus récent.',
  states: {
    todo: 'À faire',
    sending: 'Envoi en cours',
    in_review: 'En cours d’analyse',
    action_needed: 'Action requise',
    done: 'Terminé',
    declined: 'Non abouti',
    expired: 'Délai dépassé',
    unknown: 'Mise à jour attendue',
    not_needed: 'Pas nécessaire',
  },
  overall: {
    todo: 'Il reste quelque chose à faire.',
    sending: 'Vos fichiers sont en cours d’envoi.',
    in_review: 'Nous examinons ce que vous nous avez envoyé. Vous n’avez rien à faire pour le moment.',
    action_needed: 'Nous avons besoin de quelque chose de votre part.',
    done: 'Toutes les étapes sont terminées.',
    declined: 'Nous n’avons pas pu aller au bout. Contactez-nous pour savoir ce que vous pouvez faire.',
    expired: 'Le délai d’une étape est dépassé. Recommencez-la.',
    unknown: 'Nous attendons une mise à jour.',
  },
  steps: {
    'kyc-file': {
      name: 'Votre document',
      in_review: 'Nous examinons votre document.',
      action_needed:
        'Nous n’avons pas pu traiter votre document. Envoyez-le à nouveau. Assurez-vous qu’il est visible en entier et lisible.',
      done: 'Nous avons reçu votre document.',
    },
    poa: {
      name: 'Justificatif de domicile',
      in_review: 'Nous examinons votre justificatif de domicile.',
      action_needed: 'Nous avons besoin d’un autre justificatif de domicile.',
      done: 'L’étape du justificatif de domicile est terminée.',
    },
    'kyc-verification': {
      name: 'Vérification d’identité',
      in_review: 'Nous examinons vos informations. Cela peut prendre un certain temps.',
      action_needed: 'Il nous faut encore quelque chose pour terminer votre vérification d’identité.',
      done: 'L’étape de la vérification d’identité est terminée.',
      declined: 'Nous n’avons pas pu terminer votre vérification d’identité. Contactez-nous.',
      expired: 'Votre vérification d’identité n’a pas été terminée à temps. Recommencez-la.',
    },
    'user-balance': {
      name: 'Votre compte',
      in_review: 'Nous préparons votre compte.',
      done: 'Votre compte est prêt.',
    },
  },
  anyStep: {
    sending: 'Gardez cette page ouverte jusqu’à la fin de l’envoi.',
    in_review: 'Vous n’avez rien à faire pour le moment.',
    action_needed: 'Nous avons besoin de quelque chose pour cette étape.',
    declined: 'Nous n’avons pas pu terminer cette étape. Contactez-nous.',
    expired: 'Cette étape n’a pas été terminée à temps. Recommencez-la.',
    unknown: 'Il y a une mise à jour, mais nous ne pouvons pas encore l’afficher ici. Revenez plus tard.',
  },
  reasons: {
    unclear: 'Nous ne pouvons pas lire votre document. Envoyez une photo plus nette sur laquelle on le voit en entier.',
    other_document: 'Nous ne pouvons pas utiliser ce document. Envoyez-en un autre.',
  },

  since: 'Depuis\u00a0: {time}',
  updated: 'Mis à jour\u00a0: {time}',
  spoken: '{step}\u00a0: {state}.',

  connectionLost: 'Connexion perdue. Dès son rétablissement, cette page se mettra à jour.',
  connectionFailed: 'Nous ne pouvons pas actualiser l’état pour le moment. Rechargez cette page pour réessayer.',
  connectionBack: 'La connexion est rétablie.',
  checkAgain: 'Actualiser',
  contact: 'Besoin d’aide\u00a0?',
} satisfies KycTimelineMessages
