import type { KycMessages } from './messages.ts'

/** The name of a file is read in its own direction, and its dots and brackets stay where they are (Unicode isolates). */
const NAME = '\u2068{name}\u2069'

/** Arabic. */
export const ar = {
  locale: 'ar',
  direction: 'rtl',
  review: 'none',

  loading: { title: 'جارٍ الاستعلام عن حالة مستندك', description: 'يستغرق هذا لحظة.' },
  none: { title: 'في انتظار مستندك', description: 'سنوضح هنا ما إذا تمت إضافته.' },
  processing: {
    title: 'جارٍ فحص مستندك',
    description: 'يستغرق هذا عادةً أقل من دقيقة. يمكنك البقاء في هذه الصفحة.',
  },
  slow: {
    title: 'لا يزال فحص مستندك جاريًا',
    description: 'يستغرق هذا وقتًا أطول من المعتاد. لا حاجة إلى رفع المستند مرة أخرى.',
  },
  verySlow: {
    title: 'ما زلنا نفحص مستندك',
    description: 'يمكنك مغادرة هذه الصفحة والعودة لاحقًا. لا حاجة إلى رفع المستند مرة أخرى.',
  },
  added: { title: 'تمت إضافة المستند', description: 'لقد استلمنا مستندك.' },
  error: {
    title: 'تعذّرت إضافة مستندك',
    description: 'تأكد من أنه كامل وسهل القراءة، ثم ارفعه مرة أخرى.',
  },
  errorPrefix: 'خطأ:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'ربما فاتتنا إحدى النتائج. إذا بدا لك أن هناك خطأ ما، فتواصل معنا.',
    owed: 'قد تكون هذه نتيجة المستند الذي أرسلته سابقًا.',
    extra: 'تلقّينا نتائج أكثر من عدد المستندات. إذا بدا لك أن هناك خطأ ما، فتواصل معنا.',
  },

  connectionLost: 'انقطع الاتصال. لا يمكننا عرض المستجدات حاليًا. ستُحدَّث هذه الصفحة تلقائيًا عند عودة الاتصال.',
  connectionLostSent: 'انقطع الاتصال. تم إرسال مستندك. ستُحدَّث هذه الصفحة تلقائيًا عند عودة الاتصال.',
  connectionFailed: 'لا يمكننا عرض المستجدات حاليًا. أعد تحميل هذه الصفحة للمحاولة مرة أخرى.',
  connectionBack: 'عاد الاتصال.',

  retry: 'إعادة المحاولة',
  retryAvailable: 'يمكنك إعادة المحاولة.',
  checkAgain: 'الاستعلام مرة أخرى',
  live: 'تُحدَّث هذه الصفحة تلقائيًا.',
  lastChecked: 'آخر استعلام: {time}',
  filesAdded: {
    zero: 'الملفات المضافة: {count} من {total}',
    one: 'الملفات المضافة: {count} من {total}',
    two: 'الملفات المضافة: {count} من {total}',
    few: 'الملفات المضافة: {count} من {total}',
    many: 'الملفات المضافة: {count} من {total}',
    other: 'الملفات المضافة: {count} من {total}',
  },
  filesFailed: {
    zero: 'لم تتعذّر إضافة أي ملف',
    one: 'تعذّرت إضافة ملف واحد',
    two: 'تعذّرت إضافة ملفين',
    few: 'تعذّرت إضافة {count} ملفات',
    many: 'تعذّرت إضافة {count} ملفًا',
    other: 'تعذّرت إضافة {count} ملف',
  },
  filesProgress: 'الملفات التي تم فحصها',

  upload: {
    label: {
      zero: 'مستنداتك',
      one: 'مستندك',
      two: 'مستنداك',
      few: 'مستنداتك',
      many: 'مستنداتك',
      other: 'مستنداتك',
    },
    choose: {
      zero: 'اختيار ملفات',
      one: 'اختيار ملف',
      two: 'اختيار ملفات',
      few: 'اختيار ملفات',
      many: 'اختيار ملفات',
      other: 'اختيار ملفات',
    },
    drop: 'أو السحب والإفلات هنا',
    hint: '{types}، أقل من {size}',
    submit: {
      zero: 'رفع',
      one: 'رفع',
      two: 'رفع ملفين',
      few: 'رفع {count} ملفات',
      many: 'رفع {count} ملفًا',
      other: 'رفع {count} ملف',
    },
    cancel: 'إلغاء',
    startOver: 'البدء من جديد',
    files: 'الملفات',
    remove: `إزالة ${NAME}`,
    retry: `إعادة المحاولة: ${NAME}`,
    sending: `جارٍ رفع ${NAME}`,
    sent: 'تم الإرسال',
    queued: 'في الانتظار',
    canceled: 'لم يُرسَل',
    review: 'نراجع ما أرسلته إلينا.',
    notSent: `تعذّر إرسال الملف ${NAME}. تحقق من اتصالك، ثم أعد المحاولة.`,
    tooLarge: `يجب أن يكون حجم الملف ${NAME} أقل من {size}.`,
    wrongType: `يجب أن يكون الملف ${NAME} من نوع {types}.`,
    empty: `الملف ${NAME} فارغ. اختر ملفًا آخر.`,
    tooMany: {
      zero: 'لا يمكن اختيار أي ملف.',
      one: 'اختر ملفًا واحدًا فقط.',
      two: 'اختر ملفين على الأكثر.',
      few: 'اختر {count} ملفات على الأكثر.',
      many: 'اختر {count} ملفًا على الأكثر.',
      other: 'اختر {count} ملف على الأكثر.',
    },
  },
} satisfies KycMessages
