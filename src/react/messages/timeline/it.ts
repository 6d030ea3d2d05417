import type { KycTimelineMessages } from './messages.ts'

/** Italian. */
export const it = {
  locale: 'it',
  direction: 'ltr',
  review: 'none',

  title: 'A che punto è',
  loading: 'Stiamo leggendo lo stato più recente.',
  states: {
    todo: 'Da fare',
    sending: 'Caricamento in corso',
    in_review: 'In verifica',
    action_needed: 'Azione richiesta',
    done: 'Fatto',
    declined: 'Non completato',
    expired: 'Scaduto',
    unknown: 'Aggiornamento atteso',
    not_needed: 'Non necessario',
  },
  overall: {
    todo: 'C’è ancora qualcosa da fare.',
    sending: 'I suoi file si stanno caricando.',
    in_review: 'Stiamo esaminando ciò che ci ha inviato. Per ora non deve fare nulla.',
    action_needed: 'Abbiamo bisogno di qualcosa da parte sua.',
    done: 'Tutti i passaggi sono completi.',
    declined: 'Non siamo riusciti a completare la procedura. Ci contatti per sapere che cosa può fare.',
    expired: 'Il tempo per un passaggio è scaduto. Lo ricominci.',
    unknown: 'Aspettiamo un aggiornamento.',
  },
  steps: {
    'kyc-file': {
      name: 'Il suo documento',
      in_review: 'Stiamo esaminando il suo documento.',
      action_needed:
        'Non è stato possibile elaborare il documento. Lo carichi di nuovo. Si assicuri che si veda per intero e si possa leggere.',
      done: 'Abbiamo ricevuto il suo documento.',
    },
    poa: {
      name: 'Prova di residenza',
      in_review: 'Stiamo esaminando la sua prova di residenza.',
      action_needed: 'Abbiamo bisogno di un’altra prova di residenza.',
      done: 'Il passaggio della prova di residenza è completo.',
    },
    'kyc-verification': {
      name: 'Verifica dell’identità',
      in_review: 'Stiamo esaminando i suoi dati. Può volerci un po’ di tempo.',
      action_needed: 'Ci serve ancora qualcosa per terminare la verifica dell’identità.',
      done: 'Il passaggio della verifica dell’identità è completo.',
      declined: 'Non siamo riusciti a completare la verifica dell’identità. Ci contatti.',
      expired: 'La verifica dell’identità non è stata terminata in tempo. La ricominci.',
    },
    'user-balance': {
      name: 'Il suo conto',
      in_review: 'Stiamo preparando il suo conto.',
      done: 'Il suo conto è pronto.',
    },
  },
  anyStep: {
    sending: 'Tenga aperta questa pagina fino alla fine del caricamento.',
    in_review: 'Per ora non deve fare nulla.',
    action_needed: 'Abbiamo bisogno di qualcosa per questo passaggio.',
    declined: 'Non siamo riusciti a completare questo passaggio. Ci contatti.',
    expired: 'Questo passaggio non è stato terminato in tempo. Lo ricominci.',
    unknown: 'C’è un aggiornamento che non possiamo ancora mostrare qui. Controlli più tardi.',
  },
  reasons: {
    unclear: 'Non riusciamo a leggere il documento. Carichi una foto più nitida in cui si veda per intero.',
    other_document: 'Non possiamo usare questo documento. Ne carichi un altro.',
  },

  since: 'Da: {time}',
  updated: 'Aggiornato: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Connessione interrotta. Quando sarà ripristinata, la pagina si aggiornerà.',
  connectionFailed: 'Al momento non possiamo aggiornare lo stato. Ricarichi la pagina per riprovare.',
  connectionBack: 'La connessione è ripristinata.',
  checkAgain: 'Aggiorna',
  contact: 'Serve aiuto?',
} satisfies KycTimelineMessages
