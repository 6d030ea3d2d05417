import type { KycMessages } from './messages.ts'

/** French. `\u00a0` is the space before a colon, which does not break. */
export const fr = {
  locale: 'fr',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Nous consultons l’état de votre document', description: 'Cela prend un instant.' },
  none: { title: 'En attente de votre document', description: 'Nous indiquerons ici s’il a été ajouté.' },
  processing: {
    title: 'Nous examinons votre document',
    description: 'Cela prend généralement moins d’une minute. Vous pouvez rester sur cette page.',
  },
  slow: {
    title: 'L’examen de votre document se poursuit',
    description: 'Cela prend plus de temps que d’habitude. Il n’est pas nécessaire d’envoyer à nouveau votre document.',
  },
  verySlow: {
    title: 'Nous examinons toujours votre document',
    description:
      'Vous pouvez quitter cette page et revenir plus tard. Il n’est pas nécessaire d’envoyer à nouveau votre document.',
  },
  added: { title: 'Document ajouté', description: 'Nous avons reçu votre document.' },
  error: {
    title: 'Nous n’avons pas pu ajouter votre document',
    description: 'Vérifiez qu’il est complet et bien lisible, puis envoyez-le à nouveau.',
  },
  errorPrefix: 'Erreur\u00a0:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Une réponse nous a peut-être échappé. Si quelque chose vous semble anormal, contactez-nous.',
    owed: 'Cette réponse concerne peut-être le document que vous avez envoyé précédemment.',
    extra: 'Nous avons reçu plus de réponses que de documents. Si quelque chose vous semble anormal, contactez-nous.',
  },

  connectionLost:
    'Connexion perdue. Nous ne pouvons pas afficher de nouvelles informations pour le moment. Cette page se mettra à jour automatiquement au retour de la connexion.',
  connectionLostSent:
    'Connexion perdue. Votre document a été envoyé. Cette page se mettra à jour automatiquement au retour de la connexion.',
  connectionFailed:
    'Nous ne pouvons pas afficher de nouvelles informations pour le moment. Rechargez cette page pour réessayer.',
  connectionBack: 'La connexion est rétablie.',

  retry: 'Réessayer',
  retryAvailable: 'Vous pouvez réessayer.',
  checkAgain: 'Actualiser l’état',
  live: 'Cette page se met à jour automatiquement.',
  lastChecked: 'Dernière actualisation\u00a0: {time}',
  filesAdded: {
    one: 'Fichiers ajoutés\u00a0: {count} sur {total}',
    many: 'Fichiers ajoutés\u00a0: {count} sur {total}',
    other: 'Fichiers ajoutés\u00a0: {count} sur {total}',
  },
  filesFailed: {
    one: '{count} fichier n’a pas pu être ajouté',
    many: '{count} de fichiers n’ont pas pu être ajoutés',
    other: '{count} fichiers n’ont pas pu être ajoutés',
  },
  filesProgress: 'Fichiers examinés',

  upload: {
    label: { one: 'Votre document', many: 'Vos documents', other: 'Vos documents' },
    choose: { one: 'Choisir un fichier', many: 'Choisir des fichiers', other: 'Choisir des fichiers' },
    drop: 'ou glisser-déposer ici',
    hint: '{types}, moins de {size}',
    submit: { one: 'Envoyer', many: 'Envoyer {count} de fichiers', other: 'Envoyer {count} fichiers' },
    cancel: 'Annuler',
    startOver: 'Recommencer',
    files: 'Fichiers',
    remove: 'Retirer {name}',
    retry: 'Réessayer\u00a0: {name}',
    sending: 'Envoi du fichier {name}',
    sent: 'Envoyé',
    queued: 'En attente',
    canceled: 'Non envoyé',
    review: 'Nous examinons ce que vous nous avez envoyé.',
    notSent: 'Le fichier {name} n’a pas pu être envoyé. Vérifiez votre connexion, puis réessayez.',
    tooLarge: 'Le fichier {name} doit faire moins de {size}.',
    wrongType: 'Le fichier {name} doit être au format {types}.',
    empty: 'Le fichier {name} est vide. Choisissez un autre fichier.',
    tooMany: {
      one: 'Choisissez {count} seul fichier.',
      many: 'Choisissez {count} de fichiers au maximum.',
      other: 'Choisissez {count} fichiers au maximum.',
    },
  },
} satisfies KycMessages
