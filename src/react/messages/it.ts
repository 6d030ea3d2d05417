import type { KycMessages } from './messages.ts'

/** Italian. */
export const it = {
  locale: 'it',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Stiamo recuperando lo stato del suo documento', description: 'Ci vorrà un momento.' },
  none: { title: 'In attesa del suo documento', description: 'Qui indicheremo se è stato aggiunto.' },
  processing: {
    title: 'Stiamo esaminando il suo documento',
    description: 'Di solito ci vuole meno di un minuto. Può restare su questa pagina.',
  },
  slow: {
    title: 'L’esame del suo documento è ancora in corso',
    description: 'Ci vuole più tempo del solito. Non è necessario caricare di nuovo il documento.',
  },
  verySlow: {
    title: 'Stiamo ancora esaminando il suo documento',
    description: 'Può lasciare questa pagina e tornare più tardi. Non è necessario caricare di nuovo il documento.',
  },
  added: { title: 'Documento aggiunto', description: 'Abbiamo ricevuto il suo documento.' },
  error: {
    title: 'Non siamo riusciti ad aggiungere il suo documento',
    description: 'Controlli che sia completo e ben leggibile, poi lo carichi di nuovo.',
  },
  errorPrefix: 'Errore:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'È possibile che ci sia sfuggita una risposta. Se qualcosa non le sembra corretto, ci contatti.',
    owed: 'Questa risposta potrebbe riguardare il documento che ha inviato in precedenza.',
    extra: 'Abbiamo ricevuto più risposte che documenti. Se qualcosa non le sembra corretto, ci contatti.',
  },

  connectionLost:
    'Connessione interrotta. Al momento non possiamo mostrare novità. Questa pagina si aggiornerà da sola al ritorno della connessione.',
  connectionLostSent:
    'Connessione interrotta. Il suo documento è stato inviato. Questa pagina si aggiornerà da sola al ritorno della connessione.',
  connectionFailed: 'Al momento non possiamo mostrare novità. Ricarichi questa pagina per riprovare.',
  connectionBack: 'La connessione è tornata.',

  retry: 'Riprova',
  retryAvailable: 'Può riprovare.',
  checkAgain: 'Aggiorna lo stato',
  live: 'Questa pagina si aggiorna da sola.',
  lastChecked: 'Ultimo aggiornamento dello stato: {time}',
  filesAdded: {
    one: 'File aggiunti: {count} su {total}',
    many: 'File aggiunti: {count} su {total}',
    other: 'File aggiunti: {count} su {total}',
  },
  filesFailed: {
    one: 'Non è stato possibile aggiungere {count} file',
    many: 'Non è stato possibile aggiungere {count} di file',
    other: 'Non è stato possibile aggiungere {count} file',
  },
  filesProgress: 'File esaminati',

  upload: {
    label: { one: 'Il suo documento', many: 'I suoi documenti', other: 'I suoi documenti' },
    choose: { one: 'Scegli un file', many: 'Scegli i file', other: 'Scegli i file' },
    drop: 'o trascina qui',
    hint: '{types}, meno di {size}',
    submit: { one: 'Carica', many: 'Carica {count} di file', other: 'Carica {count} file' },
    cancel: 'Annulla',
    startOver: 'Ricomincia',
    files: 'File',
    remove: 'Rimuovi {name}',
    retry: 'Riprova: {name}',
    sending: 'Caricamento di {name}',
    sent: 'Inviato',
    queued: 'In attesa',
    canceled: 'Non inviato',
    review: 'Stiamo esaminando ciò che ci ha inviato.',
    notSent: 'Non è stato possibile inviare il file {name}. Controlli la connessione, poi riprovi.',
    tooLarge: 'Il file {name} deve essere più piccolo di {size}.',
    wrongType: 'Il file {name} deve essere di tipo {types}.',
    empty: 'Il file {name} è vuoto. Scelga un altro file.',
    tooMany: {
      one: 'Scelga solo {count} file.',
      many: 'Scelga al massimo {count} di file.',
      other: 'Scelga al massimo {count} file.',
    },
  },
} satisfies KycMessages
