import type { KycMessages } from './messages.ts'

/** Turkish. What stands in braces takes no ending, because endings follow the sound of what they are put to. */
export const tr = {
  locale: 'tr',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Belgenizin durumu sorgulanıyor', description: 'Bu biraz sürer.' },
  none: { title: 'Belgeniz bekleniyor', description: 'Eklenip eklenmediğini burada göstereceğiz.' },
  processing: {
    title: 'Belgeniz kontrol ediliyor',
    description: 'Bu genellikle bir dakikadan az sürer. Bu sayfada kalabilirsiniz.',
  },
  slow: {
    title: 'Belgeniz hâlâ kontrol ediliyor',
    description: 'Bu her zamankinden uzun sürüyor. Belgenizi yeniden yüklemeniz gerekmez.',
  },
  verySlow: {
    title: 'Belgenizi kontrol etmeye devam ediyoruz',
    description: 'Bu sayfadan ayrılıp daha sonra dönebilirsiniz. Belgenizi yeniden yüklemeniz gerekmez.',
  },
  added: { title: 'Belge eklendi', description: 'Belgenizi aldık.' },
  error: {
    title: 'Belgenizi ekleyemedik',
    description: 'Eksiksiz ve kolay okunur olduğunu kontrol edin, ardından yeniden yükleyin.',
  },
  errorPrefix: 'Hata:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Bir yanıtı kaçırmış olabiliriz. Bir yanlışlık olduğunu düşünüyorsanız bizimle iletişime geçin.',
    owed: 'Bu yanıt, daha önce gönderdiğiniz belgeye ait olabilir.',
    extra: 'Belge sayısından daha fazla yanıt aldık. Bir yanlışlık olduğunu düşünüyorsanız bizimle iletişime geçin.',
  },

  connectionLost:
    'Bağlantı kesildi. Şu anda yeni bilgi gösteremiyoruz. Bağlantı geri geldiğinde bu sayfa kendiliğinden güncellenir.',
  connectionLostSent:
    'Bağlantı kesildi. Belgeniz gönderildi. Bağlantı geri geldiğinde bu sayfa kendiliğinden güncellenir.',
  connectionFailed: 'Şu anda yeni bilgi gösteremiyoruz. Yeniden denemek için bu sayfayı yeniden yükleyin.',
  connectionBack: 'Bağlantı geri geldi.',

  retry: 'Yeniden dene',
  retryAvailable: 'Yeniden deneyebilirsiniz.',
  checkAgain: 'Yeniden sorgula',
  live: 'Bu sayfa kendiliğinden güncellenir.',
  lastChecked: 'Son sorgulama: {time}',
  filesAdded: {
    one: 'Eklenen dosyalar: {count}/{total}',
    other: 'Eklenen dosyalar: {count}/{total}',
  },
  filesFailed: { one: '{count} dosya eklenemedi', other: '{count} dosya eklenemedi' },
  filesProgress: 'Kontrol edilen dosyalar',

  upload: {
    label: { one: 'Belgeniz', other: 'Belgeleriniz' },
    choose: { one: 'Dosya seç', other: 'Dosyaları seç' },
    drop: 'veya buraya bırak',
    hint: '{types}, {size} boyutundan küçük',
    submit: { one: 'Yükle', other: '{count} dosya yükle' },
    cancel: 'İptal',
    startOver: 'Baştan başla',
    files: 'Dosyalar',
    remove: 'Kaldır: {name}',
    retry: 'Yeniden dene: {name}',
    sending: '{name} yükleniyor',
    sent: 'Gönderildi',
    queued: 'Bekliyor',
    canceled: 'Gönderilmedi',
    review: 'Gönderdiklerinizi inceliyoruz.',
    notSent: '{name} gönderilemedi. Bağlantınızı kontrol edin, ardından yeniden deneyin.',
    tooLarge: '{name} dosyası {size} boyutundan küçük olmalıdır.',
    wrongType: '{name} dosyasının türü {types} olmalıdır.',
    empty: '{name} dosyası boş. Başka bir dosya seçin.',
    tooMany: { one: 'Yalnızca {count} dosya seçin.', other: 'En fazla {count} dosya seçin.' },
  },
} satisfies KycMessages
