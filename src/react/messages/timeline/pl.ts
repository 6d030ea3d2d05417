import type { KycTimelineMessages } from './messages.ts'

/** Polish. */
export const pl = {
  locale: 'pl',
  direction: 'ltr',
  review: 'none',

  title: 'Postęp',
  loading: 'Pobieramy aktualny status.',
  states: {
    todo: 'Do zrobienia',
    sending: 'Przesyłanie',
    in_review: 'W trakcie sprawdzania',
    action_needed: 'Wymagane działanie',
    done: 'Gotowe',
    declined: 'Nieukończone',
    expired: 'Upłynął termin',
    unknown: 'Czekamy na aktualizację',
    not_needed: 'Niepotrzebne',
  },
  overall: {
    todo: 'Jest jeszcze coś do zrobienia.',
    sending: 'Pliki są przesyłane.',
    in_review: 'Sprawdzamy to, co otrzymaliśmy. Teraz nie musisz nic robić.',
    action_needed: 'Potrzebujemy czegoś od Ciebie.',
    done: 'Wszystkie kroki są zakończone.',
    declined: 'Nie udało się tego ukończyć. Skontaktuj się z nami i zapytaj, co można zrobić.',
    expired: 'Upłynął termin jednego z kroków. Zacznij go od nowa.',
    unknown: 'Czekamy na aktualizację.',
  },
  steps: {
    'kyc-file': {
      name: 'Twój dokument',
      in_review: 'Sprawdzamy Twój dokument.',
      action_needed:
        'Nie udało się przetworzyć dokumentu. Prześlij go ponownie. Upewnij się, że widać go w całości i można go przeczytać.',
      done: 'Otrzymaliśmy dokument.',
    },
    poa: {
      name: 'Potwierdzenie adresu',
      in_review: 'Sprawdzamy Twoje potwierdzenie adresu.',
      action_needed: 'Potrzebujemy innego potwierdzenia adresu.',
      done: 'Krok z potwierdzeniem adresu jest zakończony.',
    },
    'kyc-verification': {
      name: 'Weryfikacja tożsamości',
      in_review: 'Sprawdzamy Twoje dane. To może trochę potrwać.',
      action_needed: 'Potrzebujemy jeszcze czegoś, aby zakończyć weryfikację tożsamości.',
      done: 'Krok weryfikacji tożsamości jest zakończony.',
      declined: 'Nie udało się zakończyć weryfikacji tożsamości. Skontaktuj się z nami.',
      expired: 'Weryfikacja tożsamości nie została zakończona na czas. Zacznij ją od nowa.',
    },
    'user-balance': {
      name: 'Twoje konto',
      in_review: 'Przygotowujemy Twoje konto.',
      done: 'Konto jest przygotowane.',
    },
  },
  anyStep: {
    sending: 'Nie zamykaj tej strony, dopóki przesyłanie się nie zakończy.',
    in_review: 'Teraz nie musisz nic robić.',
    action_needed: 'W tym kroku potrzebujemy czegoś od Ciebie.',
    declined: 'Nie udało się zakończyć tego kroku. Skontaktuj się z nami.',
    expired: 'Ten krok nie został zakończony na czas. Zacznij go od nowa.',
    unknown: 'Jest aktualizacja, której jeszcze nie możemy tu pokazać. Zajrzyj tu później.',
  },
  reasons: {
    unclear: 'Nie możemy odczytać dokumentu. Prześlij wyraźniejsze zdjęcie, na którym widać go w całości.',
    other_document: 'Nie możemy użyć tego dokumentu. Prześlij inny.',
  },

  since: 'Od: {time}',
  updated: 'Aktualizacja: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Utracono połączenie. Po jego przywróceniu strona zaktualizuje się sama.',
  connectionFailed: 'Nie możemy teraz pokazać aktualnego statusu. Wczytaj tę stronę ponownie.',
  connectionBack: 'Połączenie zostało przywrócone.',
  checkAgain: 'Odśwież',
  contact: 'Potrzebujesz pomocy?',
} satisfies KycTimelineMessages
