import type { KycMessages } from './messages.ts'

/** Polish. */
export const pl = {
  locale: 'pl',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Pobieramy informacje o dokumencie', description: 'To potrwa chwilę.' },
  none: { title: 'Czekamy na dokument', description: 'Tutaj pokażemy, czy został dodany.' },
  processing: {
    title: 'Sprawdzamy dokument',
    description: 'Zwykle trwa to krócej niż minutę. Można pozostać na tej stronie.',
  },
  slow: {
    title: 'Nadal sprawdzamy dokument',
    description: 'Trwa to dłużej niż zwykle. Nie trzeba przesyłać dokumentu ponownie.',
  },
  verySlow: {
    title: 'Sprawdzanie dokumentu jeszcze trwa',
    description: 'Można opuścić tę stronę i wrócić później. Nie trzeba przesyłać dokumentu ponownie.',
  },
  added: { title: 'Dokument dodany', description: 'Otrzymaliśmy dokument.' },
  error: {
    title: 'Nie udało się dodać dokumentu',
    description: 'Sprawdź, czy jest kompletny i czytelny, a następnie prześlij go ponownie.',
  },
  errorPrefix: 'Błąd:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Mogła nam umknąć odpowiedź. Jeśli coś się nie zgadza, prosimy o kontakt.',
    owed: 'Ta odpowiedź może dotyczyć poprzednio przesłanego dokumentu.',
    extra: 'Otrzymaliśmy więcej odpowiedzi niż dokumentów. Jeśli coś się nie zgadza, prosimy o kontakt.',
  },

  connectionLost:
    'Utracono połączenie. Nie możemy teraz pokazać nowych informacji. Ta strona zaktualizuje się automatycznie, gdy połączenie wróci.',
  connectionLostSent:
    'Utracono połączenie. Dokument został wysłany. Ta strona zaktualizuje się automatycznie, gdy połączenie wróci.',
  connectionFailed:
    'Nie możemy teraz pokazać nowych informacji. Wczytaj tę stronę ponownie, aby spróbować jeszcze raz.',
  connectionBack: 'Połączenie wróciło.',

  retry: 'Spróbuj ponownie',
  retryAvailable: 'Można spróbować ponownie.',
  checkAgain: 'Odśwież stan',
  live: 'Ta strona aktualizuje się automatycznie.',
  lastChecked: 'Ostatnie odświeżenie: {time}',
  filesAdded: {
    one: 'Dodane pliki: {count} z {total}',
    few: 'Dodane pliki: {count} z {total}',
    many: 'Dodane pliki: {count} z {total}',
    other: 'Dodane pliki: {count} z {total}',
  },
  filesFailed: {
    one: 'Nie udało się dodać {count} pliku',
    few: 'Nie udało się dodać {count} plików',
    many: 'Nie udało się dodać {count} plików',
    other: 'Nie udało się dodać {count} pliku',
  },
  filesProgress: 'Sprawdzone pliki',

  upload: {
    label: { one: 'Dokument', few: 'Dokumenty', many: 'Dokumenty', other: 'Dokumenty' },
    choose: { one: 'Wybierz plik', few: 'Wybierz pliki', many: 'Wybierz pliki', other: 'Wybierz pliki' },
    drop: 'lub upuść tutaj',
    hint: '{types}, mniej niż {size}',
    submit: {
      one: 'Prześlij',
      few: 'Prześlij {count} pliki',
      many: 'Prześlij {count} plików',
      other: 'Prześlij {count} pliku',
    },
    cancel: 'Anuluj',
    startOver: 'Zacznij od nowa',
    files: 'Pliki',
    remove: 'Usuń {name}',
    retry: 'Spróbuj ponownie: {name}',
    sending: 'Przesyłanie pliku {name}',
    sent: 'Wysłano',
    queued: 'Oczekuje',
    canceled: 'Nie wysłano',
    review: 'Sprawdzamy to, co otrzymaliśmy.',
    notSent: 'Nie udało się wysłać pliku {name}. Sprawdź połączenie, a następnie spróbuj ponownie.',
    tooLarge: 'Plik {name} musi być mniejszy niż {size}.',
    wrongType: 'Plik {name} musi być typu {types}.',
    empty: 'Plik {name} jest pusty. Wybierz inny plik.',
    tooMany: {
      one: 'Wybierz tylko {count} plik.',
      few: 'Wybierz najwyżej {count} pliki.',
      many: 'Wybierz najwyżej {count} plików.',
      other: 'Wybierz najwyżej {count} pliku.',
    },
  },
} satisfies KycMessages
