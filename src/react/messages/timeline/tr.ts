import type { KycTimelineMessages } from './messages.ts'

/** Turkish. */
export const tr = {
  locale: 'tr',
  direction: 'ltr',
  review: 'none',

  title: 'İlerlemeniz',
  loading: 'En son durum alınıyor.',
  states: {
    todo: 'Yapılacak',
    sending: 'Yükleniyor',
    in_review: 'İnceleniyor',
    action_needed: 'İşlem gerekiyor',
    done: 'Tamamlandı',
    declined: 'Sonuçlanmadı',
    expired: 'Süresi doldu',
    unknown: 'Güncelleme bekleniyor',
    not_needed: 'Gerekli değil',
  },
  overall: {
    todo: 'Yapılacak başka adımlar var.',
    sending: 'Dosyalarınız yükleniyor.',
    in_review: 'Gönderdiklerinizi inceliyoruz. Şu anda bir şey yapmanız gerekmez.',
    action_needed: 'Sizden bir şey istiyoruz.',
    done: 'Tüm adımlar tamamlandı.',
    declined: 'Bu işlemi tamamlayamadık. Neler yapabileceğinizi öğrenmek için bize ulaşın.',
    expired: 'Bir adımın süresi doldu. Adıma yeniden başlayın.',
    unknown: 'Güncelleme bekliyoruz.',
  },
  steps: {
    'kyc-file': {
      name: 'Belgeniz',
      in_review: 'Belgenizi inceliyoruz.',
      action_needed: 'Belgeniz işlenemedi. Yeniden yükleyin. Tamamının göründüğünden ve okunaklı olduğundan emin olun.',
      done: 'Belgenizi aldık.',
    },
    poa: {
      name: 'Adres belgesi',
      in_review: 'Adres belgenizi inceliyoruz.',
      action_needed: 'Sizden başka bir adres belgesi istiyoruz.',
      done: 'Adres belgesi adımı tamamlandı.',
    },
    'kyc-verification': {
      name: 'Kimlik doğrulama',
      in_review: 'Bilgilerinizi inceliyoruz. Bu biraz zaman alabilir.',
      action_needed: 'Kimlik doğrulama adımını bitirmek için sizden bir şey daha istiyoruz.',
      done: 'Kimlik doğrulama adımı tamamlandı.',
      declined: 'Kimlik doğrulama adımını tamamlayamadık. Yardım için bize ulaşın.',
      expired: 'Kimlik doğrulama adımı zamanında bitirilmedi. Adıma yeniden başlayın.',
    },
    'user-balance': {
      name: 'Hesabınız',
      in_review: 'Hesabınızı hazırlıyoruz.',
      done: 'Hesabınız hazır.',
    },
  },
  anyStep: {
    sending: 'Yükleme bitene kadar bu sayfayı açık tutun.',
    in_review: 'Şu anda bir şey yapmanız gerekmez.',
    action_needed: 'Bu adım için sizden bir şey istiyoruz.',
    declined: 'Bu adımı tamamlayamadık. Yardım için bize ulaşın.',
    expired: 'Bu adım zamanında bitirilmedi. Adıma yeniden başlayın.',
    unknown: 'Henüz burada gösteremediğimiz bir güncelleme var. Daha sonra yeniden bakın.',
  },
  reasons: {
    unclear: 'Belgenizi okuyamıyoruz. Tamamının göründüğü daha net bir fotoğraf yükleyin.',
    other_document: 'Bu belgeyi kullanamıyoruz. Başka bir belge yükleyin.',
  },

  since: 'Başlangıç: {time}',
  updated: 'Güncelleme: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Bağlantı kesildi. Yeniden kurulduğunda bu sayfa otomatik olarak güncellenir.',
  connectionFailed: 'Şu anda güncel durumu gösteremiyoruz. Tekrar denemek için sayfayı yenileyin.',
  connectionBack: 'Bağlantı yeniden kuruldu.',
  checkAgain: 'Yenile',
  contact: 'Yardıma mı ihtiyacınız var?',
} satisfies KycTimelineMessages
